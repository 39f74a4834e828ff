"""The cache of what segments add up to, made anew from the segments where a check or a correction changed it."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from lms.domain.attendance import MarkKind
from lms.domain.ledger import Posting, Tally, is_within, tally
from lms.domain.presence import CheckOutcome
from lms.domain.spans import Span, measure
from lms.models.attendance import AttendanceMark
from lms.models.corrections import StudyVoid
from lms.models.enrollments import Enrollment
from lms.models.presence import PresenceOutcome
from lms.models.study import LessonProgress, StudySegment

Place = tuple[uuid.UUID, uuid.UUID]
"""(enrollment, lesson): what study time is credited for."""


def passed_stretches(session: Session, person_id: uuid.UUID) -> list[Span]:
    """The stretches of the person's entries, (from, to], that a passed check confirmed, or that tell of a class."""
    rows = select(PresenceOutcome.from_entry, PresenceOutcome.to_entry).where(
        PresenceOutcome.person_id == person_id, PresenceOutcome.outcome == CheckOutcome.PASSED.value
    )
    passed = [(start, end) for start, end in session.execute(rows)]
    attended = session.execute(attended_entries([person_id])).all()
    return [*passed, *((entry - 1, entry) for _person, entry, _at in attended)]


def attended_entries(person_ids: Collection[uuid.UUID]) -> Select[uuid.UUID, int, datetime]:
    """(person, entry, recorded at) of what confirms itself: a class somebody signed into and out of by the rotating
    code under a teacher's eyes, or that two people stand for with a paper list. Nobody is asked a question there."""
    return (
        select(Enrollment.person_id, AttendanceMark.entry, AttendanceMark.recorded_at)
        .join(Enrollment, Enrollment.id == AttendanceMark.enrollment_id)
        .where(Enrollment.person_id.in_(person_ids), AttendanceMark.kind == MarkKind.OUT.value)
    )


def recompute(session: Session, person_id: uuid.UUID, place: Place, *, now: datetime) -> Tally:
    """Adds up one lesson's segments anew and keeps the sum. Call it while the person's lease is held."""
    found = tally(postings(session, place), passed_stretches(session, person_id))
    session.execute(
        update(LessonProgress)
        .where(LessonProgress.enrollment_id == place[0], LessonProgress.lesson_id == place[1])
        .values(
            covered=[list(span) for span in found.covered],
            credited_ms=found.credited_ms,
            by_class=found.by_class,
            confirmed_ms=found.confirmed_ms,
            updated_at=now,
        )
    )
    return found


def recompute_stretch(session: Session, person_id: uuid.UUID, stretch: Span, *, now: datetime) -> None:
    """The same for each lesson that has a segment in a stretch of the person's entries."""
    places = select(StudySegment.enrollment_id, StudySegment.lesson_id).where(
        StudySegment.person_id == person_id, StudySegment.entry > stretch[0], StudySegment.entry <= stretch[1]
    )
    for enrollment_id, lesson_id in session.execute(places.distinct()).all():
        recompute(session, person_id, (enrollment_id, lesson_id), now=now)


def postings(session: Session, place: Place) -> list[Posting]:
    """The segments of one lesson that are not voided."""
    rows = (
        select(StudySegment.entry, StudySegment.from_ms, StudySegment.to_ms, StudySegment.evidence_class)
        .outerjoin(StudyVoid, StudyVoid.segment_id == StudySegment.id)
        .where(StudySegment.enrollment_id == place[0], StudySegment.lesson_id == place[1])
        .where(StudyVoid.segment_id.is_(None))
    )
    return [Posting(*row) for row in session.execute(rows)]


def unconfirmed_ms(session: Session, person_id: uuid.UUID, enrollment_id: uuid.UUID, stretch: Span) -> int:
    """How much of one enrollment's study in this stretch of entries no check has confirmed yet."""
    passed = passed_stretches(session, person_id)
    lessons = select(StudySegment.lesson_id).where(
        StudySegment.enrollment_id == enrollment_id, StudySegment.entry > stretch[0], StudySegment.entry <= stretch[1]
    )
    return sum(
        _unconfirmed(postings(session, (enrollment_id, lesson_id)), stretch, passed)
        for lesson_id in session.scalars(lessons.distinct()).all()
    )


def _unconfirmed(known: Sequence[Posting], stretch: Span, passed: Sequence[Span]) -> int:
    sure = [(each.from_ms, each.to_ms) for each in known if is_within(each.entry, passed)]
    here = [(each.from_ms, each.to_ms) for each in known if is_within(each.entry, [stretch])]
    return measure([*sure, *here]) - measure(sure)
