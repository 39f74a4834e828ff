"""A server of one's own to load and to kill: its folder, its database, learners with open sessions, its process."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from flask import session as flask_session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select, update

from lms import clock, config, resources, schema
from lms.app import create_app
from lms.authoring.package import read_package
from lms.db import Session
from lms.domain.courses import TIMED
from lms.domain.identity import CHECK_SIGNS, WEIGHTS, DocumentType
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.courses import Lesson
from lms.models.enrollments import Enrollment
from lms.parts import Parts, build
from lms.services import accounts, cohorts, courses, enrollments, organisations, study
from lms.services.receipts import Draws
from lms.services.scopes import Actor

COURSE = "getting-started"
LESSON_MS = 12 * 3_600_000
PATIENCE_SECONDS = 180


class Address(NamedTuple):
    """Where a server listens."""

    host: str
    port: int


@dataclass(frozen=True)
class Learner:
    """A learner with an open study session. `credentials`: the header lines she signs her requests with."""

    session: uuid.UUID
    seq: int
    nonce: str
    credentials: str


def held_port() -> socket.socket:
    """A port that nobody else is given, also while the server that shares it is down."""
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    holder.bind(("127.0.0.1", 0))
    return holder


class Rig:
    """One installation in a folder of its own, in demo mode, with jobs left alone."""

    def __init__(self, folder: Path, database_url: str, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.holder = held_port()
        self.address = Address("127.0.0.1", self.holder.getsockname()[1])
        self.environment = {
            "LMS_MODE": "demo",
            "LMS_DATA_DIR": str(folder),
            "LMS_DATABASE_URL": database_url,
            "LMS_PORT": str(self.address.port),
            "LMS_WORKER": "separate",
            "LMS_QUEUE": "sqlite",
            **(settings or {}),
        }
        self.parts = build(config.load(self.environment))
        self.process: subprocess.Popen[bytes] | None = None

    def prepare(self, learners: int, *, cookies: bool = False) -> list[Learner]:
        """An upgraded database with so many learners, each with a login and an open session in a long lesson."""
        schema.upgrade(self.parts.database)
        with self.parts.database.transaction() as session:
            actors = _enroll(session, self.parts, learners, clock.now())
        with self.parts.database.transaction() as session:
            return [_sit_down(session, actor, clock.now(), self._sign if cookies else _bearer) for actor in actors]

    def _sign(self, token: str) -> str:
        """A browser's cookie and the CSRF token that belongs to it."""
        app = create_app(self.parts)
        with app.test_request_context():
            csrf = generate_csrf()
            kept = {**flask_session, "_user_id": token}
            cookie: Any = SecureCookieSessionInterface().get_signing_serializer(app)
        return f"Cookie: {app.config['SESSION_COOKIE_NAME']}={cookie.dumps(kept)}\r\nX-CSRFToken: {csrf}\r\n"

    def start(self, *wrapped: str) -> None:
        """Starts the server, under another program if one is named, and waits until it answers."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
        root = resources.checkout()
        path = {"PYTHONPATH": str(root)} if root else {}
        command = [*wrapped, sys.executable, "-m", "lms", "serve"]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env={**kept, **path, **self.environment}, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self.folder / "server.log").read_text()[-3000:])
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.address.port}/healthz", timeout=2):
                return True
        except OSError:
            return False

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Ends the server with all its processes and waits until they are gone."""
        if self.process is not None:
            os.killpg(self.process.pid, number)
            self.process.wait(timeout=30)
            self.process = None

    def close(self) -> None:
        """Ends the server and gives back the port and the database's connections."""
        self.end(signal.SIGKILL)
        self.parts.database.close()
        self.holder.close()


def _enroll(session: Session, parts: Parts, count: int, now: datetime) -> list[Actor]:
    course, _ = read_package(resources.find("courses") / COURSE)
    if course is None:
        raise LookupError(COURSE)
    version = courses.publish(session, course, now=now)
    session.execute(
        update(Lesson)
        .where(Lesson.course_version_id == version.id, Lesson.kind.in_(TIMED))
        .values(duration_ms=LESSON_MS)
    )
    office = _office(session, parts, now)
    organisation_id = next(iter(office.organisation_ids(Role.INSTITUTION)))
    today = clock.civil_day(now)
    cohort = cohorts.create(
        session,
        office,
        organisation_id=organisation_id,
        course_version_id=version.id,
        name="storm",
        opens_on=today - timedelta(days=1),
        closes_on=today + timedelta(days=30),
        now=now,
    )
    for number in range(count):
        enrollments.enroll(
            session,
            parts.keyring,
            office,
            cohort.id,
            name="示例学员",
            document_type=DocumentType.RESIDENT_ID,
            number=_number(number),
            phone=f"191{number:08d}",
            now=now,
        )
    session.flush()
    rows = select(Account).where(Account.person_id.is_not(None)).order_by(Account.id)
    return [Actor(row.id, row.person_id, row.name) for row in session.scalars(rows)]


def _office(session: Session, parts: Parts, now: datetime) -> Actor:
    admin = _staff(session, parts, "19200000000", Role.PLATFORM, None, now)
    made = organisations.create(session, admin, name="storm", now=now)
    return _staff(session, parts, "19200000001", Role.INSTITUTION, made.id, now)


def _staff(
    session: Session, parts: Parts, phone: str, role: Role, organisation_id: uuid.UUID | None, now: datetime
) -> Actor:
    account_id = accounts.create_staff(
        session, parts.keyring, phone=phone, name="storm", role=role, organisation_id=organisation_id, now=now
    )
    return Actor(account_id, None, "storm", frozenset({(role, organisation_id)}))


def _number(place: int) -> str:
    """An invented identity number of a region that does not exist."""
    body = f"229999{1950 + place // 1000:04d}0101{place % 1000:03d}"
    return body + CHECK_SIGNS[sum(w * int(d) for w, d in zip(WEIGHTS, body, strict=True)) % 11]


def _bearer(token: str) -> str:
    return f"Authorization: Bearer {token}\r\n"


def _sit_down(session: Session, actor: Actor, now: datetime, sign: Callable[[str], str]) -> Learner:
    token = accounts.open_session(session, actor.account_id, method=accounts.PASSWORD, now=now)
    enrollment = session.scalars(select(Enrollment).where(Enrollment.person_id == actor.person_id)).one()
    video = (Lesson.course_version_id == enrollment.course_version_id) & (Lesson.duration_ms == LESSON_MS)
    lesson = session.scalars(select(Lesson).where(video).limit(1)).one()
    answer = study.open_session(
        session,
        actor,
        enrollment_id=enrollment.id,
        lesson_id=lesson.id,
        idempotency_key=None,
        draws=Draws(nonce=uuid.uuid4().hex, beat=0.5),
        now=now,
    )
    told: dict[str, Any] = json.loads(answer.text)
    return Learner(uuid.UUID(told["session"]), 0, told["nonce"], sign(token))


def processes(group: int) -> set[int]:
    """The processes of a process group, by /proc."""
    return {int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit() and _group_of(each) == group}


def _group_of(entry: Path) -> int | None:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[2])
    except (OSError, ValueError):
        return None
