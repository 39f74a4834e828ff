"""The ledger as it was known at the end of a civil day: the same bytes whenever it is asked for (I14).

Only rows recorded before that midnight are read, and they are never changed; what is counted from them is
counted by the same rules as the live ledger.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from lms.db import in_parts
from lms.domain.errors import Refused
from lms.domain.ledger import Posting, tally
from lms.domain.policies import CHINA, policy_named
from lms.domain.presence import CheckOutcome
from lms.domain.spans import Span
from lms.models.corrections import StudyVoid
from lms.models.enrollments import Cohort, Enrollment
from lms.models.presence import PresenceOutcome
from lms.models.study import StudyInterval, StudySegment
from lms.services import study_progress

BATCH = 500
CLASSES = ("online", "gap", "offline", "attended", "imported")


@dataclass(frozen=True)
class Statement:
    """One lesson of one enrollment at the end of a day. Times in ms, class hours in hundredths, rounded down."""

    institution: uuid.UUID
    cohort: uuid.UUID
    enrollment: uuid.UUID
    person: uuid.UUID
    lesson: uuid.UUID
    policy: str
    credited_ms: int
    confirmed_ms: int
    by_class: dict[str, int]
    voided_ms: int
    class_hour_hundredths: int
    intervals: int
    not_credited: int


def end_of(day: date, *, now: datetime) -> datetime:
    """The moment a civil day ends where the policies live; Refused("day_not_over") while it could still change."""
    end = datetime.combine(day + timedelta(days=1), time(), CHINA)
    if now < end:
        raise Refused("day_not_over", day=day.isoformat())
    return end


def list_statements(session: Session, end: datetime) -> Iterator[Statement]:
    """Every lesson that had a reported interval before `end`, by enrollment and lesson, in batches."""
    last: uuid.UUID | None = None
    while batch := _enrollments(session, end, last):
        yield from statements_of(session, batch, end)
        last = batch[-1].id


def statements_of(session: Session, rows: Sequence[Any], end: datetime) -> Iterator[Statement]:
    """The same for these enrollments, lesson by lesson: rows of id, person, cohort, organisation and policy code."""
    facts = _Facts(session, [row.id for row in rows], [row.person_id for row in rows], end)
    for row in rows:
        yield from facts.statements(row)


def of_enrollments(
    session: Session, enrollments: Sequence[Enrollment], end: datetime
) -> dict[uuid.UUID, list[Statement]]:
    """The same by enrollment id; empty for whoever has studied nothing by then. Some queries for each 500."""
    found: dict[uuid.UUID, list[Statement]] = {each.id: [] for each in enrollments}
    for ids in in_parts(each.id for each in enrollments):
        rows = session.execute(_places().where(Enrollment.id.in_(ids)).order_by(Enrollment.id)).all()
        for statement in statements_of(session, rows, end):
            found[statement.enrollment].append(statement)
    return found


def credited_ms(session: Session, cohort_ids: Collection[uuid.UUID], end: datetime) -> dict[uuid.UUID, int]:
    """By class: what was credited to all its learners by then, classes in person with it."""
    found: dict[uuid.UUID, int] = {}
    last: uuid.UUID | None = None
    while batch := _enrollments(session, end, last, Enrollment.cohort_id.in_(cohort_ids)):
        for each in statements_of(session, batch, end):
            found[each.cohort] = found.get(each.cohort, 0) + each.credited_ms
        last = batch[-1].id
    return found


def _enrollments(session: Session, end: datetime, last: uuid.UUID | None, *mine: ColumnElement[bool]) -> list[Any]:
    rows = _places().where(Enrollment.created_at < end, *mine).order_by(Enrollment.id)
    return list(session.execute(rows.where(Enrollment.id > last) if last else rows).fetchmany(BATCH))


def _places() -> Any:
    columns = (Enrollment.id, Enrollment.person_id, Enrollment.cohort_id, Cohort.organisation_id, Cohort.policy_code)
    return select(*columns).join(Cohort, Cohort.id == Enrollment.cohort_id)


class _Facts:
    """What was on record of a batch of enrollments."""

    def __init__(self, session: Session, ids: list[uuid.UUID], persons: list[uuid.UUID], end: datetime) -> None:
        self.segments: dict[tuple[uuid.UUID, uuid.UUID], list[tuple[Posting, bool]]] = defaultdict(list)
        self.verdicts: dict[tuple[uuid.UUID, uuid.UUID], list[int]] = defaultdict(list)
        self.lessons: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
        self.passed: dict[uuid.UUID, list[Span]] = defaultdict(list)
        for row in session.execute(_segments(ids, end)):
            posting = Posting(row.entry, row.from_ms, row.to_ms, row.evidence_class)
            self.segments[row.enrollment_id, row.lesson_id].append((posting, row.segment_id is not None))
        for row in session.execute(_intervals(ids, end)):
            self.verdicts[row.enrollment_id, row.lesson_id].append(row.credited_ms)
            self.lessons[row.enrollment_id].add(row.lesson_id)
        for row in session.execute(_passes(persons, end)):
            self.passed[row.person_id].append((row.from_entry, row.to_entry))
        for person, entry, recorded_at in session.execute(study_progress.attended_entries(persons)):
            if recorded_at < end:
                self.passed[person].append((entry - 1, entry))

    def statements(self, row: Any) -> Iterator[Statement]:
        for lesson in sorted(self.lessons[row.id]):
            yield self._statement(row, lesson)

    def _statement(self, row: Any, lesson: uuid.UUID) -> Statement:
        known, passed = self.segments[row.id, lesson], self.passed[row.person_id]
        found = tally([posting for posting, voided in known if not voided], passed)
        credits = self.verdicts[row.id, lesson]
        return Statement(
            institution=row.organisation_id,
            cohort=row.cohort_id,
            enrollment=row.id,
            person=row.person_id,
            lesson=lesson,
            policy=row.policy_code,
            credited_ms=found.credited_ms,
            confirmed_ms=found.confirmed_ms,
            by_class={name: found.by_class.get(name, 0) for name in CLASSES},
            voided_ms=tally([posting for posting, _ in known], passed).credited_ms - found.credited_ms,
            class_hour_hundredths=policy_named(row.policy_code).class_hour_hundredths(found.credited_ms),
            intervals=len(credits),
            not_credited=sum(credited == 0 for credited in credits),
        )


def _segments(ids: list[uuid.UUID], end: datetime) -> Any:
    voided = and_(StudyVoid.segment_id == StudySegment.id, StudyVoid.recorded_at < end)
    return (
        select(
            StudySegment.enrollment_id,
            StudySegment.lesson_id,
            StudySegment.entry,
            StudySegment.from_ms,
            StudySegment.to_ms,
            StudySegment.evidence_class,
            StudyVoid.segment_id,
        )
        .outerjoin(StudyVoid, voided)
        .where(StudySegment.enrollment_id.in_(ids), StudySegment.recorded_at < end)
    )


def _intervals(ids: list[uuid.UUID], end: datetime) -> Any:
    told = select(StudyInterval.enrollment_id, StudyInterval.lesson_id, StudyInterval.credited_ms)
    return told.where(StudyInterval.enrollment_id.in_(ids), StudyInterval.recorded_at < end)


def _passes(persons: list[uuid.UUID], end: datetime) -> Any:
    told = select(PresenceOutcome.person_id, PresenceOutcome.from_entry, PresenceOutcome.to_entry)
    passed = PresenceOutcome.outcome == CheckOutcome.PASSED.value
    return told.where(PresenceOutcome.person_id.in_(persons), passed, PresenceOutcome.recorded_at < end)
