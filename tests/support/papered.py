"""Completion records of the cast and of more learners, issued through the real service."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select

from lms import crypto
from lms.domain.blended import TrainingFacts
from lms.domain.policies import policy_named
from lms.domain.records import REASONS, RecordState, hash_of, write
from lms.models.enrollments import Enrollment
from lms.models.records import Record
from lms.parts import Parts
from lms.services import records
from lms.services.records import chain
from tests.support.cast import NOON, Cast, Stage

OLD_FACTS = {"format": 0}
OTHERS = (("王𠮟龑", "509999198501010101"), ("古丽·测试", "509999198501010102"))


def issue(parts: Parts, enrollment_id: uuid.UUID, at: datetime = NOON) -> str:
    """Issues the record of an enrollment, whatever was studied; answers with its code."""
    with parts.database.transaction() as session:
        enrollment = session.get_one(Enrollment, enrollment_id)
        policy = policy_named(enrollment.cohort.policy_code)
        return records.issue(session, enrollment, TrainingFacts(()), policy, now=at).code


def issue_old(parts: Parts, enrollment_id: uuid.UUID, *, facts_hash: str = "") -> str:
    """A record from a time whose facts do not say what a certificate must; with another hash than its own, if told."""
    code = crypto.verification_code()
    with parts.database.transaction() as session:
        told = {"facts": OLD_FACTS, "facts_hash": facts_hash or hash_of(write(OLD_FACTS)), "issued_at": NOON}
        session.add(Record(enrollment_id=enrollment_id, code=code, **told))
    return code


def join(parts: Parts, cast: Cast, name: str, number: str) -> uuid.UUID:
    """One more learner of 康宁's class, without an account."""
    with parts.database.transaction() as session:
        on = Stage(session, parts.keyring)
        return on.enroll(cast.cohort, on.person(name, number))


def issue_class(parts: Parts, cast: Cast) -> list[str]:
    """The records of 李芳 and two others of her class."""
    places = [cast.enrollment, *(join(parts, cast, *each) for each in OTHERS)]
    return [issue(parts, place) for place in places]


def end(parts: Parts, code: str, state: RecordState) -> None:
    """The record's chain goes on: taken back, replaced or over."""
    reason = next(iter(REASONS[state]))
    with parts.database.transaction() as session:
        record = session.scalars(select(Record).where(Record.code == code)).one()
        chain.enter(session, record, state, reason, now=NOON + timedelta(hours=1))
