"""The attendance book (出勤簿): one row a learner and class, in the columns of domain.md 6.1."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.attendance import ClassDay, Standing
from lms.domain.identity import mask_number
from lms.domain.roles import Role
from lms.models.attendance import ClassMeeting
from lms.services import batches, cohorts, consents, exports, pasts, sealed, study_clock
from lms.services.batches import RosterEntry
from lms.services.cohorts import CohortView
from lms.services.facts.attendance import Presence, class_days, on_timetable, presences
from lms.services.scopes import Actor


@dataclass(frozen=True)
class BookRow:
    """One learner at one class. `number` is masked unless the book was asked for unmasked; moments in UTC; `methods`:
    qr, paper, both or none of them; `late_ms`: how long after the class a paper entry was made."""

    held_on: date
    starts_at: datetime
    ends_at: datetime
    title: str
    name: str
    number: str
    in_at: datetime | None
    out_at: datetime | None
    methods: tuple[str, ...]
    standing: Standing
    late_ms: int
    teacher: str


@dataclass(frozen=True)
class Book:
    """A cohort's attendance on one day, or on all; `counted`: of these days, each whose classes are over, by heads."""

    cohort: CohortView
    days: tuple[date, ...]
    day: date | None
    rows: tuple[BookRow, ...]
    counted: tuple[ClassDay, ...]


def read(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    cohort_id: uuid.UUID,
    day: date | None,
    *,
    role: Role = Role.INSTITUTION,
    unmasked: bool = False,
    now: datetime,
    before: datetime | None = None,
) -> Book:
    """The book of a cohort of the actor's institutions; NotFound for anybody else's.

    Cancelled classes are not in it, nor any that has not begun. `before` a moment: as it all was then; `now` is then
    the last moment that was before.
    """
    cohort = cohorts.get(session, actor, cohort_id, role=role, before=before)
    query = select(ClassMeeting).where(ClassMeeting.cohort_id == cohort.id, on_timetable(before))
    ordered = query.order_by(ClassMeeting.starts_at, ClassMeeting.id)
    begun = session.scalars(ordered.where(ClassMeeting.starts_at <= now)).all()
    days = tuple(sorted({meeting.held_on for meeting in begun}, reverse=True))
    chosen = [meeting for meeting in begun if day in (None, meeting.held_on)]
    roster = batches.roster(session, actor, cohort.id, role, before)
    roster.sort(key=lambda each: (each.enrollment.created_at, each.enrollment.id))
    known = _known(session, chosen, roster, now, before)
    refusing = consents.refusing(session, {each.enrollment.person_id for each in roster}) if unmasked else set()
    whole = [unmasked and not each.is_gone and each.enrollment.person_id not in refusing for each in roster]
    numbers = [_number(keyring, each, shows) for each, shows in zip(roster, whole, strict=True)]
    teachers = pasts.staff_names(session, {meeting.teacher_id for meeting in chosen}, before)
    rows = tuple(
        _row(meeting, teachers[meeting.teacher_id], each.name, number, known[meeting.id, each.enrollment.id])
        for meeting in chosen
        for each, number in zip(roster, numbers, strict=True)
        if each.enrollment.created_at < meeting.ends_at
    )
    counted = class_days(session, [cohort.id], now, before).get(cohort.id, ())
    return Book(cohort, days, day, rows, tuple(each for each in counted if day in (None, each.day)))


def _known(
    session: Session,
    chosen: Sequence[ClassMeeting],
    roster: Sequence[RosterEntry],
    now: datetime,
    before: datetime | None,
) -> dict[tuple[uuid.UUID, uuid.UUID], Presence]:
    granted = {(meeting, each.enrollment.id) for each in roster for meeting in each.leaves}
    ids, now_ms = [each.enrollment.id for each in roster], study_clock.peek_ms(session)
    return presences(session, chosen, ids, now=now, now_ms=now_ms, before=before, granted=granted)


def _number(keyring: Keyring, each: RosterEntry, unmasked: bool) -> str:
    held = each.document_sealed
    number = sealed.open_document(keyring, each.enrollment.person_id, held) if held else ""
    return number if unmasked else mask_number(number)


def _row(meeting: ClassMeeting, teacher: str, name: str, number: str, presence: Presence) -> BookRow:
    marks = [mark for mark in (presence.signed_in, presence.signed_out) if mark is not None]
    return BookRow(
        held_on=meeting.held_on,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        title=meeting.title,
        name=name,
        number=number,
        in_at=presence.in_at,
        out_at=presence.out_at,
        methods=tuple(sorted({mark.method for mark in marks}, reverse=True)),
        standing=presence.standing,
        late_ms=max((mark.late_ms for mark in marks), default=0),
        teacher=teacher,
    )


def record_export(
    session: Session,
    actor: Actor,
    book: Book,
    *,
    file_format: str,
    unmasked: bool = False,
    purpose: str = "",
    now: datetime,
) -> str:
    """Leaves the audit row of a book about to be sent as a file; answers with the purpose as it is kept.

    Refused: export_purpose_missing (unmasked only), export_purpose_too_long, export_purpose_personal.
    """
    return exports.record(
        session,
        actor,
        "attendance",
        {"cohort": str(book.cohort.id), "day": book.day.isoformat() if book.day else None},
        file_format=file_format,
        rows=len(book.rows),
        organisation_id=book.cohort.organisation_id,
        unmasked=unmasked,
        purpose=purpose,
        now=now,
    )
