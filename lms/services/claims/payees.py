"""Accounts to which subsidies are paid: two humans enter an institution's, a learner her own with consent."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.claims import payees
from lms.domain.claims.payees import Act, Card, State
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.identity import check_name
from lms.domain.labels import check_label
from lms.domain.notices import Purpose
from lms.domain.roles import Role
from lms.domain.subsidies import Doubt, Payee, ReasonCode
from lms.domain.words import check_words
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.organisations import Organisation
from lms.models.payees import PayeeAccount, PayeeStep
from lms.models.people import Person
from lms.services import audit, consents, humans, scopes, sealed
from lms.services.scopes import Actor

MOST = 200


@dataclass(frozen=True)
class Entered:
    """An account as somebody typed it."""

    holder: str
    bank: str
    account: str
    card: Card = Card.BANK


@dataclass(frozen=True)
class StepRow:
    """One thing that was done with an account."""

    act: Act
    note: str
    who: str
    at: datetime


@dataclass(frozen=True)
class AccountRow:
    """One account as pages show it. `owner`: the institution's name, "" for a learner's own.

    `is_same_holder`: whether it is in its owner's own name; `may_decide`: whether this reader may be the second person.
    """

    id: uuid.UUID
    organisation_id: uuid.UUID | None
    owner: str
    holder: str
    bank: str
    tail: str
    card: Card
    state: State
    is_same_holder: bool
    may_decide: bool
    entered_by: str
    entered_at: datetime
    steps: tuple[StepRow, ...]


def list_at_desk(session: Session, actor: Actor) -> list[AccountRow]:
    """The accounts of the actor's institutions: what waits first, then the one in force, then what was."""
    mine = PayeeAccount.organisation_id.in_(scopes.places_of(actor, Role.INSTITUTION))
    order = {State.PROPOSED: 0, State.IN_FORCE: 1}
    return sorted(_rows(session, actor, mine), key=lambda row: order.get(row.state, 2))


def list_own(session: Session, actor: Actor) -> list[AccountRow]:
    """A learner's own accounts under every person she is on record as, the newest first."""
    if actor.person_id is None:
        return []
    return _rows(session, actor, PayeeAccount.person_id.in_(humans.bodies(session, actor.person_id)))


def enter(
    session: Session, keyring: Keyring, actor: Actor, organisation_id: uuid.UUID, typed: Entered, *, now: datetime
) -> uuid.UUID:
    """Proposes an account of an institution; it counts once another of its staff has confirmed it.

    Refused: payee_holder, payee_bank, payee_account; Conflict: payee_waiting while another one waits.
    """
    place = scopes.organisations_of(actor).where(Organisation.id == organisation_id).with_for_update()
    if session.scalar(place) is None:
        raise NotFound
    waiting = PayeeAccount.organisation_id == organisation_id, PayeeAccount.state == State.PROPOSED.value
    if session.scalar(select(PayeeAccount.id).where(*waiting).limit(1)) is not None:
        raise Conflict("payee_waiting")
    holder = check_label(typed.holder, payees.LONGEST_BANK, "payee_holder")
    row = _made(keyring, actor, holder, typed, State.PROPOSED, now)
    row.organisation_id = organisation_id
    session.add(row)
    session.flush()
    _note(session, "payee.enter", row, actor, now)
    return row.id


def decide(session: Session, actor: Actor, payee_id: uuid.UUID, act: Act, note: str, *, now: datetime) -> None:
    """Confirms, turns down or withdraws an institution's account; a confirmed one replaces the one before.

    Refused: words_*; Forbidden: payee_second_person; Conflict: payee_step.
    """
    mine = PayeeAccount.organisation_id.in_(scopes.places_of(actor, Role.INSTITUTION))
    row = session.scalar(select(PayeeAccount).where(mine, PayeeAccount.id == payee_id).with_for_update())
    if row is None or act is Act.REPLACE:
        raise NotFound
    payees.step(State(row.state), act)
    me = humans.self_of(session, actor.account_id, actor.person_id)
    payees.check_second(act, humans.self_of(session, row.entered_by), me)
    note = check_words(note) if act is Act.TURN_DOWN else ""
    if act is Act.CONFIRM:
        _replace(session, actor, PayeeAccount.organisation_id == row.organisation_id, now)
    _step(session, actor, row, act, note, now)


def enter_own(
    session: Session, keyring: Keyring, actor: Actor, typed: Entered, *, agreed: bool, language: str, now: datetime
) -> uuid.UUID:
    """A learner's own account, in force at once; her separate consent (PIPL 29) is recorded with it.

    Refused: payee_consent without it, payee_bank, payee_account, name_*.
    """
    person_id = _own(session, actor)
    if not agreed:
        raise Refused("payee_consent")
    consents.lock(session, person_id)
    row = _made(keyring, actor, check_name(typed.holder), typed, State.IN_FORCE, now)
    row.person_id = person_id
    consents.record(session, actor, person_id, Purpose.ACCOUNT, given=True, language=language, now=now)
    _replace(session, actor, PayeeAccount.person_id.in_(humans.bodies(session, person_id)), now)
    session.add(row)
    session.flush()
    _note(session, "payee.enter", row, actor, now)
    return row.id


def withdraw_own(session: Session, actor: Actor, payee_id: uuid.UUID, *, language: str, now: datetime) -> None:
    """She takes back an account and her consent; nothing is paid to it any more. Conflict: payee_step."""
    bodies = humans.bodies(session, _own(session, actor))
    mine = PayeeAccount.person_id.in_(bodies), PayeeAccount.id == payee_id
    row = session.scalar(select(PayeeAccount).where(*mine).with_for_update())
    if row is None:
        raise NotFound
    _step(session, actor, row, Act.WITHDRAW, "", now)
    consents.record(session, actor, bodies[0], Purpose.ACCOUNT, given=False, language=language, now=now)


def payees_of(session: Session, owner_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Payee]:
    """By institution or living person: the account in force, for claims and funds; none where there is none, or where
    she has taken back her consent. The caller reached them through a scope."""
    people = humans.circles(session, owner_ids)
    owners = PayeeAccount.organisation_id.in_(owner_ids) | PayeeAccount.person_id.in_(people)
    query = select(PayeeAccount).where(owners, PayeeAccount.state == State.IN_FORCE.value).order_by(PayeeAccount.id)
    found = {}
    for row in session.scalars(query):
        if row.organisation_id is not None:
            found[row.organisation_id] = _payee("organisation", row.organisation_id, row)
        elif row.person_id is not None:
            living = people[row.person_id]
            if consents.standing(session, living, Purpose.ACCOUNT).holds:
                found[living] = _payee("person", living, row)
    return found


def doubts(session: Session, owner_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Doubt]]:
    """By institution or living person: that its account is not in its own name (E61). Never a refusal."""
    names = dict(
        session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(owner_ids))).all()
    )
    names |= dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(owner_ids))).all())
    return {
        owner: [Doubt("payee_name_differs", ReasonCode.ACCOUNT_MISMATCH, {"tail": payee.account_tail})]
        for owner, payee in payees_of(session, owner_ids).items()
        if not payees.is_same_holder(payee.name, names.get(owner, ""))
    }


def _payee(kind: str, owner_id: uuid.UUID, row: PayeeAccount) -> Payee:
    return Payee(kind, owner_id, row.holder, row.bank, row.account_sealed, row.account_tail, row.id)


def _own(session: Session, actor: Actor) -> uuid.UUID:
    if actor.person_id is None:
        raise Forbidden("payee_nobody")
    return humans.living(session, actor.person_id)


def _made(keyring: Keyring, actor: Actor, holder: str, typed: Entered, state: State, now: datetime) -> PayeeAccount:
    row_id, number = new_id(), payees.check_account(typed.account)
    return PayeeAccount(
        id=row_id,
        card=typed.card.value,
        holder=holder,
        bank=check_label(typed.bank, payees.LONGEST_BANK, "payee_bank"),
        account_sealed=sealed.seal_account(keyring, row_id, number),
        account_index=sealed.account_index(keyring, number),
        account_tail=payees.tail(number),
        state=state.value,
        entered_by=actor.account_id,
        entered_at=now,
    )


def _replace(session: Session, actor: Actor, owner: ColumnElement[bool], now: datetime) -> None:
    in_force = select(PayeeAccount).where(owner, PayeeAccount.state == State.IN_FORCE.value).with_for_update()
    for old in session.scalars(in_force).all():
        _step(session, actor, old, Act.REPLACE, "", now)


def _step(session: Session, actor: Actor, row: PayeeAccount, act: Act, note: str, now: datetime) -> None:
    row.state = payees.step(State(row.state), act).value
    count = select(func.count()).select_from(PayeeStep).where(PayeeStep.payee_account_id == row.id)
    number = (session.scalar(count) or 0) + 1
    told = {"number": number, "act": act.value, "note": note, "account_id": actor.account_id, "at": now}
    session.add(PayeeStep(payee_account_id=row.id, **told))
    session.flush()
    _note(session, f"payee.{act}", row, actor, now)


def _note(session: Session, action: str, row: PayeeAccount, actor: Actor, now: datetime) -> None:
    place = row.organisation_id
    audit.record(session, action, row.id, now=now, account_id=actor.account_id, organisation_id=place)


def _rows(session: Session, actor: Actor, mine: ColumnElement[bool]) -> list[AccountRow]:
    owner = func.coalesce(Organisation.name, Person.name, "")
    query = select(PayeeAccount, owner, Account.name).join(Account, Account.id == PayeeAccount.entered_by)
    query = query.outerjoin(Organisation, Organisation.id == PayeeAccount.organisation_id)
    query = query.outerjoin(Person, Person.id == PayeeAccount.person_id).where(mine)
    rows = session.execute(query.order_by(PayeeAccount.id.desc()).limit(MOST)).all()
    steps = _steps(session, [row.id for row, _, _ in rows])
    hers = humans.accounts_of(session, actor.account_id)
    return [_row(row, name, who, steps.get(row.id, []), row.entered_by not in hers) for row, name, who in rows]


def _row(row: PayeeAccount, owner: str, who: str, steps: list[StepRow], is_other: bool) -> AccountRow:
    return AccountRow(
        id=row.id,
        organisation_id=row.organisation_id,
        owner=owner,
        holder=row.holder,
        bank=row.bank,
        tail=row.account_tail,
        card=Card(row.card),
        state=State(row.state),
        is_same_holder=payees.is_same_holder(row.holder, owner),
        may_decide=is_other and row.state == State.PROPOSED.value,
        entered_by=who,
        entered_at=row.entered_at,
        steps=tuple(steps),
    )


def _steps(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[StepRow]]:
    found: dict[uuid.UUID, list[StepRow]] = {}
    query = select(PayeeStep, Account.name).join(Account, Account.id == PayeeStep.account_id)
    for row, who in session.execute(query.where(PayeeStep.payee_account_id.in_(ids)).order_by(PayeeStep.number)):
        found.setdefault(row.payee_account_id, []).append(StepRow(Act(row.act), row.note, who, row.at))
    return found
