"""Evidence of groups: an institution enters it and sees the original, an officer verifies it; who did what is kept."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain.documents import mask_number
from lms.domain.eligibility import groups
from lms.domain.eligibility.groups import Entry, Group, Hands, Paper, State, group_named
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.identity import mask_name
from lms.domain.roles import Role
from lms.domain.words import check_words
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.eligibility import GroupEvidence, GroupWord
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.services import audit, humans, scopes, sealed
from lms.services.scopes import Actor

MOST = 200


@dataclass(frozen=True)
class Word:
    """One word on an entry."""

    state: State
    note: str
    who: str
    at: datetime


@dataclass(frozen=True)
class GroupRow:
    """An entry as pages show it: the number masked, the name too at the authority."""

    id: uuid.UUID
    name: str
    group: Group
    paper: Paper
    number: str
    valid_from: date
    valid_until: date | None
    organisation: str
    entered_by: str
    entered_at: datetime
    state: State
    words: tuple[Word, ...]
    open_words: tuple[State, ...] = ()
    why_not: str | None = None
    may_withdraw: bool = False


def evidence_of(actor: Actor, desk: Role) -> Select[GroupEvidence]:
    """The entries a desk works on: of the institutions its role reaches, for learners who still are theirs."""
    mine = scopes.places_of(actor, desk)
    hers = scopes.learners_of(actor, desk).with_only_columns(Enrollment.person_id)
    return select(GroupEvidence).where(GroupEvidence.organisation_id.in_(mine), GroupEvidence.person_id.in_(hers))


def enter_group(
    session: Session, keyring: Keyring, actor: Actor, enrollment_id: uuid.UUID, entry: Entry, *, now: datetime
) -> uuid.UUID:
    """An institution enters a paper of its learner.

    NotFound for another's; Forbidden: group_own; Refused: group_paper, group_day, group_validity, group_number;
    Conflict: group_twice while an entry of the same group and paper from the same day stands.
    """
    mine = scopes.learners_of(actor).where(Enrollment.id == enrollment_id)
    row = session.execute(mine.with_only_columns(Enrollment.person_id, Cohort.organisation_id)).one_or_none()
    if row is None:
        raise NotFound
    if humans.is_own(session, row.person_id, actor.account_id, actor.person_id):
        raise Forbidden("group_own")
    number = groups.check_entry(entry, clock.civil_day(now))
    session.execute(select(Person.id).where(Person.id == row.person_id).with_for_update())
    _check_new(session, row.person_id, row.organisation_id, entry)
    made = GroupEvidence(
        id=new_id(),
        person_id=row.person_id,
        organisation_id=row.organisation_id,
        group_code=entry.group.value,
        kind=entry.paper.value,
        number_sealed="",
        valid_from=entry.valid_from,
        valid_until=entry.valid_until,
        entered_by=actor.account_id,
        entered_at=now,
    )
    made.number_sealed = sealed.seal_group(keyring, made.id, number)
    session.add(made)
    session.flush()
    who = {"account_id": actor.account_id, "organisation_id": row.organisation_id}
    audit.record(session, "group.enter", made.id, now=now, detail={"group": entry.group.value}, **who)
    return made.id


def _check_new(session: Session, person_id: uuid.UUID, organisation_id: uuid.UUID, entry: Entry) -> None:
    same = select(GroupEvidence.id).where(
        GroupEvidence.person_id == person_id,
        GroupEvidence.organisation_id == organisation_id,
        GroupEvidence.group_code == entry.group.value,
        GroupEvidence.kind == entry.paper.value,
        GroupEvidence.valid_from == entry.valid_from,
    )
    standing = (State.ENTERED, State.SEEN, State.VERIFIED)
    if any(state_of(session, each) in standing for each in session.scalars(same)):
        raise Conflict("group_twice")


def state_of(session: Session, evidence_id: uuid.UUID) -> State:
    """The last word on an entry the caller has reached through a scope."""
    words = select(GroupWord.state).where(GroupWord.evidence_id == evidence_id)
    return State(session.scalar(words.order_by(GroupWord.number.desc()).limit(1)) or State.ENTERED)


def say_of_group(
    session: Session, actor: Actor, desk: Role, evidence_id: uuid.UUID, word: State, note: str, *, now: datetime
) -> None:
    """The next word on an entry, from this desk, by another human than who entered it.

    NotFound; Forbidden: group_desk, group_own, group_second_person; Conflict: group_step; Refused: words_*.
    """
    row = _locked(session, actor, desk, evidence_id)
    groups.check_word(desk, state_of(session, row.id), word)
    _hands(session, row).check(humans.self_of(session, actor.account_id, actor.person_id), word)
    place = row.organisation_id if desk is Role.INSTITUTION else None
    _append(session, actor, row, word, check_words(note), place, now)


def withdraw_group(session: Session, actor: Actor, evidence_id: uuid.UUID, *, now: datetime) -> None:
    """The institution takes back what it entered, until an officer has decided. NotFound; Conflict: group_step."""
    row = _locked(session, actor, Role.INSTITUTION, evidence_id)
    groups.check_withdrawal(state_of(session, row.id))
    _append(session, actor, row, State.WITHDRAWN, "", row.organisation_id, now)


def _locked(session: Session, actor: Actor, desk: Role, evidence_id: uuid.UUID) -> GroupEvidence:
    mine = evidence_of(actor, desk).where(GroupEvidence.id == evidence_id)
    row = session.scalar(mine.with_for_update())
    if row is None:
        raise NotFound
    return row


def _append(
    session: Session,
    actor: Actor,
    row: GroupEvidence,
    word: State,
    note: str,
    place: uuid.UUID | None,
    now: datetime,
) -> None:
    counted = session.scalar(select(func.count()).where(GroupWord.evidence_id == row.id)) or 0
    said = GroupWord(evidence_id=row.id, organisation_id=place, number=counted + 1, state=word.value, note=note)
    said.said_by, said.said_at = actor.account_id, now
    session.add(said)
    place, who = row.organisation_id, actor.account_id
    audit.record(session, f"group.{word.value}", row.id, now=now, account_id=who, organisation_id=place)
    session.flush()


def _hands(session: Session, row: GroupEvidence) -> Hands:
    spoke = set(session.scalars(select(GroupWord.said_by).where(GroupWord.evidence_id == row.id)))
    selves = humans.selves(session, {row.entered_by, *spoke})
    bodies = frozenset(humans.bodies(session, row.person_id))
    return Hands(selves[row.entered_by], frozenset(selves[each] for each in spoke), bodies)


def list_groups(session: Session, keyring: Keyring, actor: Actor, desk: Role) -> list[GroupRow]:
    """The entries of a desk: those that wait first, the longest waiting at the top; then the newest. `MOST` at most."""
    found = _rows(session, keyring, evidence_of(actor, desk).order_by(GroupEvidence.id.desc()).limit(MOST), desk)
    waiting = [each for each in reversed(found) if each.state in groups.OPEN]
    return [*waiting, *(each for each in found if each.state not in groups.OPEN)]


def list_of_learner(session: Session, keyring: Keyring, actor: Actor, enrollment_id: uuid.UUID) -> list[GroupRow]:
    """What this institution entered of its learner, oldest first; NotFound for another's."""
    mine = scopes.learners_of(actor).where(Enrollment.id == enrollment_id)
    person_id = session.scalar(mine.with_only_columns(Enrollment.person_id))
    if person_id is None:
        raise NotFound
    hers = evidence_of(actor, Role.INSTITUTION).where(GroupEvidence.person_id == person_id)
    return _rows(session, keyring, hers.order_by(GroupEvidence.id).limit(MOST), Role.INSTITUTION)


def get_group(session: Session, keyring: Keyring, actor: Actor, desk: Role, evidence_id: uuid.UUID) -> GroupRow:
    """One entry with what this reader may say of it; NotFound for what is not this desk's."""
    mine = evidence_of(actor, desk).where(GroupEvidence.id == evidence_id)
    found = _rows(session, keyring, mine, desk)
    if not found:
        raise NotFound
    row = session.get_one(GroupEvidence, evidence_id)
    hands, me = _hands(session, row), humans.self_of(session, actor.account_id, actor.person_id)
    words, why_not = [], None
    for word in groups.words_of(desk, found[0].state):
        try:
            hands.check(me, word)
        except Refused as refused:
            why_not = refused.code
        else:
            words.append(word)
    may_withdraw = desk is Role.INSTITUTION and found[0].state in groups.OPEN
    more: dict[str, Any] = {"open_words": tuple(words), "why_not": None if words else why_not}
    return GroupRow(**{**vars(found[0]), **more, "may_withdraw": may_withdraw})


def subject_of(session: Session, actor: Actor, evidence_id: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID]:
    """(enrollment, institution) under which an officer's look at an entry is on record, so that both see it."""
    row = session.scalar(evidence_of(actor, Role.OFFICER).where(GroupEvidence.id == evidence_id))
    if row is None:
        raise NotFound
    hers = scopes.learners_of(actor, Role.OFFICER).where(Enrollment.person_id == row.person_id)
    newest = hers.with_only_columns(Enrollment.id).order_by(Enrollment.id.desc()).limit(1)
    here = session.scalar(newest.where(Cohort.organisation_id == row.organisation_id))
    return here or session.scalars(newest).one(), row.organisation_id


def _rows(session: Session, keyring: Keyring, mine: Select[GroupEvidence], desk: Role) -> list[GroupRow]:
    query = (
        mine.join(Person, Person.id == GroupEvidence.person_id)
        .join(Account, Account.id == GroupEvidence.entered_by)
        .join(Organisation, Organisation.id == GroupEvidence.organisation_id)
        .add_columns(Person.name, Account.name, Organisation.name)
    )
    rows = session.execute(query).all()
    words = _words(session, [row[0].id for row in rows])
    return [_row(keyring, row, words.get(row[0].id, ()), desk) for row in rows]


def _row(keyring: Keyring, told: Sequence[Any], words: tuple[Word, ...], desk: Role) -> GroupRow:
    row, name, entered_by, organisation = told
    number = sealed.open_group(keyring, row.id, row.number_sealed)
    return GroupRow(
        id=row.id,
        name=name if desk is Role.INSTITUTION else mask_name(name),
        group=group_named(row.group_code),
        paper=Paper(row.kind),
        number=mask_number(number) if number else "",
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        organisation=organisation,
        entered_by=entered_by,
        entered_at=row.entered_at,
        state=words[-1].state if words else State.ENTERED,
        words=words,
    )


def _words(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[Word, ...]]:
    said = select(GroupWord, Account.name).join(Account, Account.id == GroupWord.said_by)
    found: dict[uuid.UUID, tuple[Word, ...]] = {}
    for row, who in session.execute(said.where(GroupWord.evidence_id.in_(ids)).order_by(GroupWord.number)):
        told = Word(State(row.state), row.note, who, row.said_at)
        found[row.evidence_id] = (*found.get(row.evidence_id, ()), told)
    return found
