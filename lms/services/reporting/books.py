"""Score book and attendance book over the classes selected: the rows of each class's own book, in turn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.roles import Role
from lms.models.attendance import ClassMeeting
from lms.models.enrollments import Enrollment
from lms.services import attendance, cohorts, scorebook, selections
from lms.services.attendance.book import BookRow
from lms.services.cohorts import CohortView
from lms.services.scopes import Actor
from lms.services.scorebook import ScoreRow
from lms.services.selections import Selection


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
    found = (
        ScoreEntry(cohort, row)
        for cohort in _classes(session, actor, selection)
        for book in [scorebook.read(session, keyring, actor, cohort.id, unmasked=unmasked, now=now)]
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
    found = (
        AttendanceEntry(cohort, row)
        for cohort in _classes(session, actor, selection, by_opening=False)
        for row in attendance.book.read(session, keyring, actor, cohort.id, None, unmasked=unmasked, now=now).rows
        if (selection.since or row.held_on) <= row.held_on <= (selection.until or row.held_on)
    )
    return islice(found, start, None)


def most_attendance(session: Session, actor: Actor, selection: Selection, *, now: datetime) -> int:
    """How many rows there are at most: learners times classes held, as far as the days selected tell."""
    ids = [each.id for each in _classes(session, actor, selection, by_opening=False)]
    heads = select(Enrollment.cohort_id, func.count().label("heads")).group_by(Enrollment.cohort_id).subquery()
    held = select(func.coalesce(func.sum(heads.c.heads), 0)).select_from(ClassMeeting)
    held = held.join(heads, heads.c.cohort_id == ClassMeeting.cohort_id)
    held = held.where(ClassMeeting.cohort_id.in_(ids), ClassMeeting.cancelled_at.is_(None))
    held = held.where(ClassMeeting.starts_at <= now)
    if selection.since:
        held = held.where(ClassMeeting.held_on >= selection.since)
    if selection.until:
        held = held.where(ClassMeeting.held_on <= selection.until)
    return int(session.scalar(held) or 0)


def _classes(session: Session, actor: Actor, selection: Selection, *, by_opening: bool = True) -> list[CohortView]:
    """The classes selected, in order of their making; NotFound for a stranger's."""
    _check_known(session, actor, selection)
    mine = [each for each in cohorts.list_own(session, actor) if _is_selected(each, selection, by_opening)]
    return sorted(mine, key=lambda each: each.id)


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
