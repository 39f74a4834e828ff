"""Internal control of subsidies (内部风险防控): what an auditor would ask about. Signs to look at, never verdicts.

Domain.md 8.1 (内部风险防控), 0.7. How much is too much nobody confirmed: `Limits` are an officer's to set.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations
from typing import TypeVar

Fact = TypeVar("Fact")

MOST_ACTS, MOST_MINUTES, MOST_PERSONS = 1000, 24 * 60, 1000


@dataclass(frozen=True)
class Limits:
    """From where on something is told: `acts` by one account within `minutes`; `persons` paid to one account.

    Unconfirmed starting points of ours (Confidence.UNCONFIRMED), shown with the report and open to change.
    """

    acts: int = 30
    minutes: int = 10
    persons: int = 2

    def within_bounds(self) -> "Limits":
        """The same with what makes no sense brought to the nearest that does."""
        return Limits(
            min(max(self.acts, 2), MOST_ACTS),
            min(max(self.minutes, 1), MOST_MINUTES),
            min(max(self.persons, 2), MOST_PERSONS),
        )


class Subject(StrEnum):
    """What steps are taken on."""

    CLAIM = "claim"
    BATCH = "batch"
    APPROPRIATION = "appropriation"
    CLAWBACK = "clawback"
    RECONCILIATION = "reconciliation"


@dataclass(frozen=True)
class Step:
    """One step of one human on one subject. `name` is worded in web; `human`: her self (services/humans.py)."""

    subject: Subject
    subject_id: uuid.UUID
    name: str
    human: uuid.UUID
    account_id: uuid.UUID
    at: datetime


@dataclass(frozen=True)
class SameHuman:
    """That one human took two steps of one subject that ask for two."""

    first: Step
    second: Step


@dataclass(frozen=True)
class Burst:
    """Many acts of one human in a short time; `acts` in the order of time."""

    human: uuid.UUID
    account_id: uuid.UUID
    acts: tuple[Step, ...]

    @property
    def seconds(self) -> int:
        """From the first to the last."""
        return int((self.acts[-1].at - self.acts[0].at).total_seconds())


class Holder(StrEnum):
    """Who uses an account, a device or a phone."""

    STAFF = "staff"
    PAYEE = "payee"


class Thing(StrEnum):
    """What is shared."""

    ACCOUNT = "account"
    DEVICE = "device"
    PHONE = "phone"


@dataclass(frozen=True)
class Use:
    """That somebody uses something. `key`: a keyed index, never the number itself; `shown`: its masked form.

    `account_id`: by which login, where the thing is a device and the holder one of the staff.
    """

    thing: Thing
    key: str
    shown: str
    holder: Holder
    human: uuid.UUID
    organisation_id: uuid.UUID | None
    account_id: uuid.UUID | None = None


class Sharing(StrEnum):
    """Why a shared thing is told."""

    TWO_STEPS = "two_steps"
    STAFF_AND_PAYEE = "staff_and_payee"
    ACROSS_INSTITUTIONS = "across_institutions"


@dataclass(frozen=True)
class Shared:
    """One thing that two humans use who have no business to, with all uses of it."""

    thing: Thing
    shown: str
    why: Sharing
    uses: tuple[Use, ...]

    @property
    def key(self) -> str:
        """The keyed index of the thing."""
        return self.uses[0].key


@dataclass(frozen=True)
class Paid:
    """A payment to a person or for one. `account`: the keyed index of the account it went to."""

    payment_id: uuid.UUID
    account: str
    tail: str
    human: uuid.UUID
    amount_fen: int


@dataclass(frozen=True)
class ManyPersons:
    """Payments for several persons that went to one account of a person."""

    tail: str
    payments: tuple[Paid, ...]

    @property
    def persons(self) -> int:
        """How many humans it was for."""
        return len({each.human for each in self.payments})

    @property
    def fen(self) -> int:
        """What went there in all."""
        return sum(each.amount_fen for each in self.payments)


def same_human(steps: Iterable[Step]) -> list[SameHuman]:
    """Each two different steps of one subject by one human, in the order of time."""
    found: list[SameHuman] = []
    for taken in _grouped(steps, lambda each: (each.subject, each.subject_id, each.human)):
        ordered = sorted(taken, key=_when)
        first_of = {each.name: each for each in reversed(ordered)}
        found += [SameHuman(*pair) for pair in combinations(sorted(first_of.values(), key=_when), 2)]
    return sorted(found, key=lambda each: (_when(each.second), _when(each.first)))


def bursts(steps: Iterable[Step], limits: Limits) -> list[Burst]:
    """The longest runs in which any `limits.acts` acts in a row of one human lie within `limits.minutes`."""
    within = timedelta(minutes=limits.minutes)
    found: list[Burst] = []
    for taken in _grouped(steps, lambda each: (each.human,)):
        ordered = sorted(taken, key=_when)
        for start, end in _runs([each.at for each in ordered], limits.acts, within):
            run = tuple(ordered[start:end])
            found.append(Burst(run[0].human, run[0].account_id, run))
    return sorted(found, key=lambda each: (each.acts[0].at, str(each.human)))


def _runs(moments: Sequence[datetime], acts: int, within: timedelta) -> list[tuple[int, int]]:
    """Places from–to of the runs: windows that are dense enough, joined where they touch."""
    found: list[tuple[int, int]] = []
    for start in range(len(moments) - acts + 1):
        if moments[start + acts - 1] - moments[start] > within:
            continue
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], start + acts)
        else:
            found.append((start, start + acts))
    return found


def pairs_at_work(steps: Iterable[Step]) -> frozenset[frozenset[uuid.UUID]]:
    """Each two humans who took steps of one subject, which ask for two."""
    groups = _grouped(steps, lambda each: (each.subject, each.subject_id))
    humans = ({each.human for each in taken} for taken in groups)
    return frozenset(frozenset(pair) for each in humans for pair in combinations(sorted(each, key=str), 2))


def shared(uses: Iterable[Use], at_work: Collection[frozenset[uuid.UUID]] = frozenset()) -> list[Shared]:
    """What two of `at_work` share, what staff share with those who are paid, what payees of several institutions share.

    One human who is both, or who learns at two institutions, shares with nobody.
    """
    found: list[Shared] = []
    for same in _grouped(uses, lambda each: (each.thing, each.key)):
        why = _why(same, at_work)
        if why is not None:
            ordered = sorted(set(same), key=lambda each: (each.holder, str(each.human), str(each.organisation_id)))
            found.append(Shared(ordered[0].thing, ordered[0].shown, why, tuple(ordered)))
    order = list(Sharing)
    return sorted(found, key=lambda each: (order.index(each.why), each.thing, each.shown, each.key))


def _why(same: Sequence[Use], at_work: Collection[frozenset[uuid.UUID]]) -> Sharing | None:
    staff = sorted({each.human for each in same if each.holder is Holder.STAFF}, key=str)
    payees = [each for each in same if each.holder is Holder.PAYEE]
    if any(frozenset(pair) in at_work for pair in combinations(staff, 2)):
        return Sharing.TWO_STEPS
    if any(one != each.human for one in staff for each in payees):
        return Sharing.STAFF_AND_PAYEE
    pairs = combinations({(each.human, each.organisation_id) for each in payees}, 2)
    if any(one[0] != other[0] and one[1] != other[1] for one, other in pairs):
        return Sharing.ACROSS_INSTITUTIONS
    return None


def many_persons(payments: Iterable[Paid], limits: Limits) -> list[ManyPersons]:
    """Accounts that got money for `limits.persons` humans or more, the most first."""
    groups = _grouped(payments, lambda each: (each.account,))
    told = [ManyPersons(group[0].tail, tuple(sorted(group, key=lambda each: str(each.payment_id)))) for group in groups]
    found = [each for each in told if each.persons >= limits.persons]
    return sorted(found, key=lambda each: (-each.persons, -each.fen, each.payments[0].account))


def _when(step: Step) -> tuple[datetime, str, str]:
    return (step.at, step.name, str(step.subject_id))


def _grouped(facts: Iterable[Fact], key: Callable[[Fact], Hashable]) -> list[list[Fact]]:
    groups: dict[Hashable, list[Fact]] = defaultdict(list)
    for each in facts:
        groups[key(each)].append(each)
    return list(groups.values())
