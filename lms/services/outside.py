"""What imported outside lists and fraud patterns say of persons, as far as money is concerned."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.db import in_parts
from lms.domain.crosschecks import lists, patterns
from lms.domain.crosschecks.lists import ListKind
from lms.domain.crosschecks.lists import Outcome as Word
from lms.domain.subsidies import Doubt, ReasonCode
from lms.models.crosschecks import (
    OutsideEntry,
    OutsideList,
    OutsideMatch,
    OutsideWord,
    PatternFlag,
    PatternPerson,
    PatternWord,
)
from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import PersonDocument
from lms.services import humans, scopes

TOGETHER = 5_000
Doubts = dict[uuid.UUID, list[Doubt]]


def doubts(session: Session, person_ids: Collection[uuid.UUID], day: date) -> Doubts:
    """The doubts about these living persons that nobody has settled yet, by person. Results of matching must be
    looked at; they never refuse (domain.md 4). What somebody found to be true is told as such and stays a doubt:
    whoever decides on the money must see it (decision 0185).

    `day`: on which it matters whether she stood on a list. Numbers of a list that nobody has compared yet count too.
    """
    found: Doubts = defaultdict(list)
    wanted = set(person_ids)
    for some in in_parts(sorted(wanted), TOGETHER):
        living = humans.circles(session, some)
        for person_id, doubt in (*_listed(session, living, day), *_strange(session, living)):
            found[living[person_id]].append(doubt)
    return {person: mine for person, mine in found.items() if person in wanted}


def _listed(session: Session, living: Mapping[uuid.UUID, uuid.UUID], day: date) -> Iterator[tuple[uuid.UUID, Doubt]]:
    """`living`: everybody who is one of these humans, with the living person of each: a list matches a human once."""
    known: set[tuple[uuid.UUID, uuid.UUID]] = set()
    matches = (
        select(OutsideMatch, OutsideList)
        .join(OutsideList, OutsideList.id == OutsideMatch.list_id)
        .where(OutsideMatch.person_id.in_(living))
        .order_by(OutsideMatch.id)
    )
    rows = session.execute(matches).all()
    words = words_of(session, [match.id for match, _ in rows])
    for match, listed in rows:
        known.add((listed.id, living[match.person_id]))
        said = words.get(match.id, [])
        held = lists.standing(Word(each.outcome) for each in said)
        over_on = said[-1].over_on if said else None
        if lists.speaks_of(day, match.from_on, match.until_on) and lists.is_doubt(held, over_on, day):
            yield match.person_id, _doubt(listed, str(match.id), held)
    for person_id, entry, listed in _uncompared(session, living):
        human = (listed.id, living[person_id])
        if human not in known and lists.speaks_of(day, entry.from_on, entry.until_on):
            known.add(human)
            yield person_id, _doubt(listed, "", None)


def _doubt(listed: OutsideList, match: str, held: Word | None) -> Doubt:
    kind = ListKind(listed.kind)
    values = {"kind": kind.value, "source": listed.source, "as_of": listed.as_of_on.isoformat(), "match": match}
    return Doubt("outside_confirmed" if held else "outside_listed", lists.REASONS[kind], values)


def words_of(session: Session, match_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[OutsideWord]]:
    """What was said of matches, in order."""
    found: dict[uuid.UUID, list[OutsideWord]] = {}
    if match_ids:
        said = select(OutsideWord).where(OutsideWord.match_id.in_(match_ids)).order_by(OutsideWord.number)
        for each in session.scalars(said):
            found.setdefault(each.match_id, []).append(each)
    return found


Uncompared = tuple[uuid.UUID, OutsideEntry, OutsideList]


def _uncompared(session: Session, bodies: Collection[uuid.UUID]) -> Iterable[Uncompared]:
    """Entries of lists that stand, under numbers of these persons, as far as a list's authority reaches them."""
    standing = session.scalars(select(OutsideList).where(OutsideList.removed_at.is_(None))).all()
    if not standing:
        return ()
    hits = (
        select(PersonDocument.person_id, OutsideEntry, OutsideList)
        .join(OutsideEntry, OutsideEntry.pid == PersonDocument.pid)
        .join(OutsideList, OutsideList.id == OutsideEntry.list_id)
        .where(PersonDocument.person_id.in_(bodies), PersonDocument.withdrawn_at.is_(None))
        .where(OutsideList.removed_at.is_(None))
    )
    rows = session.execute(hits).all()
    reached = reached_by(session, {row[2].organisation_id for row in rows}, {row[0] for row in rows})
    return [(row[0], row[1], row[2]) for row in rows if (row[2].organisation_id, row[0]) in reached]


def reached_by(
    session: Session, tops: Collection[uuid.UUID], person_ids: Collection[uuid.UUID]
) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """(organisation, person): whom of these an organisation reaches, because she, under whichever of her records,
    is in a class of it or below it."""
    if not tops or not person_ids:
        return set()
    living = humans.circles(session, person_ids)
    below = scopes.organisations_under(tops)
    rows = session.execute(
        select(below.c.top, Enrollment.person_id)
        .join(Cohort, Cohort.organisation_id == below.c.id)
        .join(Enrollment, Enrollment.cohort_id == Cohort.id)
        .where(Enrollment.person_id.in_(living))
        .distinct()
    )
    hers = {(top, living[person_id]) for top, person_id in rows}
    return {(top, person) for person, first in living.items() for top in tops if (top, first) in hers}


def _strange(session: Session, bodies: Collection[uuid.UUID]) -> Iterator[tuple[uuid.UUID, Doubt]]:
    flags = (
        select(PatternPerson.person_id, PatternFlag)
        .join(PatternFlag, PatternFlag.id == PatternPerson.flag_id)
        .where(PatternPerson.person_id.in_(bodies))
        .order_by(PatternFlag.id)
    )
    rows = session.execute(flags).all()
    held = last_words(session, {flag.id for _, flag in rows})
    for person_id, flag in rows:
        said = held.get(flag.id)
        if said is None or said == patterns.Outcome.FOUNDED.value:
            values = {"pattern": flag.pattern, "flag": str(flag.id), "cohort": str(flag.cohort_id)}
            yield person_id, Doubt("pattern_open" if said is None else "pattern_founded", _REASON, values)


_REASON = ReasonCode.UNDER_INVESTIGATION


def last_words(session: Session, flag_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The outcome that holds of each flag on which somebody said a word."""
    if not flag_ids:
        return {}
    said = select(PatternWord.flag_id, PatternWord.outcome).where(PatternWord.flag_id.in_(flag_ids))
    return dict(session.execute(said.order_by(PatternWord.number)).all())
