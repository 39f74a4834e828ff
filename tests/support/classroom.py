"""A class whose study stands in the tables: plays, checks and quiz attempts of many learners, written by hand."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from lms.domain.courses import LessonKind
from lms.models.base import new_id
from lms.models.courses import Lesson
from lms.models.enrollments import Enrollment
from lms.models.people import Person
from lms.models.presence import PresenceCheck, PresenceOutcome
from lms.models.quizzes import QuizAttempt
from lms.models.study import LessonProgress, StudyInterval, StudySession
from tests.support.cast import NOON, Cast

HOUR_MS = 3_600_000


@dataclass
class Learner:
    """One of the class; `entry` counts her entries, `ms` is her study clock."""

    person: uuid.UUID
    enrollment: uuid.UUID
    entry: int = 0
    ms: int = HOUR_MS
    source: uuid.UUID = field(default_factory=new_id)
    credited: dict[uuid.UUID, int] = field(default_factory=dict)


class Classroom:
    """Writes what learners of one cohort did; times in seconds of the lesson."""

    def __init__(self, session: Session, cast: Cast, cohort: uuid.UUID | None = None) -> None:
        self.session, self.cast = session, cast
        self.cohort = cohort or cast.cohort
        self.rows: list[dict[str, object]] = []

    def learner(self, person: uuid.UUID | None = None) -> Learner:
        """A new learner of the cohort, or somebody known in one more cohort."""
        made = Learner(person or new_id(), new_id())
        if person is None:
            name, number = f"学员{made.person.hex[-4:]}", made.person.hex
            self.session.execute(
                insert(Person).values(
                    id=made.person,
                    pid=number,
                    name=name,
                    document_type="resident_id",
                    document_sealed="",
                    created_at=NOON,
                )
            )
        known = {"person_id": made.person, "cohort_id": self.cohort, "course_version_id": self.cast.version}
        self.session.execute(insert(Enrollment).values(id=made.enrollment, created_at=NOON, **known))
        return made

    def learners(self, count: int) -> list[Learner]:
        """Several at once."""
        return [self.learner() for _ in range(count)]

    def anew(self, who: Learner, slug: str, after_s: int = 3600) -> None:
        """She opens the lesson after a pause."""
        who.ms += after_s * 1000
        who.source = new_id()
        self.session.execute(
            insert(StudySession).values(
                id=who.source,
                person_id=who.person,
                enrollment_id=who.enrollment,
                lesson_id=self.cast.lessons[slug],
                epoch=1,
                nonce="",
                opened_answer="",
                opened_ms=who.ms,
                opened_at=NOON,
                answered_ms=who.ms + 60_000,
            )
        )

    def play(
        self,
        who: Learner,
        slug: str,
        start: int,
        end: int,
        *,
        verdict: str = "credited",
        evidence_class: str = "online",
        credited: int | None = None,
        beat: int = 20,
    ) -> None:
        """She plays [start, end) in reports of `beat` seconds."""
        lesson = self.cast.lessons[slug]
        for at in range(start, end, beat):
            until = min(at + beat, end)
            who.entry += 1
            who.ms += (until - at) * 1000
            earned = (until - at) * 1000 if credited is None else credited
            who.credited[lesson] = who.credited.get(lesson, 0) + earned
            self.rows.append(
                {
                    "id": new_id(),
                    "person_id": who.person,
                    "enrollment_id": who.enrollment,
                    "lesson_id": lesson,
                    "evidence_class": evidence_class,
                    "source_id": who.source,
                    "number": who.entry,
                    "part": 0,
                    "from_ms": at * 1000,
                    "to_ms": until * 1000,
                    "studied_on": NOON.date(),
                    "verdict": verdict,
                    "rule": "online-2",
                    "policy_code": "base-2023",
                    "credited_ms": earned,
                    "entry": who.entry,
                    "recorded_ms": who.ms,
                    "recorded_at": NOON,
                }
            )

    def check(self, who: Learner, slug: str, outcome: str | None, kind: str = "study") -> None:
        """She is asked whether she is there; `outcome` None: she never said."""
        who.entry += 1
        check = new_id()
        place = {"person_id": who.person, "from_entry": 0, "entry": who.entry}
        self.session.execute(
            insert(PresenceCheck).values(
                id=check,
                enrollment_id=who.enrollment,
                lesson_id=self.cast.lessons[slug],
                kind=kind,
                question={"stem": "?", "options": []},
                right_option=0,
                issued_ms=who.ms,
                issued_at=NOON,
                due_ms=who.ms + 120_000,
                **place,
            )
        )
        if outcome is not None:
            told = {"body_hash": "", "answer": "", "recorded_ms": who.ms, "recorded_at": NOON}
            self.session.execute(
                insert(PresenceOutcome).values(check_id=check, outcome=outcome, to_entry=who.entry, **place, **told)
            )

    def attempt(self, who: Learner, slug: str, answers: dict[str, Sequence[int]], score: int, minute: int = 0) -> None:
        """She hands in a quiz."""
        self.session.execute(
            insert(QuizAttempt).values(
                id=new_id(),
                enrollment_id=who.enrollment,
                lesson_id=self.cast.lessons[slug],
                answers={name: list(picked) for name, picked in answers.items()},
                score=score,
                passed=score >= 60,
                submitted_at=NOON + timedelta(minutes=minute),
            )
        )

    def settle(self, everybody: Iterable[Learner]) -> None:
        """Writes what was played, and the sums that services keep beside it."""
        if self.rows:
            self.session.execute(insert(StudyInterval), self.rows)
        self.rows = []
        for who in everybody:
            for lesson, credited in who.credited.items():
                known = {"enrollment_id": who.enrollment, "lesson_id": lesson, "covered": [], "by_class": {}}
                self.session.execute(
                    insert(LessonProgress).values(
                        credited_ms=credited, confirmed_ms=0, position_ms=0, updated_at=NOON, **known
                    )
                )


def lengthen(session: Session, cast: Cast, slug: str, seconds: int) -> None:
    """Gives a lesson another length."""
    row = session.get_one(Lesson, cast.lessons[slug])
    assert row.kind != LessonKind.QUIZ
    row.duration_ms = seconds * 1000
