"""One person as pages show her: names, documents and their states; numbers masked."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain import documents
from lms.domain.documents import DocumentType, Sex, age_on, mask_number
from lms.domain.errors import Refused
from lms.domain.identity import mask_mobile
from lms.domain.verification import Outcome, State
from lms.models.accounts import Account
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.models.people import DocumentCheck, Person, PersonDocument, PersonLink, PersonName
from lms.models.study import StudySegment
from lms.services import audit, people, sealed
from lms.services.identity import places
from lms.services.scopes import Actor

LONGEST_YEARS = 100


@dataclass(frozen=True)
class CheckView:
    """The last question to an authority's service about a document; `outcome` is None while it waits."""

    source: str
    asked_by: str
    asked_at: datetime
    outcome: Outcome | None
    reference: str
    answered_at: datetime | None


@dataclass(frozen=True)
class DocumentView:
    """One document, masked. `remarks`: codes worded in `web/wording.py`; `is_over`: no longer valid today."""

    id: uuid.UUID
    document_type: DocumentType
    number: str
    remarks: tuple[str, ...]
    is_current: bool
    state: State
    valid_from: date | None
    valid_until: date | None
    is_over: bool
    last_check: CheckView | None


@dataclass(frozen=True)
class IdentityView:
    """A learner's identity. `names`: former ones with the day they began; `is_joined`: on record as others too."""

    enrollment_id: uuid.UUID | None
    cohort_id: uuid.UUID | None
    cohort: str
    name: str
    names: tuple[tuple[str, date], ...]
    phone: str
    born_on: date | None
    sex: Sex | None
    age: int | None
    documents: tuple[DocumentView, ...]
    is_joined: bool


@dataclass(frozen=True)
class PersonCard:
    """One of two persons as the platform's staff compare them; `studied_ms`: her wall time on record."""

    id: uuid.UUID
    name: str
    phone: str
    documents: tuple[DocumentView, ...]
    institutions: tuple[str, ...]
    studied_ms: int
    since: datetime


def of_learner(
    session: Session, keyring: Keyring, actor: Actor, enrollment_id: uuid.UUID, *, now: datetime
) -> IdentityView:
    """A learner of the actor's institution; NotFound for anybody else's."""
    place = places.find(session, actor, enrollment_id)
    where = (place.enrollment.id, place.cohort.id, place.cohort.name)
    return _view(session, keyring, place.person, where, clock.civil_day(now))


def own(session: Session, keyring: Keyring, actor: Actor, *, now: datetime) -> IdentityView | None:
    """The learner's own; None for an account that no institution has entered as a learner."""
    person = session.get(Person, actor.person_id) if actor.person_id else None
    return _view(session, keyring, person, (None, None, ""), clock.civil_day(now)) if person else None


def _view(
    session: Session,
    keyring: Keyring,
    person: Person,
    where: tuple[uuid.UUID | None, uuid.UUID | None, str],
    today: date,
) -> IdentityView:
    told = _told(keyring, person)
    linked = select(PersonLink.person_id).where(
        or_(PersonLink.person_id == person.id, PersonLink.living_id == person.id)
    )
    return IdentityView(
        *where,
        name=person.name,
        names=_names(session, person.id),
        phone=_phone(session, keyring, person.id),
        born_on=told.birth_on if told else None,
        sex=told.sex if told else None,
        age=age_on(told.birth_on, today) if told and told.birth_on else None,
        documents=_documents(session, keyring, person, today),
        is_joined=session.scalar(linked.limit(1)) is not None,
    )


def _told(keyring: Keyring, person: Person) -> documents.Document | None:
    """What the number that reports print tells; nothing where it was erased."""
    if not person.document_sealed:
        return None
    number = sealed.open_document(keyring, person.id, person.document_sealed)
    return documents.read(DocumentType(person.document_type), number) if number else None


def _names(session: Session, person_id: uuid.UUID) -> tuple[tuple[str, date], ...]:
    rows = select(PersonName.name, PersonName.since).where(PersonName.person_id == person_id)
    return tuple((name, clock.civil_day(at)) for name, at in session.execute(rows.order_by(PersonName.since.desc())))


def _phone(session: Session, keyring: Keyring, person_id: uuid.UUID) -> str:
    account = session.scalar(select(Account).where(Account.person_id == person_id))
    return mask_mobile(sealed.open_phone(keyring, account.id, account.phone_sealed)) if account else ""


def _documents(session: Session, keyring: Keyring, person: Person, today: date) -> tuple[DocumentView, ...]:
    found = places.standing(session, person.id)
    checks = _checks(session, [each.id for each in found])
    printed = _told(keyring, person)
    return tuple(_document(keyring, each, printed, checks.get(each.id), today) for each in found)


def _document(
    keyring: Keyring, row: PersonDocument, printed: documents.Document | None, check: CheckView | None, today: date
) -> DocumentView:
    kind, number = DocumentType(row.document_type), sealed.open_document(keyring, row.id, row.number_sealed)
    return DocumentView(
        id=row.id,
        document_type=kind,
        number=mask_number(number),
        remarks=tuple(row.remarks),
        is_current=printed is not None and (kind, number) == (printed.document_type, printed.number),
        state=State(row.state),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        is_over=row.valid_until is not None and row.valid_until < today,
        last_check=check,
    )


def _checks(session: Session, document_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, CheckView]:
    rows = select(DocumentCheck, Account.name).join(Account, Account.id == DocumentCheck.asked_by)
    mine = rows.where(DocumentCheck.document_id.in_(list(document_ids))).order_by(DocumentCheck.asked_at)
    return {check.document_id: _check(check, name) for check, name in session.execute(mine)}


def _check(row: DocumentCheck, name: str) -> CheckView:
    outcome = Outcome(row.outcome) if row.outcome else None
    return CheckView(row.source, name, row.asked_at, outcome, row.reference, row.answered_at)


def card(session: Session, keyring: Keyring, person_id: uuid.UUID) -> PersonCard:
    """One person for the platform's staff. The caller has required the role."""
    person = session.get_one(Person, person_id)
    wall = func.sum(StudySegment.wall_to_ms - StudySegment.wall_from_ms)
    where = (
        select(Organisation.name)
        .join(Cohort, Cohort.organisation_id == Organisation.id)
        .join(Enrollment, Enrollment.cohort_id == Cohort.id)
        .where(Enrollment.person_id == person_id)
    )
    return PersonCard(
        id=person.id,
        name=person.name,
        phone=_phone(session, keyring, person_id),
        documents=_documents(session, keyring, person, date.min),
        institutions=tuple(session.scalars(where.distinct().order_by(Organisation.name))),
        studied_ms=session.scalar(select(wall).where(StudySegment.person_id == person_id)) or 0,
        since=person.created_at,
    )


def set_validity(
    session: Session,
    actor: Actor,
    enrollment_id: uuid.UUID,
    document_id: uuid.UUID,
    valid_from: date | None,
    valid_until: date | None,
    *,
    now: datetime,
) -> None:
    """From when and until when a document is valid, as it says itself. Refused: identity_validity; NotFound."""
    place = places.find(session, actor, enrollment_id)
    found = places.document(session, place.person.id, document_id)
    if valid_from and valid_until and not valid_from < valid_until <= _latest(valid_from):
        raise Refused("identity_validity")
    found.valid_from, found.valid_until = valid_from, valid_until
    at: dict[str, Any] = {"now": now, "account_id": actor.account_id, "organisation_id": place.cohort.organisation_id}
    audit.record(session, "identity.validity", found.id, detail={"enrollment": str(enrollment_id)}, **at)


def _latest(day: date) -> date:
    return day.replace(year=min(day.year + LONGEST_YEARS, date.max.year), day=min(day.day, 28))


def print_document(
    session: Session, keyring: Keyring, actor: Actor, enrollment_id: uuid.UUID, document_id: uuid.UUID, *, now: datetime
) -> None:
    """Lets reports print another document of the learner's. NotFound for anybody else's."""
    place = places.find(session, actor, enrollment_id)
    found = places.document(session, place.person.id, document_id)
    number = sealed.open_document(keyring, found.id, found.number_sealed)
    told = documents.read(DocumentType(found.document_type), number)
    people.print_number(session, keyring, place.person.id, told, now=now)
    at: dict[str, Any] = {"now": now, "account_id": actor.account_id, "organisation_id": place.cohort.organisation_id}
    audit.record(session, "identity.print", found.id, detail={"enrollment": str(enrollment_id)}, **at)
