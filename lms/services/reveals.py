"""Who saw whole numbers: one row for each, for the institution, the learner and the inspector to read.

Three acts show them: a page that reveals one number (`person.reveal`), a list exported in full (`report.export`), and
the number of a certificate from elsewhere that the platform looks up (`qualification.reveal`). There is no fourth way.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.errors import NotFound, Refused
from lms.domain.reveals import OF_LEARNER, Purpose, RevealField
from lms.domain.roles import Role
from lms.domain.words import check_words
from lms.models.accounts import Account
from lms.models.audit import AuditEvent
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.models.skills import Qualification
from lms.services import audit, consents, humans, scopes, sealed
from lms.services.scopes import Actor

ACTION = "person.reveal"
EXPORT = "report.export"
OF_CERTIFICATE = "qualification.reveal"
ONE = (ACTION, OF_CERTIFICATE)
"""The acts that show one number of one person."""
PAGE = 50
MOST = 500


@dataclass(frozen=True)
class Revealed:
    """One whole number, for one page view."""

    name: str
    field: RevealField
    value: str


@dataclass(frozen=True)
class RevealRow:
    """One reveal on record; `field` is None for a list exported in full, whose `reason` is its purpose."""

    at: datetime
    who: str
    organisation: str
    learner: str
    field: RevealField | None
    purpose: Purpose | None
    reason: str


@dataclass(frozen=True)
class RevealPage:
    """One page of reveals, the newest first; `page` counts from 1."""

    rows: tuple[RevealRow, ...]
    page: int
    pages: int


def reveal(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    enrollment_id: uuid.UUID,
    field: RevealField,
    purpose: Purpose,
    reason: str,
    *,
    now: datetime,
) -> Revealed:
    """The whole number or phone of a learner of the actor's institution, once it is on record why.

    NotFound for anybody else's learner, and for a phone where she has none; Refused: words_*, reveal_withheld where
    she does not agree that her number is used.
    """
    person, cohort = _learner(session, actor, enrollment_id)
    reason = check_words(reason)
    if field not in OF_LEARNER:
        raise NotFound
    if field is RevealField.NUMBER and consents.refusing(session, [person.id]):
        raise Refused("reveal_withheld")
    value = _value(session, keyring, person, field)
    audit.record(
        session,
        ACTION,
        enrollment_id,
        now=now,
        account_id=actor.account_id,
        organisation_id=cohort.organisation_id,
        detail={"field": field.value, "purpose": purpose.value, "reason": reason},
    )
    return Revealed(person.name, field, value)


def _learner(session: Session, actor: Actor, enrollment_id: uuid.UUID) -> tuple[Person, Cohort]:
    mine = scopes.learners_of(actor).where(Enrollment.id == enrollment_id)
    row = session.execute(
        mine.join(Person, Person.id == Enrollment.person_id).add_columns(Person, Cohort)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[1], row[2]


def _value(session: Session, keyring: Keyring, person: Person, field: RevealField) -> str:
    if field is RevealField.NUMBER:
        return sealed.open_document(keyring, person.id, person.document_sealed)
    account = session.scalar(select(Account).where(Account.person_id == person.id))
    if account is None:
        raise NotFound
    return sealed.open_phone(keyring, account.id, account.phone_sealed)


def list_of_institution(
    session: Session,
    actor: Actor,
    role: Role = Role.INSTITUTION,
    *,
    organisation_id: uuid.UUID | None = None,
    page: int = 1,
) -> RevealPage:
    """What was shown at the actor's institutions, or, to an inspector, at the one she looks into.

    NotFound for an institution that is not hers to see; a page beyond the last is the last.
    """
    mine = scopes.organisations_of(actor, role).with_only_columns(Organisation.id)
    if organisation_id is not None:
        mine = mine.where(Organisation.id == organisation_id)
        if session.scalar(mine) is None:
            raise NotFound
    where = _whole() & AuditEvent.organisation_id.in_(mine)
    pages = max(1, -(-(session.scalar(select(func.count()).select_from(AuditEvent).where(where)) or 0) // PAGE))
    page = min(max(page, 1), pages)
    shown = _newest(where).limit(PAGE).offset((page - 1) * PAGE)
    return RevealPage(tuple(_rows(session, session.scalars(shown).all())), page, pages)


def list_of_learner(session: Session, actor: Actor) -> list[RevealRow]:
    """Who saw the learner's own numbers, the latest first: shown one by one, or in a list of her class."""
    return list_of_persons(session, humans.bodies(session, actor.person_id) if actor.person_id else ())


def list_of_persons(session: Session, person_ids: Collection[uuid.UUID]) -> list[RevealRow]:
    """The same of persons who are the reader herself."""
    mine = select(Enrollment.id, Cohort.id, Cohort.organisation_id).join(Cohort, Cohort.id == Enrollment.cohort_id)
    rows = session.execute(mine.where(Enrollment.person_id.in_(person_ids))).all()
    cohort = AuditEvent.detail["cohort"].as_string()  # a list of all cohorts names none
    lists = AuditEvent.organisation_id.in_({row[2] for row in rows}) & (AuditEvent.action == EXPORT)
    hers = AuditEvent.subject.in_({str(row[0]) for row in rows}) & (AuditEvent.action == ACTION)
    certificates = select(Qualification.id).where(Qualification.person_id.in_(person_ids))
    numbers = AuditEvent.subject.in_({str(each) for each in session.scalars(certificates)})
    hers |= numbers & (AuditEvent.action == OF_CERTIFICATE)
    where = hers | (lists & (cohort.in_({str(row[1]) for row in rows}) | cohort.is_(None)))
    return _rows(session, session.scalars(_newest(_whole() & where).limit(MOST)).all())


def _whole() -> ColumnElement[bool]:
    """Acts that showed whole numbers: an export that was masked showed none."""
    in_full: ColumnElement[bool] = AuditEvent.detail["masked"].as_boolean().is_(False)
    return or_(AuditEvent.action.in_(ONE), and_(AuditEvent.action == EXPORT, in_full))


def _newest(where: ColumnElement[bool]) -> Select[AuditEvent]:
    return select(AuditEvent).where(where).order_by(AuditEvent.id.desc())


def _rows(session: Session, events: Sequence[AuditEvent]) -> list[RevealRow]:
    who = _names(session, select(Account.id, Account.name), Account.id, {each.account_id for each in events})
    ids = {each.organisation_id for each in events}
    where = _names(session, select(Organisation.id, Organisation.name), Organisation.id, ids)
    told = {uuid.UUID(each.subject) for each in events if each.action in ONE}
    people = select(Enrollment.id, Person.name).join(Person, Person.id == Enrollment.person_id)
    holders = select(Qualification.id, Person.name).join(Person, Person.id == Qualification.person_id)
    learners = _names(session, people, Enrollment.id, told) | _names(session, holders, Qualification.id, told)
    return [_row(each, who, where, learners) for each in events]


def _names(session: Session, query: Select[Any, Any], key: Any, ids: set[Any]) -> dict[str, str]:
    return {str(row[0]): row[1] for row in session.execute(query.where(key.in_(ids - {None})))}


def _row(event: AuditEvent, who: Mapping[str, str], where: Mapping[str, str], learners: Mapping[str, str]) -> RevealRow:
    told = event.detail
    one = event.action in ONE
    field, purpose = _what(event)
    return RevealRow(
        at=event.at,
        who=who.get(str(event.account_id), ""),
        organisation=where.get(str(event.organisation_id), ""),
        learner=learners.get(event.subject, "") if one else "",
        field=field,
        purpose=purpose,
        reason=str(told["reason"] if one else told.get("purpose", "")),
    )


def _what(event: AuditEvent) -> tuple[RevealField | None, Purpose | None]:
    if event.action == OF_CERTIFICATE:
        return RevealField.CERTIFICATE, Purpose.CERTIFICATE
    if event.action == ACTION:
        return RevealField(event.detail["field"]), Purpose(event.detail["purpose"])
    return None, None


def count_of_enrollment(session: Session, enrollment_id: uuid.UUID) -> int:
    """How often numbers of one learner were shown by her institution; the caller has reached her through a scope."""
    mine = (AuditEvent.action == ACTION) & (AuditEvent.subject == str(enrollment_id))
    return session.scalar(select(func.count()).select_from(AuditEvent).where(mine)) or 0
