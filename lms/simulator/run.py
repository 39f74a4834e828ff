"""Who does what, when, and for how long: one thread a person, all of them ended by the clock."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from lms.simulator.client import Client, Unreachable
from lms.simulator.learners import CHEATS, HONEST, Habits, Learner
from lms.simulator.person import Person, SignInFailed
from lms.simulator.report import Outcome

PLAIN_SHARE, OFFLINE_SHARE = 10, 20  # every so many honest learners one of these
GRACE_SECONDS = 150.0
SIGN_IN_SECONDS = 600.0


@dataclass(frozen=True)
class Plan:
    """What to simulate. `spread_seconds` is between two honest learners' beginnings: a class does not start at once."""

    address: str
    logins: Sequence[tuple[str, str]]
    seconds: float
    honest: int
    cheats: int
    seed: int = 0
    only: frozenset[str] = frozenset()
    habits: Habits = field(default_factory=Habits)
    spread_seconds: float = 0.5
    own_sources: bool = False


class TooFewLogins(Exception):
    """More people are needed than there are logins."""


def cast(plan: Plan) -> list[type[Learner]]:
    """The behaviour of each person, in order."""
    plain, offline = HONEST[1], HONEST[2]
    honest = [HONEST[0]] * plan.honest
    if plan.honest > 2:
        honest[::PLAIN_SHARE] = [plain] * len(honest[::PLAIN_SHARE])
        honest[1::OFFLINE_SHARE] = [offline] * len(honest[1::OFFLINE_SHARE])
    everybody = [*(kind for kind in CHEATS for _ in range(plan.cheats)), *honest]
    return [kind for kind in everybody if not plan.only or kind.name in plan.only]


def simulate(plan: Plan, tell: Callable[[str], None]) -> list[Outcome]:
    """Signs everybody in, lets them study and cheat side by side, and asks the server what it earned them."""
    kinds = cast(plan)
    needed = sum(2 if kind.needs_other else 1 for kind in kinds)
    if needed > len(plan.logins):
        raise TooFewLogins(f"{needed} logins are needed, {len(plan.logins)} are there")
    tell(f"signing in {needed} people")
    people = [_person(plan, place) for place in range(needed)]
    try:
        until = time.monotonic() + SIGN_IN_SECONDS
        for person in people:
            person.sign_in(until)
        tell(f"{len(kinds)} begin, over {plan.spread_seconds * plan.honest:.0f} s, each for {plan.seconds:.0f} s")
        return [_outcome(learner) for learner in _start(plan, kinds, people)]
    finally:
        for person in people:
            person.hang_up()


def _person(plan: Plan, place: int) -> Person:
    phone, password = plan.logins[place]
    source = f"10.77.{place // 250}.{place % 250 + 1}" if plan.own_sources else ""
    dice = Random(f"{plan.seed}:{place}")  # noqa: S311  # losses and delays, nothing secret
    return Person(Client(plan.address, source=source), phone, password, dice)


def _start(plan: Plan, kinds: Sequence[type[Learner]], people: list[Person]) -> list[Learner]:
    waiting, threads, learners = list(people), [], []
    begin, honest = time.monotonic(), 0
    for kind in kinds:
        person = waiting.pop()
        other = waiting.pop() if kind.needs_other else None
        start = begin + honest * plan.spread_seconds
        honest += kind.is_honest
        box: list[Learner] = []
        thread = threading.Thread(target=_live, args=(plan, kind, person, other, start, box), daemon=True)
        thread.start()
        threads.append((thread, box))
    end = begin + honest * plan.spread_seconds + plan.seconds + GRACE_SECONDS
    for thread, box in threads:
        thread.join(max(0.0, end - time.monotonic()))
        learners.extend(box)
    return learners


def _live(
    plan: Plan, kind: type[Learner], person: Person, other: Person | None, start: float, box: list[Learner]
) -> None:
    time.sleep(max(0.0, start - time.monotonic()))
    learner = kind(person, plan.habits, time.monotonic() + plan.seconds, other)
    box.append(learner)
    try:
        learner.run()
    except (Unreachable, KeyError) as error:
        person.answers[f"failed {type(error).__name__}"] += 1


def _outcome(learner: Learner) -> Outcome:
    person = learner.person
    try:
        after = person.totals()
    except (Unreachable, SignInFailed):
        after = person.before
        person.answers["failed totals"] += 1
    return Outcome(
        behaviour=learner.name,
        is_honest=learner.is_honest,
        person=person.phone,
        source=person.source,
        elapsed_ms=person.elapsed_ms(),
        claimed_ms=person.claimed_ms,
        credited_ms=after[0] - person.before[0],
        confirmed_ms=after[1] - person.before[1],
        played_ms=learner.played_ms,
        online_ms=learner.online_ms,
        passed=person.passed,
        uploads_failed=learner.uploads_failed,
        most_ms=learner.most_ms,
        answers=dict(person.answers),
    )
