"""Flags of strange patterns as the authority sees them, and the words that settle them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.crosschecks.patterns import Outcome, Pattern, check_settling
from lms.domain.errors import Forbidden, NotFound
from lms.domain.roles import Role
from lms.domain.words import check_words
from lms.models.accounts import Account
from lms.models.crosschecks import PatternFlag, PatternPerson, PatternWord
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.services import audit, humans
from lms.services.crosschecks import places
from lms.services.scopes import Actor

MOST_LISTED = 300


@dataclass(frozen=True)
class Flagged:
    """A learner of a flag. `enrollment_id`: hers in the class, by which the page of her study is found; None where she
    left it."""

    name: str
    enrollment_id: uuid.UUID | None
    is_suspect: bool


@dataclass(frozen=True)
class SaidView:
    """One word on a flag."""

    outcome: Outcome
    words: str
    by: str
    at: datetime


@dataclass(frozen=True)
class FlagView:
    """One flag. `persons`: how many wait for it; `people` is filled on its own page only. `held`: None while open."""

    id: uuid.UUID
    pattern: Pattern
    cohort_id: uuid.UUID
    organisation_id: uuid.UUID
    cohort: str
    organisation: str
    detail: Mapping[str, int]
    evidence: tuple[tuple[str, uuid.UUID], ...]
    raised_at: datetime
    persons: int
    words: tuple[SaidView, ...]
    people: tuple[Flagged, ...] = ()

    @property
    def held(self) -> Outcome | None:
        """The last word."""
        return self.words[-1].outcome if self.words else None


def list_flags(session: Session, actor: Actor) -> list[FlagView]:
    """The flags of the classes she reaches: those that wait first, then the newest."""
    rows = session.scalars(places.flags_of(actor).order_by(PatternFlag.id.desc()).limit(MOST_LISTED)).all()
    return sorted(_shown(session, rows, with_people=False), key=lambda each: each.held is not None)


def get_flag(session: Session, actor: Actor, flag_id: uuid.UUID) -> FlagView:
    """One flag with its people. NotFound."""
    found = session.scalar(places.flags_of(actor).where(PatternFlag.id == flag_id))
    if found is None:
        raise NotFound
    return _shown(session, [found], with_people=True)[0]


def settle(session: Session, actor: Actor, flag_id: uuid.UUID, outcome: Outcome, words: str, *, now: datetime) -> None:
    """An officer says what is true, in words. She may say another thing later; the last word holds.

    Refused: words_length, words_personal; Conflict: pattern_settled; Forbidden: pattern_own where she is in it
    herself; NotFound.
    """
    found = session.scalar(places.flags_of(actor, Role.OFFICER).where(PatternFlag.id == flag_id).with_for_update())
    if found is None:
        raise NotFound
    people = set(session.scalars(select(PatternPerson.person_id).where(PatternPerson.flag_id == found.id)))
    herself = humans.self_of(session, actor.account_id, actor.person_id)
    if herself in humans.living_all(session, people).values():
        raise Forbidden("pattern_own")
    said = _words(session, [found.id]).get(found.id, [])
    check_settling(Outcome(said[-1].outcome) if said else None, outcome)
    word = PatternWord(flag_id=found.id, number=len(said) + 1, outcome=outcome.value, words=check_words(words))
    word.said_by, word.said_at = actor.account_id, now
    session.add(word)
    place = {"account_id": actor.account_id, "organisation_id": found.organisation_id}
    audit.record(session, f"pattern.{outcome}", found.id, now=now, detail={"pattern": found.pattern}, **place)
    session.flush()


def list_own(session: Session, actor: Actor) -> list[FlagView]:
    """The flags that hold up the learner's own money, without who else is in them (PIPL 24)."""
    if actor.person_id is None:
        return []
    bodies = humans.bodies(session, actor.person_id)
    mine = select(PatternPerson.flag_id).where(PatternPerson.person_id.in_(bodies))
    rows = session.scalars(select(PatternFlag).where(PatternFlag.id.in_(mine)).order_by(PatternFlag.id.desc())).all()
    return _shown(session, rows, with_people=False)


def _words(session: Session, flag_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[PatternWord]]:
    found: dict[uuid.UUID, list[PatternWord]] = {}
    said = select(PatternWord).where(PatternWord.flag_id.in_(flag_ids)).order_by(PatternWord.number)
    for each in session.scalars(said):
        found.setdefault(each.flag_id, []).append(each)
    return found


def _shown(session: Session, rows: Sequence[PatternFlag], *, with_people: bool) -> list[FlagView]:
    ids = [row.id for row in rows]
    words = _words(session, ids)
    authors = {each.said_by for said in words.values() for each in said}
    names = dict(session.execute(select(Account.id, Account.name).where(Account.id.in_(authors))).all())
    classes = select(Cohort.id, Cohort.name, Organisation.name)
    classes = classes.join(Organisation, Organisation.id == Cohort.organisation_id)
    of = {
        row[0]: (row[1], row[2]) for row in session.execute(classes.where(Cohort.id.in_({r.cohort_id for r in rows})))
    }
    people = _people(session, rows)
    return [
        FlagView(
            id=row.id,
            pattern=Pattern(row.pattern),
            cohort_id=row.cohort_id,
            organisation_id=row.organisation_id,
            cohort=of[row.cohort_id][0],
            organisation=of[row.cohort_id][1],
            detail=row.detail,
            evidence=tuple((str(kind), uuid.UUID(str(key))) for kind, key in row.evidence),
            raised_at=row.raised_at,
            persons=len(people.get(row.id, [])),
            words=tuple(_said(each, names) for each in words.get(row.id, [])),
            people=tuple(people.get(row.id, [])) if with_people else (),
        )
        for row in rows
    ]


def _said(row: PatternWord, names: Mapping[uuid.UUID, str]) -> SaidView:
    return SaidView(Outcome(row.outcome), row.words, names.get(row.said_by, ""), row.said_at)


def _people(session: Session, rows: Sequence[PatternFlag]) -> dict[uuid.UUID, list[Flagged]]:
    """By flag. A learner stands in a flag as the human she is; in the class she may be under another record."""
    cohorts = {row.id: row.cohort_id for row in rows}
    mine = select(PatternPerson, Person.name).join(Person, Person.id == PatternPerson.person_id)
    found = session.execute(mine.where(PatternPerson.flag_id.in_(cohorts)).order_by(Person.name, Person.id)).all()
    enrolled = select(Enrollment.id, Enrollment.cohort_id, Enrollment.person_id)
    there = session.execute(enrolled.where(Enrollment.cohort_id.in_(set(cohorts.values())))).all()
    living = humans.living_all(session, {row.person_id for row in there} | {row[0].person_id for row in found})
    at = {(row.cohort_id, living[row.person_id]): row.id for row in there}
    told: dict[uuid.UUID, list[Flagged]] = {}
    for row, name in found:
        enrollment = at.get((cohorts[row.flag_id], living[row.person_id]))
        told.setdefault(row.flag_id, []).append(Flagged(name, enrollment, row.is_suspect))
    return told
