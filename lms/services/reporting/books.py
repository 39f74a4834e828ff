"""Score book and attendance book over the classes selected: the rows of each class's own book, in turn."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.roles import Role
from lms.models.attendance import ClassMeeting
from lms.models.enrollments import Enrollment
from lms.models.pasts import EnrollmentDeparture
from lms.services import attendance, cohorts, pasts, scorebook, selections
from lms.services.attendance.book import BookRow
from lms.services.cohorts import CohortView
from lms.services.facts.attendance import on_timetable
from lms.services.scopes import Actor
from lms.services.scorebook import ScoreRow
from lms.services.selections import Reading, Selection


@dataclass(frozen=True)
class ScoreEntry:
    """A row of a class's score book, with the class."""

    cohort: CohortView
    row: ScoreRow


@dataclass(frozen=True)
class AttendanceEntry:
    """A row of a class's attendance book, with the class."""

    cohort: CohortView
    row: BookRow


def score_rows(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    selection: Selection,
    *,
    unmasked: bool = False,
    start: int = 0,
    now: datetime,
) -> Iterator[ScoreEntry]:
    """Learners of the selected classes whose policy asks for an examination, class by class."""
    at = selections.reading(selection, now=now)
    found = (
        ScoreEntry(cohort, row)
        for cohort in _classes(session, actor, selection, at)
        for book in [
            scorebook.read(session, keyring, actor, cohort.id, unmasked=unmasked, now=at.now, before=at.before)
        ]
        if book.asks
        for row in book.rows
    )
    return islice(found, start, None)


def attendance_rows(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    selection: Selection,
    *,
    unmasked: bool = False,
    start: int = 0,
    now: datetime,
) -> Iterator[AttendanceEntry]:
    """Learners and classes in person of the selected cohorts, on the days selected."""
    at = selections.reading(selection, now=now)
    found = (
        AttendanceEntry(cohort, row)
        for cohort in _classes(session, actor, selection, at, by_opening=False)
        for row in attendance.book.read(
            session, keyring, actor, cohort.id, None, unmasked=unmasked, now=at.now, before=at.before
        ).rows
        if (selection.since or row.held_on) <= row.held_on <= (selection.until or row.held_on)
    )
    return islice(found, start, None)


def most_attendance(session: Session, actor: Actor, selection: Selection, *, now: datetime) -> int:
    """How many rows there are at most: learners times classes held, as far as the days selected tell."""
    at = selections.reading(selection, now=now)
    ids = [each.id for each in _classes(session, actor, selection, at, by_opening=False)]
    heads = _heads(session, ids, at.before)
    held = select(ClassMeeting.cohort_id, func.count()).group_by(ClassMeeting.cohort_id)
    held = held.where(ClassMeeting.cohort_id.in_(ids), on_timetable(at.before), ClassMeeting.starts_at <= at.now)
    if selection.since:
        held = held.where(ClassMeeting.held_on >= selection.since)
    if selection.until:
        held = held.where(ClassMeeting.held_on <= selection.until)
    return sum(heads[cohort_id] * number for cohort_id, number in session.execute(held))


def _heads(session: Session, ids: Collection[uuid.UUID], before: datetime | None) -> Counter[uuid.UUID]:
    there = select(Enrollment.cohort_id, func.count()).where(Enrollment.cohort_id.in_(ids))
    if before is not None:
        there = there.where(Enrollment.created_at < before)
    found = Counter(dict(session.execute(there.group_by(Enrollment.cohort_id)).all()))
    gone = pasts.departed(session, EnrollmentDeparture.cohort_id.in_(ids), before)
    return found + Counter(each.enrollment.cohort_id for each in gone)


def _classes(
    session: Session, actor: Actor, selection: Selection, at: Reading, *, by_opening: bool = True
) -> list[CohortView]:
    """The classes selected, in order of their making, as they were then; NotFound for a stranger's."""
    _check_known(session, actor, selection)
    mine = cohorts.list_own(session, actor, before=at.before)
    chosen = [each for each in mine if _is_selected(each, selection, by_opening)]
    return sorted(chosen, key=lambda each: each.id)


def _check_known(session: Session, actor: Actor, selection: Selection) -> None:
    if selection.cohort_id is not None:
        cohorts.get(session, actor, selection.cohort_id)
    selections.check_place(session, actor, selection.organisation_id, Role.INSTITUTION)


def _is_selected(each: CohortView, selection: Selection, by_opening: bool) -> bool:
    wanted = (
        (selection.cohort_id, each.id),
        (selection.organisation_id, each.organisation_id),
        (selection.course_id, each.course_id),
    )
    if any(asked not in (None, is_) for asked, is_ in wanted):
        return False
    if not by_opening:
        return True
    return (selection.since or each.opens_on) <= each.opens_on <= (selection.until or each.opens_on)
