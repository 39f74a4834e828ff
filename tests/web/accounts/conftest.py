"""What the tests of signing in share."""

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock
from lms.adapters.sms import ConsoleGateway
from lms.models.jobs import Job
from lms.parts import Parts
from lms.services import accounts


class Messages:
    """The worker and the phones: performs what waits and tells the newest code a phone got."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.sms = ConsoleGateway()
        self.done: set[uuid.UUID] = set()

    def newest(self, phone: str) -> str:
        """The last code this phone received."""
        with self.parts.database.transaction(write=False) as session:
            for job in session.scalars(select(Job).order_by(Job.created_at)):
                if job.id not in self.done:
                    accounts.send_code(session, self.parts.keyring, self.sms, job.payload, now=clock.now())
                self.done.add(job.id)
        return [code for to, code in self.sms.sent if to == phone][-1]


@pytest.fixture
def messages(parts: Parts) -> Messages:
    """The text messages of this test."""
    return Messages(parts)


@pytest.fixture
def stranger(app: object) -> FlaskClient:
    """A second browser."""
    found: FlaskClient = app.test_client()
    return found
