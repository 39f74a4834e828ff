"""The attendance book (出勤簿): one row a learner and class, in the columns of domain.md 6.1."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.attendance import ClassDay, Standing
from lms.domain.identity import mask_number
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.attendance import ClassMeeting
from lms.models.enrollments import Enrollment
from lms.models.people import Person
from lms.services import cohorts, consents, exports, scopes, sealed, study_clock
from lms.services.cohorts import CohortView
from lms.services.facts.attendance import Presence, class_days, presences
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
) -> Book:
    """The book of a cohort of the actor's institutions; NotFound for anybody else's.

    Cancelled classes are not in it, nor any that has not begun.
    """
    cohort = cohorts.get(session, actor, cohort_id, role=role)
    query = select(ClassMeeting).where(ClassMeeting.cohort_id == cohort.id, ClassMeeting.cancelled_at.is_(None))
    begun = session.scalars(query.where(ClassMeeting.starts_at <= now).order_by(ClassMeeting.starts_at)).all()
    days = tuple(sorted({meeting.held_on for meeting in begun}, reverse=True))
    chosen = [meeting for meeting in begun if day in (None, meeting.held_on)]
    people = (
        select(Enrollment, Person)
        .join(Person, Person.id == Enrollment.person_id)
        .where(Enrollment.cohort_id == cohort.id, scopes.may_show(role))
        .order_by(Enrollment.created_at, Enrollment.id)
    )
    roster = session.execute(people).all()
    known = presences(session, chosen, [each.id for each, _ in roster], now=now, now_ms=study_clock.peek_ms(session))
    refusing = consents.refusing(session, {person.id for _, person in roster}) if unmasked else set()
    who = {
        each.id: (person.name, _number(keyring, person, unmasked and person.id not in refusing))
        for each, person in roster
    }
    rows = tuple(
        _row(session, meeting, *who[enrollment.id], known[meeting.id, enrollment.id])
        for meeting in chosen
        for enrollment, _ in roster
        if enrollment.created_at < meeting.ends_at
    )
    counted = class_days(session, [cohort.id], now).get(cohort.id, ())
    return Book(cohort, days, day, rows, tuple(each for each in counted if day in (None, each.day)))


def _number(keyring: Keyring, person: Person, unmasked: bool) -> str:
    number = sealed.open_document(keyring, person.id, person.document_sealed)
    return number if unmasked else mask_number(number)


def _row(session: Session, meeting: ClassMeeting, name: str, number: str, presence: Presence) -> BookRow:
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
        teacher=session.get_one(Account, meeting.teacher_id).name,
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
