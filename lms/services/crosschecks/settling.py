"""Matches: seen by the authority and settled in words, seen by the learner and objected to in words."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain.crosschecks import lists
from lms.domain.crosschecks.lists import ListKind, Outcome
from lms.domain.errors import Forbidden, NotFound
from lms.domain.identity import mask_number
from lms.domain.roles import Role
from lms.domain.words import check_words
from lms.models.accounts import Account
from lms.models.crosschecks import OutsideList, OutsideMatch, OutsideWord
from lms.models.people import Person
from lms.services import audit, humans, outside, sealed
from lms.services.crosschecks import places
from lms.services.scopes import Actor

MOST_LISTED = 500


@dataclass(frozen=True)
class WordView:
    """One word on a match. `by`: who of the staff said it, "" for her own objection."""

    outcome: Outcome
    over_on: date | None
    words: str
    by: str
    at: datetime


@dataclass(frozen=True)
class MatchView:
    """One match. `name`, `number` (masked): of the person on record; `held`: what holds, None while it is open."""

    id: uuid.UUID
    list_id: uuid.UUID
    kind: ListKind
    source: str
    as_of_on: date
    name: str
    number: str
    name_fits: bool
    from_on: date | None
    until_on: date | None
    found_at: datetime
    words: tuple[WordView, ...]
    held: Outcome | None


def list_matches(session: Session, keyring: Keyring, actor: Actor, list_id: uuid.UUID | None = None) -> list[MatchView]:
    """The matches of one list, or of all she reaches: those that wait first, then the newest."""
    wanted = places.matches_of(actor).order_by(OutsideMatch.id.desc()).limit(MOST_LISTED)
    if list_id is not None:
        wanted = wanted.where(OutsideMatch.list_id == list_id)
    return sorted(_shown(session, keyring, session.scalars(wanted).all()), key=lambda each: each.held is not None)


def get_match(session: Session, keyring: Keyring, actor: Actor, match_id: uuid.UUID) -> MatchView:
    """One match. NotFound."""
    found = session.scalar(places.matches_of(actor).where(OutsideMatch.id == match_id))
    if found is None:
        raise NotFound
    return _shown(session, keyring, [found])[0]


def settle(
    session: Session,
    actor: Actor,
    match_id: uuid.UUID,
    outcome: Outcome,
    words: str,
    *,
    over_on: date | None = None,
    now: datetime,
) -> None:
    """An officer says what is true, in words.

    Refused: outside_outcome, outside_over_on, words_length, words_personal; Conflict: outside_settled; Forbidden:
    outside_own where it is she herself; NotFound.
    """
    found = session.scalar(places.matches_of(actor, Role.OFFICER).where(OutsideMatch.id == match_id).with_for_update())
    if found is None:
        raise NotFound
    if humans.is_own(session, found.person_id, actor.account_id, actor.person_id):
        raise Forbidden("outside_own")
    said = outside.words_of(session, [found.id]).get(found.id, [])
    held = lists.standing(Outcome(each.outcome) for each in said)
    lists.check_settling(held, outcome, over_on, clock.civil_day(now))
    _say(session, actor, found, len(said), outcome, check_words(words), over_on, now)


def object_to(session: Session, actor: Actor, match_id: uuid.UUID, words: str, *, now: datetime) -> None:
    """The learner says that it is not so; the match waits for somebody to look again.

    Refused: words_length, words_personal; NotFound for what is not hers.
    """
    found = session.scalar(
        places.own_matches_of(_bodies(session, actor)).where(OutsideMatch.id == match_id).with_for_update()
    )
    if found is None:
        raise NotFound
    said = outside.words_of(session, [found.id]).get(found.id, [])
    _say(session, actor, found, len(said), Outcome.OBJECTION, check_words(words), None, now)


def _say(
    session: Session,
    actor: Actor,
    match: OutsideMatch,
    before: int,
    outcome: Outcome,
    words: str,
    over_on: date | None,
    now: datetime,
) -> None:
    said = OutsideWord(match_id=match.id, number=before + 1, outcome=outcome.value, over_on=over_on, words=words)
    said.said_by, said.said_at = actor.account_id, now
    session.add(said)
    of = session.get_one(OutsideList, match.list_id).organisation_id
    who = actor.account_id
    audit.record(session, f"outside.{outcome}", match.id, now=now, account_id=who, organisation_id=of)
    session.flush()


def list_own(session: Session, keyring: Keyring, actor: Actor) -> list[MatchView]:
    """What lists said of the learner herself, and what became of it (PIPL 24)."""
    bodies = _bodies(session, actor)
    mine = session.scalars(places.own_matches_of(bodies).order_by(OutsideMatch.id.desc())).all() if bodies else []
    return _shown(session, keyring, mine)


def get_own(session: Session, keyring: Keyring, actor: Actor, match_id: uuid.UUID) -> MatchView:
    """One of them. NotFound."""
    found = next((each for each in list_own(session, keyring, actor) if each.id == match_id), None)
    if found is None:
        raise NotFound
    return found


def _bodies(session: Session, actor: Actor) -> list[uuid.UUID]:
    return humans.bodies(session, actor.person_id) if actor.person_id else []


def _shown(session: Session, keyring: Keyring, rows: Sequence[OutsideMatch]) -> list[MatchView]:
    of = {row.list_id for row in rows}
    listed = {each.id: each for each in session.scalars(select(OutsideList).where(OutsideList.id.in_(of)))}
    who = {row.person_id for row in rows}
    people = {each.id: each for each in session.scalars(select(Person).where(Person.id.in_(who)))}
    words = outside.words_of(session, [row.id for row in rows])
    by = {each.said_by for said in words.values() for each in said}
    names = dict(session.execute(select(Account.id, Account.name).where(Account.id.in_(by))).all())
    return [
        _view(keyring, row, listed[row.list_id], people[row.person_id], words.get(row.id, []), names) for row in rows
    ]


def _view(
    keyring: Keyring,
    row: OutsideMatch,
    listed: OutsideList,
    person: Person,
    said: Sequence[OutsideWord],
    names: dict[uuid.UUID, str],
) -> MatchView:
    return MatchView(
        id=row.id,
        list_id=row.list_id,
        kind=ListKind(listed.kind),
        source=listed.source,
        as_of_on=listed.as_of_on,
        name=person.name,
        number=mask_number(sealed.open_document(keyring, person.id, person.document_sealed)),
        name_fits=row.name_fits,
        from_on=row.from_on,
        until_on=row.until_on,
        found_at=row.found_at,
        words=tuple(_word(each, names) for each in said),
        held=lists.standing(Outcome(each.outcome) for each in said),
    )


def _word(row: OutsideWord, names: dict[uuid.UUID, str]) -> WordView:
    outcome = Outcome(row.outcome)
    by = "" if outcome is Outcome.OBJECTION else names.get(row.said_by, "")
    return WordView(outcome, row.over_on, row.words, by, row.said_at)
