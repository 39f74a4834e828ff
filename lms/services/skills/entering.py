"""A certificate from elsewhere is entered, by its holder or by an institution of hers, and may be taken back."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain import assessors, qualifications
from lms.domain.errors import Conflict, Forbidden, NotFound
from lms.domain.labels import check_label
from lms.domain.levels import Level
from lms.domain.qualifications import Kind, State, Told
from lms.domain.roles import Role
from lms.models.base import new_id
from lms.models.enrollments import Cohort, Enrollment
from lms.models.skills import Qualification, QualificationWord
from lms.services import audit, humans, scopes, sealed
from lms.services.scopes import Actor

LONGEST_OCCUPATION, LONGEST_ISSUER = 80, 120


@dataclass(frozen=True)
class Entered:
    """A certificate as somebody types it from the paper; `issuer_code` may be empty."""

    kind: Kind
    occupation: str
    level: Level | None
    issuer: str
    issuer_code: str
    number: str
    issued_on: date
    valid_until: date | None = None


def enter_own(session: Session, keyring: Keyring, actor: Actor, entered: Entered, *, now: datetime) -> uuid.UUID:
    """A learner enters a certificate of her own. Refused: as `_enter`; NotFound without a person."""
    if actor.person_id is None:
        raise NotFound
    return _enter(session, keyring, actor, actor.person_id, None, entered, now)


def enter_of_learner(
    session: Session, keyring: Keyring, actor: Actor, enrollment_id: uuid.UUID, entered: Entered, *, now: datetime
) -> uuid.UUID:
    """An institution enters one of its learner. Forbidden: qualification_own for one's own; Refused: as `_enter`."""
    mine = scopes.learners_of(actor).where(Enrollment.id == enrollment_id)
    row = session.execute(mine.with_only_columns(Enrollment.person_id, Cohort.organisation_id)).one_or_none()
    if row is None:
        raise NotFound
    if humans.is_own(session, row.person_id, actor.account_id, actor.person_id):
        raise Forbidden("qualification_own")
    return _enter(session, keyring, actor, row.person_id, row.organisation_id, entered, now)


def _enter(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    person_id: uuid.UUID,
    organisation_id: uuid.UUID | None,
    entered: Entered,
    now: datetime,
) -> uuid.UUID:
    """Refused: qualification_*, credit_code_*; Conflict: qualification_twice where the same hands entered it before."""
    told = _told(entered)
    qualifications.check_told(told, clock.civil_day(now))
    number, made_id = qualifications.check_number(entered.number), new_id()
    index = sealed.qualification_index(keyring, told.kind, number)
    _check_new(session, person_id, organisation_id, index)
    made = Qualification(
        id=made_id,
        person_id=person_id,
        organisation_id=organisation_id,
        kind=told.kind.value,
        occupation=told.occupation,
        level=None if told.level is None else int(told.level),
        issuer=told.issuer,
        issuer_code=told.issuer_code,
        number_sealed=sealed.seal_qualification(keyring, made_id, number),
        number_index=index,
        issued_on=told.issued_on,
        valid_until=told.valid_until,
        entered_by=actor.account_id,
        entered_at=now,
    )
    session.add(made)
    session.flush()
    place = {"account_id": actor.account_id, "organisation_id": organisation_id}
    audit.record(session, "qualification.enter", made_id, now=now, detail={"kind": told.kind.value}, **place)
    return made_id


def _told(entered: Entered) -> Told:
    return Told(
        kind=entered.kind,
        occupation=check_label(entered.occupation, LONGEST_OCCUPATION, "qualification_occupation"),
        level=entered.level,
        issuer=check_label(entered.issuer, LONGEST_ISSUER, "qualification_issuer"),
        issuer_code=assessors.check_code(entered.issuer_code) if entered.issuer_code.strip() else "",
        issued_on=entered.issued_on,
        valid_until=entered.valid_until,
    )


def _check_new(session: Session, person_id: uuid.UUID, organisation_id: uuid.UUID | None, index: str) -> None:
    """What another institution entered of her is not told here, so it does not stand in the way either."""
    same = select(Qualification).where(
        Qualification.person_id == person_id,
        Qualification.number_index == index,
        Qualification.organisation_id == organisation_id
        if organisation_id
        else Qualification.organisation_id.is_(None),
    )
    for row in session.scalars(same):
        if state_of(session, row.id) is not State.WITHDRAWN:
            raise Conflict("qualification_twice")


def state_of(session: Session, qualification_id: uuid.UUID, read: ColumnElement[bool] | None = None) -> State:
    """The last word on a certificate the caller has reached through a scope; of those she may `read`."""
    words = select(QualificationWord.state).where(QualificationWord.qualification_id == qualification_id)
    if read is not None:
        words = words.where(read)
    return State(session.scalar(words.order_by(QualificationWord.number.desc()).limit(1)) or State.ENTERED)


def append_word(
    session: Session,
    actor: Actor,
    row: Qualification,
    told: tuple[State, str, str],
    place: uuid.UUID | None,
    *,
    now: datetime,
) -> None:
    """The next word on a certificate, and the act on record. `told`: state, way, note; `place`: whose word it is."""
    counted = select(func.count()).where(QualificationWord.qualification_id == row.id)
    number = (session.scalar(counted) or 0) + 1
    state, way, note = told
    said = QualificationWord(qualification_id=row.id, organisation_id=place, number=number, state=state.value)
    said.way, said.note, said.said_by, said.said_at = way, note, actor.account_id, now
    session.add(said)
    who = {"account_id": actor.account_id, "organisation_id": place}
    audit.record(session, f"qualification.{state}", row.id, now=now, detail={"way": way}, **who)
    session.flush()


def withdraw_own(session: Session, actor: Actor, qualification_id: uuid.UUID, *, now: datetime) -> None:
    """She takes back what she entered. NotFound for what others entered; Conflict: qualification_step."""
    mine = scopes.own_qualifications_of(actor).where(Qualification.organisation_id.is_(None))
    _withdraw(session, actor, mine, qualification_id, now)


def withdraw_at_desk(session: Session, actor: Actor, qualification_id: uuid.UUID, *, now: datetime) -> None:
    """An institution takes back what it entered. NotFound for what others entered; Conflict: qualification_step."""
    mine = scopes.qualifications_of(actor, Role.INSTITUTION).where(Qualification.organisation_id.is_not(None))
    _withdraw(session, actor, mine, qualification_id, now)


def _withdraw(
    session: Session, actor: Actor, mine: Select[Qualification], qualification_id: uuid.UUID, now: datetime
) -> None:
    row = session.scalar(mine.where(Qualification.id == qualification_id).with_for_update())
    if row is None:
        raise NotFound
    qualifications.check_withdrawal(state_of(session, row.id))
    append_word(session, actor, row, (State.WITHDRAWN, "", ""), row.organisation_id, now=now)
