"""One hand for many: a device on which much of a class learns, and an account into which many are paid."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from lms.domain.crosschecks.facts import ClassFacts
from lms.domain.crosschecks.patterns import USUAL, Found, Limits, Pattern


def device_farm(facts: ClassFacts, limits: Limits = USUAL) -> Iterator[Found]:
    """Each device on which several of a class did most of all the study they did themselves.

    Time at a desk of a computer room is spread over its desks, or one desk has one learner a class.
    """
    spent: dict[str, Counter[str]] = defaultdict(Counter)
    for each in facts.stretches:
        if each.is_own:
            spent[each.person][each.device] += max(1, each.length_ms)
    for attempt in facts.tries:
        spent[attempt.person][attempt.device] += 1
    users: dict[str, list[str]] = defaultdict(list)
    for person, on in sorted(spent.items()):
        device, most = max(on.items(), key=lambda item: (item[1], item[0]))
        if device and most * 100 >= sum(on.values()) * limits.farm_percent:
            users[device].append(person)
    for device, persons in sorted(users.items()):
        if len(persons) >= limits.farm_persons:
            told = {"persons": len(persons), "members": len(facts.members), "percent": limits.farm_percent}
            yield Found(Pattern.DEVICE_FARM, facts.cohort, device, tuple(persons), detail=told)


def account_shared(classes: Iterable[ClassFacts], limits: Limits = USUAL) -> Iterator[Found]:
    """Each account that several learners, of whatever classes, are to be paid into; told once in each class."""
    classes = tuple(classes)
    holders: dict[str, set[str]] = defaultdict(set)
    for facts in classes:
        for person, account in facts.accounts.items():
            holders[account].add(person)
    many = {account: persons for account, persons in holders.items() if len(persons) >= limits.account_persons}
    for facts in classes:
        mine: dict[str, list[str]] = defaultdict(list)
        for person, account in sorted(facts.accounts.items()):
            if account in many:
                mine[account].append(person)
        for account, persons in sorted(mine.items()):
            told = {"persons": len(persons), "all": len(many[account])}
            yield Found(Pattern.ACCOUNT_SHARED, facts.cohort, account, tuple(persons), detail=told)
