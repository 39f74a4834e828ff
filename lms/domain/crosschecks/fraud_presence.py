"""Classes that are hardly there: a roster nobody of whom is ever seen, or all of whom leave the same traces."""

from collections import Counter, defaultdict

from lms.domain.crosschecks.facts import ClassFacts
from lms.domain.crosschecks.patterns import USUAL, Found, Limits, Pattern


def ghost_cohort(facts: ClassFacts, limits: Limits = USUAL) -> Found | None:
    """Most of a class never did anything themselves, though others entered much of the planned hours for them. The
    others for whom hours were entered wait with them: a few who were seen are how such a class is made to look."""
    if len(facts.members) < limits.least_class:
        return None
    entered: Counter[str] = Counter()
    for each in facts.stretches:
        if not each.is_own:
            entered[each.person] += each.length_ms
    needed = facts.planned_ms * limits.ghost_hours_percent
    ghosts = tuple(
        person
        for person in facts.members
        if facts.own_days.get(person, 0) < limits.ghost_days and entered[person] and entered[person] * 100 >= needed
    )
    if len(ghosts) * 100 < len(facts.members) * limits.ghost_percent:
        return None
    told = {"persons": len(ghosts), "members": len(facts.members), "days": limits.ghost_days}
    beside = tuple(person for person in facts.members if person not in ghosts and entered[person])
    return Found(Pattern.GHOST_COHORT, facts.cohort, suspects=ghosts, held=beside, detail=told)


def identical_traces(facts: ClassFacts, limits: Limits = USUAL) -> Found | None:
    """Much of a class did the same, to the moment, over and over: each with most of her own stretches in moments that
    she shares with the same others."""
    if len(facts.members) < limits.least_class:
        return None
    moments: dict[tuple[int, int], set[str]] = defaultdict(set)
    mine: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for each in facts.stretches:
        if each.is_own:
            at = (each.started_ms // limits.same_unit_ms, each.length_ms // limits.same_unit_ms)
            moments[at].add(each.person)
            mine[each.person].add(at)
    crowd = len(facts.members) * limits.same_percent
    shared = {at for at, persons in moments.items() if len(persons) * 100 >= crowd}
    same = tuple(
        person
        for person in facts.members
        if len(mine[person] & shared) >= limits.same_stretches and len(mine[person] & shared) * 2 > len(mine[person])
    )
    if len(same) * 100 < crowd:
        return None
    told = {"persons": len(same), "members": len(facts.members), "stretches": len(shared)}
    return Found(Pattern.IDENTICAL_TRACES, facts.cohort, suspects=same, detail=told)
