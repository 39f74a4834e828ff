"""A class in person through the real services: put into the timetable, signed into and out of, typed from paper."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time

import pytest
import time_machine

from lms.domain import class_tickets
from lms.domain.attendance import ClassContent, MarkKind
from lms.domain.class_tickets import Ticket
from lms.domain.corrections import Decision
from lms.domain.roles import Role
from lms.models.attendance import ClassMeeting
from lms.parts import Parts
from lms.services import attendance, study_clock
from lms.services.attachments import Attachment
from lms.services.attendance import PaperRow, Plan
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast
from tests.support.study import WoundClock, now

KEY = class_tickets.key_of("a secret of the tests")
MINUTE = 60_000
REASON, NOTE = "教室断网，大家在纸上签的到", "看过签到表的照片，人数相符"
PAPER = Attachment("签到表.png", b"\x89PNG\r\n\x1a\n and the rest")


def plan(cast: Cast, starts: time = time(13), ends: time = time(14), **changes: object) -> Plan:
    """A class of 王磊 on the day of the tests, one hour after they begin."""
    usual = {
        "title": "翻身与拍背",
        "content": ClassContent.PRACTICE,
        "place": "三楼实训室",
        "teacher_id": cast.wanglei.account_id,
        "day": NOON.date(),
        "starts": starts,
        "ends": ends,
    }
    return Plan(**{**usual, **changes})  # type: ignore[arg-type]


@dataclass
class School:
    """The services as 康宁's people use them, each call in a transaction of its own."""

    parts: Parts
    cast: Cast

    def add(self, made: Plan | None = None, cohort: uuid.UUID | None = None, actor: Actor | None = None) -> uuid.UUID:
        """Puts a class into the timetable."""
        with self.parts.database.transaction() as session:
            place = cohort or self.cast.cohort
            return attendance.add(session, actor or self.cast.zhoumin, place, made or plan(self.cast), now=now())

    def meeting(self, meeting_id: uuid.UUID) -> ClassMeeting:
        """The class as it stands."""
        with self.parts.database.transaction(write=False) as session:
            return session.get_one(ClassMeeting, meeting_id)

    def code(self, meeting_id: uuid.UUID, kind: MarkKind) -> Ticket:
        """What the teacher's phone shows now; raises what stands against it."""
        with self.parts.database.transaction(write=False) as session:
            shown = attendance.show(session, KEY, self.cast.wanglei, Role.TRAINER, meeting_id, kind, now=now())
        if shown.ticket is None:
            raise shown.why_not or AssertionError
        return shown.ticket

    def scan(self, ticket: Ticket, actor: Actor | None = None) -> attendance.Scan:
        """A phone opens the address in the code."""
        with self.parts.database.transaction(write=False) as session:
            return attendance.scan(session, KEY, actor or self.cast.lifang, ticket, now=now())

    def sign(self, ticket: Ticket, scan: attendance.Scan, actor: Actor | None = None) -> None:
        """She says yes."""
        with self.parts.database.transaction() as session:
            who = actor or self.cast.lifang
            attendance.sign(session, KEY, who, ticket, scan.scanned_ms, scan.seal, now=now())

    def pass_by(self, meeting_id: uuid.UUID, kind: MarkKind, actor: Actor | None = None) -> None:
        """In or out, all at once."""
        ticket = self.code(meeting_id, kind)
        self.sign(ticket, self.scan(ticket, actor), actor)

    def type_in(self, meeting_id: uuid.UUID, rows: Sequence[PaperRow], actor: Actor | None = None) -> uuid.UUID:
        """王磊 types in a paper list."""
        with self.parts.database.transaction() as session:
            who, role = (actor, Role.INSTITUTION) if actor else (self.cast.wanglei, Role.TRAINER)
            return attendance.enter_list(
                session, self.parts.store, who, role, meeting_id, rows, REASON, PAPER, now=now()
            )

    def decide(self, list_id: uuid.UUID, decision: Decision = Decision.APPROVED, actor: Actor | None = None) -> None:
        """周敏 looks at it."""
        with self.parts.database.transaction() as session:
            who = actor or self.cast.zhoumin
            attendance.decide_list(session, who, Role.INSTITUTION, list_id, decision, NOTE, now=now())


def row(cast: Cast, starts: time = time(13), ends: time = time(14)) -> PaperRow:
    """李芳 on paper."""
    return PaperRow(cast.enrollment, starts, ends)


TODAY: date = NOON.date()


class Bell:
    """Moves the day on for views, which read the clocks themselves: wall clock and study clock together."""

    def __init__(self, wound: WoundClock) -> None:
        self.wound = wound
        self._stop: Callable[[], None] | None = None
        self.forward(0)

    def forward(self, minutes: float) -> None:
        """So many minutes later."""
        self.wound.forward(round(minutes * MINUTE))
        self.stop()
        travel = time_machine.travel(now(), tick=False)
        travel.start()
        self._stop = travel.stop

    def stop(self) -> None:
        """Back to the present."""
        if self._stop is not None:
            self._stop()
            self._stop = None


@contextmanager
def bell(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bell]:
    """Noon of the tests' day, an hour before class, with a study clock that has been read."""
    made = Bell(WoundClock(monkeypatch))
    with parts.database.transaction() as session:
        study_clock.read_ms(session)
    try:
        yield made
    finally:
        made.stop()
