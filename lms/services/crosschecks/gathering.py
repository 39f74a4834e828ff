"""What is known of classes, read set by set, as the patterns want it. Writes nothing.

Persons are told by the living one, trainers by the human behind the account: two accounts of one are one.
"""

import bisect
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.clock import civil_day
from lms.domain import quizzes
from lms.domain.attendance import MarkKind
from lms.domain.courses import Quiz
from lms.domain.crosschecks.facts import ClassFacts, Room, Sitting, Stretch, Try
from lms.domain.exams import Mode
from lms.domain.labels import folded
from lms.domain.study import EvidenceClass
from lms.models.accounts import Account, LoginSession
from lms.models.attendance import AttendanceMark, ClassMeeting
from lms.models.courses import Lesson
from lms.models.enrollments import Cohort, Enrollment
from lms.models.exams import ExamClosing, ExamSitting
from lms.models.people import Person
from lms.models.quizzes import QuizAttempt
from lms.models.study import StudyInterval, StudySegment, StudySession
from lms.services import courses, humans
from lms.services.crosschecks import payees

OWN = {EvidenceClass.ONLINE.value, EvidenceClass.GAP.value, EvidenceClass.OFFLINE.value}
SHOWN = "qr"


@dataclass
class _Class:
    """What is gathered of one class."""

    cohort: Cohort
    members: list[str] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    tries: list[Try] = field(default_factory=list)
    sittings: list[Sitting] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    own_days: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def gather(session: Session, cohort_ids: Collection[uuid.UUID]) -> list[ClassFacts]:
    """The facts of these classes."""
    return _Reader(session, cohort_ids).read()


class _Reader:
    """Some classes being read."""

    def __init__(self, session: Session, cohort_ids: Collection[uuid.UUID]) -> None:
        self._session = session
        self._ids = sorted(cohort_ids)
        found = session.scalars(select(Cohort).where(Cohort.id.in_(self._ids)))
        self._classes = {row.id: _Class(row) for row in found}
        rows = session.execute(
            select(Enrollment.id, Enrollment.cohort_id, Enrollment.person_id)
            .where(Enrollment.cohort_id.in_(self._ids))
            .order_by(Enrollment.id)
        ).all()
        self._living = humans.living_all(session, {row.person_id for row in rows})
        self._place = {row.id: (self._classes[row.cohort_id], str(self._living[row.person_id])) for row in rows}
        for row in rows:
            self._classes[row.cohort_id].members.append(str(self._living[row.person_id]))
        self._devices = _Devices(session, self._living)

    def read(self) -> list[ClassFacts]:
        self._online()
        self._in_rooms()
        self._quizzes()
        self._exams()
        self._logins()
        planned, accounts = self._planned(), payees.accounts_of(self._session, self._ids)
        return [self._told(each, planned, accounts) for each in self._classes.values()]

    def _told(
        self, told: _Class, planned: Mapping[uuid.UUID, int], accounts: Mapping[uuid.UUID, Mapping[uuid.UUID, str]]
    ) -> ClassFacts:
        paid = {str(self._living.get(each, each)): to for each, to in accounts.get(told.cohort.id, {}).items()}
        return ClassFacts(
            cohort=str(told.cohort.id),
            members=tuple(dict.fromkeys(told.members)),
            planned_ms=planned.get(told.cohort.course_version_id, 0),
            stretches=tuple(told.stretches),
            tries=tuple(told.tries),
            sittings=tuple(told.sittings),
            rooms=tuple(told.rooms),
            own_days={person: len(days) for person, days in told.own_days.items()},
            accounts=paid,
        )

    def _online(self) -> None:
        """What was credited by a session, a pass or a correction, summed up by source and civil day."""
        kept, of = StudySegment, StudyInterval.source_id
        rows = self._session.execute(
            select(kept.enrollment_id, of, kept.studied_on, kept.evidence_class)
            .add_columns(func.min(kept.wall_from_ms), func.sum(kept.wall_to_ms - kept.wall_from_ms))
            .join(StudyInterval, StudyInterval.id == kept.interval_id)
            .where(kept.enrollment_id.in_(self._place), kept.evidence_class != EvidenceClass.ATTENDED.value)
            .group_by(kept.enrollment_id, of, kept.studied_on, kept.evidence_class)
        ).all()
        opened = self._opened({row[1] for row in rows})
        for enrollment_id, source_id, day, kind, start, length in rows:
            told, person = self._place[enrollment_id]
            device = self._devices.on(person, opened.get(source_id))
            is_own = kind in OWN
            if is_own:
                told.own_days[person].add(day.isoformat())
            end = start + int(length)
            told.stretches.append(Stretch(person, start, end, day.isoformat(), is_own, device))

    def _opened(self, source_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
        rows = select(StudySession.id, StudySession.opened_at).where(StudySession.id.in_(source_ids))
        return dict(self._session.execute(rows).all())

    def _in_rooms(self) -> None:
        held = select(ClassMeeting).where(ClassMeeting.cohort_id.in_(self._ids), ClassMeeting.cancelled_at.is_(None))
        meetings = {row.id: row for row in self._session.scalars(held.order_by(ClassMeeting.starts_at))}
        marks: dict[tuple[uuid.UUID, uuid.UUID], dict[str, AttendanceMark]] = defaultdict(dict)
        for mark in self._session.scalars(select(AttendanceMark).where(AttendanceMark.meeting_id.in_(meetings))):
            marks[mark.meeting_id, mark.enrollment_id][mark.kind] = mark
        present: dict[uuid.UUID, list[str]] = defaultdict(list)
        shown: Counter[uuid.UUID] = Counter()
        for (meeting_id, enrollment_id), both in marks.items():
            if enrollment_id in self._place:
                self._was_there(meetings[meeting_id], enrollment_id, both, present[meeting_id])
                shown[meeting_id] += all(mark.method == SHOWN for mark in both.values())
        trainers = humans.selves(self._session, {row.teacher_id for row in meetings.values()})
        for row in meetings.values():
            there, trainer = present[row.id], str(trainers[row.teacher_id])
            self._classes[row.cohort_id].rooms.append(_room(row, trainer, there, shown[row.id] * 2 > len(there)))

    def _was_there(
        self, meeting: ClassMeeting, enrollment_id: uuid.UUID, both: Mapping[str, AttendanceMark], present: list[str]
    ) -> None:
        told, person = self._place[enrollment_id]
        came, left = both.get(MarkKind.IN.value), both.get(MarkKind.OUT.value)
        present.append(person)
        is_own = all(mark.method == SHOWN for mark in both.values())
        day = meeting.held_on.isoformat()
        if is_own:
            told.own_days[person].add(day)
        if came and left and came.stands_from_ms < left.stands_from_ms:
            at, source = _place_of(meeting), str(meeting.id)
            told.stretches.append(
                Stretch(person, came.stands_from_ms, left.stands_from_ms, day, is_own, "", at, source)
            )

    def _quizzes(self) -> None:
        rows = self._session.scalars(
            select(QuizAttempt).where(QuizAttempt.enrollment_id.in_(self._place)).order_by(QuizAttempt.id)
        ).all()
        texts = {each: courses.lesson_text(self._session, each).quiz for each in {row.lesson_id for row in rows}}
        for row in rows:
            told, person = self._place[row.enrollment_id]
            day, device = civil_day(row.submitted_at).isoformat(), self._devices.on(person, row.submitted_at)
            told.own_days[person].add(day)
            wrong = _wrong(texts[row.lesson_id], row.answers)
            told.tries.append(Try(person, str(row.lesson_id), _ms(row.submitted_at), day, wrong, device))

    def _exams(self) -> None:
        rows = self._session.execute(
            select(ExamSitting, ExamClosing.closed_ms)
            .join(ExamClosing, ExamClosing.sitting_id == ExamSitting.id)
            .where(ExamSitting.enrollment_id.in_(self._place), ExamSitting.mode == Mode.ONLINE.value)
        )
        for row, closed_ms in rows:
            told, person = self._place[row.enrollment_id]
            day = civil_day(row.opened_at).isoformat()
            told.own_days[person].add(day)
            told.sittings.append(Sitting(str(row.id), person, row.opened_ms, closed_ms, day))

    def _logins(self) -> None:
        for told, person in self._place.values():
            told.own_days[person].update(self._devices.days.get(person, ()))

    def _planned(self) -> dict[uuid.UUID, int]:
        versions = {each.cohort.course_version_id for each in self._classes.values()}
        summed = select(Lesson.course_version_id, func.sum(Lesson.duration_ms))
        rows = summed.where(Lesson.course_version_id.in_(versions)).group_by(Lesson.course_version_id)
        return {version: int(length or 0) for version, length in self._session.execute(rows) if version}


class _Devices:
    """On which device somebody was signed in at a moment, by the marks browsers keep; and on which days she did so."""

    def __init__(self, session: Session, living: Mapping[uuid.UUID, uuid.UUID]) -> None:
        rows = session.execute(
            select(Person.id, LoginSession.created_at, LoginSession.device_mark)
            .join(Account, Account.person_id == Person.id)
            .join(LoginSession, LoginSession.account_id == Account.id)
            .where(Person.id.in_(living))
            .order_by(LoginSession.created_at, LoginSession.id)
        )
        self._logins: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
        self.days: dict[str, set[str]] = defaultdict(set)
        for person_id, at, mark in rows:
            person = str(living[person_id])
            self._logins[person].append((at, mark))
            self.days[person].add(civil_day(at).isoformat())

    def on(self, person: str, at: datetime | None) -> str:
        """The device of her last login before; "" where none is known."""
        logins = self._logins.get(person, [])
        if at is None or not logins:
            return ""
        place = bisect.bisect_right(logins, at, key=lambda each: each[0])
        return logins[place - 1][1] if place else ""


def _room(row: ClassMeeting, trainer: str, present: Sequence[str], is_seen: bool) -> Room:
    start, end = _ms(row.starts_at), _ms(row.ends_at)
    there = tuple(sorted(set(present)))
    return Room(str(row.id), str(row.cohort_id), trainer, _place_of(row), start, end, there, is_seen)


def _place_of(row: ClassMeeting) -> str:
    """Two meetings of one class are in one place for nobody but themselves: what stands there is typed by hand."""
    return f"{row.cohort_id}:{folded(row.place)}"


def _wrong(quiz: Quiz | None, answers: Mapping[str, Sequence[int]]) -> dict[str, str]:
    if quiz is None:
        return {}
    picked = {question: frozenset(map(int, chosen)) for question, chosen in answers.items()}
    marks = dict(quizzes.grade(quiz, picked).marks)
    return {
        question: ",".join(map(str, sorted(chosen)))
        for question, chosen in picked.items()
        if chosen and marks.get(question) not in (None, quizzes.Mark.CORRECT)
    }


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
