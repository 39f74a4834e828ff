"""Certificates from elsewhere as pages show them: numbers masked, each with what is known and what rests on it."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain import qualifications
from lms.domain.documents import mask_number
from lms.domain.errors import NotFound, Refused
from lms.domain.levels import Level
from lms.domain.qualifications import Kind, State, Told, Way
from lms.domain.roles import Role
from lms.domain.verdicts import Verdict
from lms.models.accounts import Account
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.models.skills import Qualification, QualificationWord
from lms.services import humans, scopes, sealed
from lms.services.scopes import Actor
from lms.services.skills import checking, register
from lms.services.skills.checking import NumberShown

MOST = 200
OPEN = (State.ENTERED, State.SEEN)


@dataclass(frozen=True)
class WordRow:
    """One word on a certificate; `way` is None for a withdrawal."""

    state: State
    way: Way | None
    note: str
    who: str
    at: datetime


@dataclass(frozen=True)
class QualificationRow:
    """A certificate with what is known of it. `level_verdict`: whether a level rests on it (domain/qualifications)."""

    id: uuid.UUID
    person_id: uuid.UUID
    name: str
    told: Told
    number: str
    number_index: str
    entered_by: str
    entered_at: datetime
    organisation: str
    state: State
    words: tuple[WordRow, ...]
    level_verdict: Verdict


@dataclass(frozen=True)
class QualificationPage:
    """One certificate, opened. `open_words`: what this reader may say; `why_not`: the code that forbids her to.

    `same_number`: how many other persons stand with this number, for the platform only.
    """

    row: QualificationRow
    open_words: tuple[State, ...]
    why_not: str | None
    may_withdraw: bool
    shown: tuple[NumberShown, ...]
    same_number: int = 0


def list_at_desk(session: Session, keyring: Keyring, actor: Actor, desk: Role) -> list[QualificationRow]:
    """The certificates of a desk: those nobody has decided on, the longest waiting first; then the newest."""
    said = select(QualificationWord.id).where(QualificationWord.qualification_id == Qualification.id)
    decided = said.where(QualificationWord.state.not_in(OPEN)).correlate(Qualification).exists()
    order = (decided, case((~decided, Qualification.id)), Qualification.id.desc())
    read = scopes.qualification_words_of(actor, desk)
    return rows_of(session, keyring, scopes.qualifications_of(actor, desk), read, order)


def get_at_desk(
    session: Session, keyring: Keyring, actor: Actor, desk: Role, qualification_id: uuid.UUID
) -> QualificationPage:
    """One certificate for a desk; NotFound for what is not this desk's."""
    mine = scopes.qualifications_of(actor, desk).where(Qualification.id == qualification_id)
    row = _one(session, keyring, mine, scopes.qualification_words_of(actor, desk))
    open_words, why_not = _sayable(session, actor, mine, qualifications.words_of(desk, row.state))
    at_home = desk is Role.INSTITUTION and bool(row.organisation)
    everywhere = desk is Role.PLATFORM
    return QualificationPage(
        row=row,
        open_words=open_words,
        why_not=why_not,
        may_withdraw=at_home and row.state in OPEN,
        shown=tuple(checking.shown(session, row.id)) if everywhere else (),
        same_number=_same(session, row) if everywhere else 0,
    )


def get_own(session: Session, keyring: Keyring, actor: Actor, qualification_id: uuid.UUID) -> QualificationPage:
    """One of the learner's own; she sees who saw its whole number."""
    mine = scopes.own_qualifications_of(actor).where(Qualification.id == qualification_id)
    row = _one(session, keyring, mine, scopes.qualification_words_of(actor, Role.LEARNER))
    may_withdraw = not row.organisation and row.state in OPEN
    return QualificationPage(row, (), None, may_withdraw, tuple(checking.shown(session, row.id)))


def _one(
    session: Session, keyring: Keyring, mine: Select[Qualification], read: ColumnElement[bool]
) -> QualificationRow:
    found = rows_of(session, keyring, mine, read)
    if not found:
        raise NotFound
    return found[0]


def _sayable(
    session: Session, actor: Actor, mine: Select[Qualification], words: Sequence[State]
) -> tuple[tuple[State, ...], str | None]:
    """Of the words that this desk might say those that this person may; the code that forbids them if it is none."""
    hands, why_not = checking.hands_of(session, session.scalars(mine).one()), None
    me = humans.self_of(session, actor.account_id, actor.person_id)
    allowed = []
    for word in words:
        try:
            hands.check(me, me, word)
        except Refused as refused:
            why_not = refused.code
        else:
            allowed.append(word)
    return tuple(allowed), None if allowed else why_not


def _same(session: Session, row: QualificationRow) -> int:
    others = select(func.count(func.distinct(Qualification.person_id)))
    same = (Qualification.number_index == row.number_index) & (Qualification.person_id != row.person_id)
    return session.scalar(others.where(same)) or 0


def rows_of(
    session: Session,
    keyring: Keyring,
    mine: Select[Qualification],
    read: ColumnElement[bool],
    order: Sequence[Any] = (Qualification.id,),
) -> list[QualificationRow]:
    """The certificates of a scope, the oldest entry first unless told otherwise; `MOST` at most.

    `read`: which words on them the reader may know of (`scopes.qualification_words_of`); states rest on those.
    """
    query = (
        mine.join(Person, Person.id == Qualification.person_id)
        .join(Account, Account.id == Qualification.entered_by)
        .outerjoin(Organisation, Organisation.id == Qualification.organisation_id)
        .add_columns(Person.name, Account.name, Organisation.name)
    )
    rows = session.execute(query.order_by(*order).limit(MOST)).all()
    words = _words(session, [row[0].id for row in rows], read)
    filings = register.registered(session, {row[0].issuer_code for row in rows} - {""})
    made = []
    for row, name, entered_by, organisation in rows:
        told, spoken = told_of(row), words.get(row.id, ())
        state = spoken[-1].state if spoken else State.ENTERED
        made.append(
            QualificationRow(
                id=row.id,
                person_id=row.person_id,
                name=name,
                told=told,
                number=mask_number(sealed.open_qualification(keyring, row.id, row.number_sealed)),
                number_index=row.number_index,
                entered_by=entered_by,
                entered_at=row.entered_at,
                organisation=organisation or "",
                state=state,
                words=spoken,
                level_verdict=qualifications.assess(told, state, filings),
            )
        )
    return made


def told_of(row: Qualification) -> Told:
    """What a certificate says of itself."""
    return Told(
        kind=Kind(row.kind),
        occupation=row.occupation,
        level=None if row.level is None else Level(row.level),
        issuer=row.issuer,
        issuer_code=row.issuer_code,
        issued_on=row.issued_on,
        valid_until=row.valid_until,
    )


def _words(
    session: Session, ids: Collection[uuid.UUID], read: ColumnElement[bool]
) -> dict[uuid.UUID, tuple[WordRow, ...]]:
    said = select(QualificationWord, Account.name).join(Account, Account.id == QualificationWord.said_by)
    mine = said.where(QualificationWord.qualification_id.in_(ids), read).order_by(QualificationWord.number)
    found: dict[uuid.UUID, tuple[WordRow, ...]] = {}
    for word, who in session.execute(mine):
        way = Way(word.way) if word.way else None
        told = WordRow(State(word.state), way, word.note, who, word.said_at)
        found[word.qualification_id] = (*found.get(word.qualification_id, ()), told)
    return found


def has_own(session: Session, actor: Actor) -> bool:
    """Whether the learner holds a certificate from elsewhere, on which levels and credits may rest."""
    return bool(session.scalar(select(scopes.own_qualifications_of(actor).exists())))
