"""Who else asks for the same thing: two claims for one human's one occupation and level (重复申请).

The database lets no two live lines hold the same atom; what is left are humans who were found to be one person after
both asked, and learners who could not be asked for because somebody had asked before.
"""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from lms.domain.claims import lines as rules
from lms.domain.claims.states import IS_OVER
from lms.domain.roles import Role
from lms.domain.subsidies import Atom
from lms.models.claims import Claim, ClaimLine, ClaimOmission, ClaimPlace
from lms.models.enrollments import Cohort
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.services import humans, scopes
from lms.services.claims.assembling import to_atom
from lms.services.scopes import Actor

MOST_LISTED = 200


@dataclass(frozen=True)
class Side:
    """One of the two who ask; `organisation` and `cohort` are "" for who may not see it."""

    claim_id: uuid.UUID
    organisation: str
    cohort: str
    state: str


@dataclass(frozen=True)
class Rivalry:
    """Somebody asked for twice. `cause`: taken (the later one was not let in) or one_human (found to be one person)."""

    name: str
    enrollment_id: uuid.UUID
    cause: str
    first: Side | None
    second: Side


def of_lines(session: Session, found: Collection[ClaimLine]) -> dict[uuid.UUID, list[ClaimLine]]:
    """By line: the older live lines that ask for the same, under any person who is the same human.

    The older one goes on; the younger must be decided against before its review can end.
    """
    mine = {each.id: each for each in found}
    around = humans.circles(session, {each.person_id for each in found})
    live = select(ClaimLine).join(ClaimPlace, ClaimPlace.line_id == ClaimLine.id)
    live = live.where(ClaimPlace.atom_key.is_not(None), ClaimLine.person_id.in_(list(around)))
    by_key: dict[str, list[ClaimLine]] = {}
    for each in session.scalars(live):
        by_key.setdefault(living_key(each, around), []).append(each)
    older = {each.id: _older(each, by_key.get(living_key(each, around), [])) for each in mine.values()}
    return {line_id: lines for line_id, lines in older.items() if lines}


def _older(line: ClaimLine, others: Iterable[ClaimLine]) -> list[ClaimLine]:
    return [each for each in others if each.id < line.id]


def living_key(line: ClaimLine, living: dict[uuid.UUID, uuid.UUID]) -> str:
    """The atom of a line for the human she is known to be today."""
    atom = to_atom(line)
    person = living.get(line.person_id, line.person_id)
    return rules.atom_key(Atom(person, atom.kind, atom.occupation, atom.level))


def list_all(session: Session, actor: Actor) -> list[Rivalry]:
    """What an officer sees of double claims below her: both sides where she stands over both (decision 0165)."""
    seen = scopes.claims_of(actor, Role.OFFICER).with_only_columns(Claim.id)
    return [*_taken(session, seen), *_one_human(session, seen)]


def _taken(session: Session, seen: Select[uuid.UUID]) -> list[Rivalry]:
    later, earlier = aliased(Claim), aliased(Claim)
    rows = (
        select(ClaimOmission, Person.name, later, earlier)
        .join(later, later.id == ClaimOmission.claim_id)
        .join(ClaimPlace, ClaimPlace.atom_key == ClaimOmission.atom_key)
        .join(ClaimLine, ClaimLine.id == ClaimPlace.line_id)
        .join(Person, Person.id == ClaimLine.person_id)
        .join(earlier, earlier.id == ClaimPlace.claim_id)
        .where(later.id.in_(seen), earlier.id != later.id, ClaimOmission.round == later.round)
        .where(ClaimOmission.cause.in_(("taken", "unmet")), later.state.not_in([each.value for each in IS_OVER]))
        .order_by(ClaimOmission.id.desc())
        .limit(MOST_LISTED)
    )
    found = session.execute(rows).all()
    sides = _sides(session, seen, {each for _o, _n, *pair in found for each in pair})
    return [
        Rivalry(name, omission.enrollment_id, "taken", sides.get(first.id), sides[second.id])
        for omission, name, second, first in found
    ]


def _one_human(session: Session, seen: Select[uuid.UUID]) -> list[Rivalry]:
    live = select(ClaimLine).join(ClaimPlace, ClaimPlace.line_id == ClaimLine.id)
    lines = session.scalars(live.where(ClaimPlace.atom_key.is_not(None), ClaimLine.claim_id.in_(seen))).all()
    older = of_lines(session, lines)
    by_id = {each.id: each for each in lines}
    pairs = [(by_id[line_id], first) for line_id, others in older.items() for first in others[:1]]
    ids = {each.claim_id for pair in pairs for each in pair}
    sides = _sides(session, seen, set(session.scalars(select(Claim).where(Claim.id.in_(ids)))))
    people = select(Person.id, Person.name).where(Person.id.in_([second.person_id for second, _first in pairs]))
    names = dict(session.execute(people).all())
    return [
        Rivalry(names[each.person_id], each.enrollment_id, "one_human", sides.get(first.claim_id), sides[each.claim_id])
        for each, first in pairs
    ]


def _sides(session: Session, seen: Select[uuid.UUID], claims: Collection[Claim]) -> dict[uuid.UUID, Side]:
    rows = select(Claim.id, Organisation.name, Cohort.name, Claim.state)
    rows = rows.join(Organisation, Organisation.id == Claim.organisation_id).join(Cohort, Cohort.id == Claim.cohort_id)
    rows = rows.where(Claim.id.in_(seen), Claim.id.in_([each.id for each in claims]))
    return {row[0]: Side(*row) for row in session.execute(rows)}
