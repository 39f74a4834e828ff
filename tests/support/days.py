"""Days of an institution through its services, in a random order, and the reports of each day that is over."""

import random
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import select

from lms import clock
from lms.adapters.sheets import write_table
from lms.domain.corrections import Decision
from lms.domain.documents import DocumentType
from lms.domain.errors import Refused
from lms.domain.organisations import Kind
from lms.domain.reporting import SETTLED_AFTER, ReportKind
from lms.domain.roles import Role
from lms.models.attendance import AttendanceLeave, ClassMeeting
from lms.models.base import new_id
from lms.models.enrollments import Cohort, Enrollment
from lms.models.exams import ExamClosing, ExamGrade
from lms.models.people import PersonDocument
from lms.models.practice import PracticeSheet, PracticeSitting
from lms.models.quizzes import QuizAttempt
from lms.models.records import Record
from lms.models.study import StudySegment
from lms.parts import Parts
from lms.services import attendance, cohorts, corrections, enrollments, tree
from lms.services.attendance import PaperRow
from lms.services.scopes import Actor
from lms.web.exporting import Wanted
from lms.web.institution.report_files import MAKERS
from tests.support import rosters
from tests.support.cast import LESSON_MS, NOON, Cast
from tests.support.classes import School, plan
from tests.support.identity import Office
from tests.support.places import Places, place
from tests.support.study import NEVER, SOON, Phone, WoundClock, now
from tests.support.training import SKILL, Training, stage

REASON = "这一段是别人用她的手机播放的"
MINUTE, HOUR = 60_000, 3_600_000
KINDS = tuple(kind.value for kind in ReportKind)


def file_of(
    app: Flask, parts: Parts, actor: Actor, kind: str, day: date | None, at: datetime, file_format: str = "csv"
) -> bytes:
    """A report as its file, as of a day or as it stands."""
    asked = {"as_of": day.isoformat()} if day else {}
    with app.test_request_context(), parts.database.transaction(write=False) as session, TemporaryDirectory() as folder:
        path = Path(folder) / f"report.{file_format}"
        table = MAKERS[kind](Wanted(session, parts, actor, asked, False, at))
        write_table(file_format, table.header, table.rows, path, table.widths)
        return path.read_bytes()


@dataclass
class Days:
    """康宁 with three classes: 李芳 learns in two of them; the third is a draft whose days are moved about."""

    parts: Parts
    cast: Cast
    wound: WoundClock
    app: Flask
    dice: random.Random
    kept: dict[tuple[str, date], bytes] = field(default_factory=dict)
    held: list[uuid.UUID] = field(default_factory=list)
    entered: int = 0
    tries: int = 0

    def __post_init__(self) -> None:
        with self.parts.database.transaction() as session:
            self.places: Places = place(session, self.parts.keyring, self.cast)
            self.training: Training = stage(session, self.cast)
            told = {"organisation_id": self.cast.kangning, "course_version_id": self.cast.version}
            days = {"opens_on": date(2026, 11, 24), "closes_on": date(2026, 11, 26)}
            self.draft = cohorts.create(session, self.cast.zhoumin, name="三班", **told, **days, now=NOON).id
        self.school = School(self.parts, self.cast)
        self.rosters = (self.cast.cohort, self.training.cohort, self.draft)

    def live(self, steps: int) -> None:
        """So many things happen, hours apart; each day that is over is reported on, and never changes again."""
        acts: list[Callable[[], object]] = [
            *(self.study, self.study, self.quiz, self.void, self.plan, self.call_off, self.paper, self.leave),
            *(self.answer, self.enter, self.enter, self.take_out, self.rename, self.renumber, self.exam, self.regrade),
            *(self.practise, self.complete, self.redraft, self.rename_place, self.move_branch, self.close_branch),
        ]
        for _ in range(steps):
            with suppress(Refused):
                self.dice.choice(acts)()
            self.wait(self.dice.choice((7 * MINUTE, 90 * MINUTE, 5 * HOUR)))

    def idle(self) -> None:
        """A record is issued and somebody enters the draft; then nothing happens until she is overdue there."""
        self.complete()
        self.redraft()
        self.rosters = (self.draft,)
        self.enter()
        for _ in range(4):
            self.wait(24 * HOUR)

    def wait(self, milliseconds: int) -> None:
        """Time passes; a day that has ended meanwhile is reported on before anything else happens."""
        self.wound.forward(milliseconds)
        self.report()

    def report(self) -> None:
        """Keeps the files of the last day that is over."""
        last = clock.civil_day(now() - SETTLED_AFTER) - timedelta(days=1)
        for kind in KINDS:
            if (kind, last) not in self.kept:
                self.kept[kind, last] = file_of(self.app, self.parts, self.cast.zhoumin, kind, last, now())

    def check(self) -> None:
        """Every file of every day, made again, is the same bytes."""
        for (kind, day), told in self.kept.items():
            assert file_of(self.app, self.parts, self.cast.zhoumin, kind, day, now()) == told, (kind, day)

    def study(self) -> None:
        lesson = self.dice.choice(("say-hello", "read-hello"))
        phone = Phone(self.parts, self.cast.lifang, self.cast.enrollment, self.cast.lessons[lesson])
        phone.check = self.dice.choice((NEVER, SOON))
        phone.open()
        first = self.dice.randrange(0, LESSON_MS - 60_000, 20_000)
        for at in range(first, first + 60_000, 20_000):
            self.wound.forward(20_000)
            told = phone.beat(at, at + 20_000)
            if told.get("challenge") and self.dice.random() < 0.7:
                phone.reply(told["challenge"], phone.right(told["challenge"]))

    def quiz(self) -> None:
        with self.parts.database.transaction() as session:
            who = self.dice.choice((self.training, self.cast))
            told = {"answers": {}, "score": self.dice.randrange(101), "passed": False, "submitted_at": now()}
            lesson = who.lessons["quiz-hello"]
            session.add(QuizAttempt(enrollment_id=who.enrollment, lesson_id=lesson, **told))

    def void(self) -> None:
        with self.parts.database.transaction() as session:
            found = session.scalars(select(StudySegment).where(StudySegment.enrollment_id == self.cast.enrollment))
            segment = self.dice.choice(sorted(found, key=lambda each: each.entry) or [None])
            if segment is None:
                return
            place = (session, self.parts.store, self.cast.zhoumin, self.cast.enrollment, segment.lesson_id)
            made = corrections.propose_void(*place, [segment.id], REASON, now=now())
        self.wound.forward(1_000)
        with self.parts.database.transaction() as session:
            by = (session, self.cast.admin, Role.PLATFORM, made, Decision.APPROVED)
            corrections.decide(*by, "看过录像，确实不是本人", now=now())

    def plan(self) -> None:
        hour, day = self.dice.randrange(8, 20), clock.civil_day(now()) + timedelta(days=self.dice.randrange(2))
        made = plan(self.cast, time(hour), time(hour + 1), day=day)
        self.held.append(self.school.add(made, cohort=self.dice.choice(self.rosters[:2])))

    def call_off(self) -> None:
        if self.held:
            with self.parts.database.transaction() as session:
                chosen = self.dice.choice(self.held)
                attendance.cancel(session, self.cast.zhoumin, chosen, "讲师临时有事，今天来不了", now=now())

    def paper(self) -> None:
        over = [each for each in self.held if self.school.meeting(each).ends_at < now()]
        if over:
            meeting = self.school.meeting(self.dice.choice(over))
            enrollment = self.cast.enrollment if meeting.cohort_id == self.cast.cohort else self.training.enrollment
            starts = meeting.starts_at.astimezone(clock.CHINA).time()
            ends = time(starts.hour, self.dice.choice((20, 45, 59)))
            made = self.school.type_in(meeting.id, [PaperRow(enrollment, starts, ends)])
            self.wait(self.dice.choice((MINUTE, 9 * HOUR)))
            self.school.decide(made)

    def leave(self) -> None:
        if self.held:
            with self.parts.database.transaction() as session:
                meeting = session.get_one(ClassMeeting, self.dice.choice(self.held))
                mine = select(Enrollment).where(Enrollment.cohort_id == meeting.cohort_id).order_by(Enrollment.id)
                who = self.dice.choice(session.scalars(mine).all())
                by = (session, self.cast.zhoumin, Role.INSTITUTION, meeting.id, who.id)
                attendance.enter_leave(*by, "打来电话请假", now=now())

    def answer(self) -> None:
        with self.parts.database.transaction() as session:
            open_ = select(AttendanceLeave).where(AttendanceLeave.decision == "").order_by(AttendanceLeave.id)
            for each in session.scalars(open_).all():
                verdict = self.dice.choice((Decision.APPROVED, Decision.APPROVED, Decision.REJECTED))
                attendance.decide_leave(session, self.cast.zhoumin, Role.INSTITUTION, each.id, verdict, now=now())

    def enter(self) -> None:
        self.entered += 1
        person = {"name": rosters.name(self.entered), "number": rosters.number(self.entered)}
        told = {**person, "phone": rosters.phone(self.entered), "document_type": DocumentType.RESIDENT_ID}
        with self.parts.database.transaction() as session:
            place = (session, self.parts.keyring, self.cast.zhoumin, self.dice.choice(self.rosters))
            enrollments.enroll(*place, **told, now=now())

    def take_out(self) -> None:
        with self.parts.database.transaction() as session:
            cohort = self.dice.choice(self.rosters)
            mine = select(Enrollment.id).where(Enrollment.cohort_id == cohort).order_by(Enrollment.id)
            others = mine.where(Enrollment.person_id != self.cast.lifang.person_id)
            chosen = self.dice.choice(session.scalars(others).all() or [None])
            if chosen:
                enrollments.remove(session, self.cast.zhoumin, cohort, chosen, now=now())

    def _anybody(self) -> uuid.UUID:
        with self.parts.database.transaction(write=False) as session:
            mine = select(Enrollment.id).where(Enrollment.cohort_id.in_(self.rosters)).order_by(Enrollment.id)
            return self.dice.choice(session.scalars(mine).all())

    def rename(self) -> None:
        self.tries += 1
        office = Office(self.parts, self.cast, now())
        office.decide(office.name(rosters.name(100 + self.tries), enrollment=self._anybody()))

    def renumber(self) -> None:
        self.tries += 1
        office, enrollment = Office(self.parts, self.cast, now()), self._anybody()
        with self.parts.database.transaction(write=False) as session:
            person = session.get_one(Enrollment, enrollment).person_id
            mine = select(PersonDocument.id).where(PersonDocument.person_id == person, PersonDocument.is_current)
            document = session.scalars(mine).one()
        office.decide(office.number(rosters.number(5_000 + self.tries), document, enrollment=enrollment))

    def exam(self) -> None:
        """Handed in at once; or closed by the worker, hours later, as of when the time was up."""
        self.tries += 1
        with self.parts.database.transaction() as session:
            self.training.session = session
            sitting = self.training.sit(self.tries, None, opened_at=now())
        due_at = now() + timedelta(minutes=30)
        self.wait(self.dice.choice((MINUTE, 9 * HOUR)))
        with self.parts.database.transaction() as session:
            closed = {"closed_ms": 600_000, "closed_at": min(now(), due_at), "entry": 0}
            session.add(ExamClosing(sitting_id=sitting, cause="handed_in", answers_hash="", **closed))
            session.flush()
            session.add(self._grade(sitting, 1))

    def _grade(self, sitting: uuid.UUID, number: int) -> ExamGrade:
        score = self.dice.randrange(101)
        told = {"scores": [], "score_percent": score, "passed": score >= 60, "graded_at": now(), "entry": number}
        return ExamGrade(sitting_id=sitting, number=number, **told)

    def regrade(self) -> None:
        with self.parts.database.transaction() as session:
            grades = session.scalars(select(ExamGrade).order_by(ExamGrade.sitting_id, ExamGrade.number)).all()
            if grades:
                last = grades[-1]
                session.add(self._grade(last.sitting_id, last.number + 1))

    def practise(self) -> None:
        self.tries += 1
        sitting = new_id()
        mine = {"enrollment_id": self.training.enrollment, "lesson_id": self.training.lessons[SKILL]}
        told = {"opened_by": self.cast.wanglei.account_id, "opened_ms": 0, "opened_at": now(), "entry": 0}
        kind = {"kind": "exam", "number": self.tries, "examiners": 2, "policy_code": "blended-2023"}
        with self.parts.database.transaction() as session:
            session.add(PracticeSitting(id=sitting, **kind, **mine, **told))
        for count, who in enumerate((self.cast.wanglei, self.cast.liuyang)):
            self.wait(self.dice.choice((MINUTE, 4 * HOUR)))
            sheet = {"marks": [], "points": self.dice.randrange(101), "critical_missed": 0, "note": "", "minutes": 5}
            known = {"account_id": who.account_id, "client_key": str(count), "submitted_ms": 0, "entry": count}
            with self.parts.database.transaction() as session:
                session.add(PracticeSheet(id=new_id(), sitting_id=sitting, submitted_at=now(), **sheet, **known))

    def complete(self) -> None:
        with self.parts.database.transaction() as session:
            facts = {"course": "小课", "course_en": "A small course", "opens_on": "2026-11-01", "institution": "康宁"}
            record = Record(enrollment_id=self.cast.enrollment, code="ABCDE-FGHJK-MNPQR-STVWX", facts=facts)
            record.facts_hash, record.issued_at = "", now()
            if session.scalar(select(Record.id)) is None:
                session.add(record)

    def redraft(self) -> None:
        self.tries += 1
        with self.parts.database.transaction() as session:
            found, today = session.get_one(Cohort, self.draft), clock.civil_day(now())
            opens_on = today - timedelta(days=self.dice.randrange(3))
            days = {"opens_on": opens_on, "closes_on": today + timedelta(days=self.dice.randrange(3))}
            cohorts.amend(session, self.cast.zhoumin, found, name=f"三班{self.tries}", **days, now=now())

    def rename_place(self) -> None:
        self.tries += 1
        with self.parts.database.transaction() as session:
            desk = (session, self.cast.admin, Role.PLATFORM, self.places.branch)
            tree.rename(*desk, name=f"康宁城南站{self.tries}", kind=Kind.BRANCH, now=now())

    def move_branch(self) -> None:
        with self.parts.database.transaction() as session:
            desk = (session, self.cast.admin, Role.PLATFORM, self.places.branch)
            above = self.dice.choice((self.cast.kangning, self.cast.anhe))
            tree.move(*desk, parent_id=above, reason="区划调整", now=now())

    def close_branch(self) -> None:
        with self.parts.database.transaction() as session:
            desk = (session, self.cast.admin, Role.PLATFORM, self.places.branch)
            self.dice.choice((tree.close, tree.reopen))(*desk, reason="区划调整", now=now())
