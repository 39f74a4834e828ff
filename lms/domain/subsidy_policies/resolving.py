"""Which policy holds on a day, and what it says where it is silent: the terms of the frame it is based on.

Source: the day a class opens picks the version, and old classes are never computed by new rules (domain.md 0.4).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from lms.domain.errors import Refused
from lms.domain.subsidies import PersonGroup, SubsidyPolicy, Term, Terms

LONGEST_CHAIN = 5


@dataclass(frozen=True)
class Published:
    """A policy and the civil day on which it became known here."""

    policy: SubsidyPolicy
    on: date


def in_force(policies: Iterable[SubsidyPolicy], jurisdiction: str, day: date) -> SubsidyPolicy | None:
    """The latest begun of a jurisdiction; None before the first one and after the last one has ended.

    A place without a policy of its own has none: the national frame names no amounts and no catalogue.
    """
    begun = [each for each in policies if each.jurisdiction == jurisdiction and each.effective_from <= day]
    latest = max(begun, key=lambda each: each.effective_from, default=None)
    if latest is None or (latest.effective_to is not None and latest.effective_to < day):
        return None
    return latest


def pinned(published: Iterable[Published], jurisdiction: str, opens_on: date) -> SubsidyPolicy | None:
    """What a class pins: what is in force on its opening day, of those known by its end; later ones change nothing."""
    return in_force((each.policy for each in published if each.on <= opens_on), jurisdiction, opens_on)


def chain_of(policy: SubsidyPolicy, known: Mapping[str, SubsidyPolicy], opens_on: date) -> tuple[SubsidyPolicy, ...]:
    """The policy, what it is based on, and so on; a frame that was not yet in force that day is left out.

    Refused: subsidy_frame_unknown, subsidy_frame_circle.
    """
    chain, code = [policy], policy.based_on
    while code:
        if code not in known:
            raise Refused("subsidy_frame_unknown", policy=code)
        frame = known[code]
        if frame.code in [each.code for each in chain] or len(chain) >= LONGEST_CHAIN:
            raise Refused("subsidy_frame_circle", policy=code)
        if frame.effective_from <= opens_on:
            chain.append(frame)
        code = frame.based_on
    return tuple(chain)


def resolved(chain: Sequence[SubsidyPolicy]) -> SubsidyPolicy:
    """The first policy of a chain, silent no more where one behind it speaks.

    A term that says `inherits: false` stays unknown. Whatever one of them forbids is forbidden. A term that is wider
    than the frame's is kept, and the frame's is told as a tension.
    """
    whole = chain[0]
    for frame in chain[1:]:
        whole = replace(
            whole,
            terms=_filled(whole.terms, frame.terms),
            catalogue=whole.catalogue or frame.catalogue,
            forbidden_preconditions=whole.forbidden_preconditions | frame.forbidden_preconditions,
            forbidden_clause=whole.forbidden_clause or frame.forbidden_clause,
            tensions={**tensions(whole.terms, frame.terms), **frame.tensions, **whole.tensions},
        )
    return whole


def tensions(own: Terms, frame: Terms) -> dict[str, Term[Any]]:
    """The frame's terms that this one's own, wider ones contradict. So far: the groups that funds are limited to."""
    mine, theirs = own.allowed_groups.value, frame.allowed_groups.value
    if mine is None or theirs is None or _everybody(mine) <= _everybody(theirs):
        return {}
    return {"allowed_groups": frame.allowed_groups}


def _everybody(groups: frozenset[PersonGroup]) -> frozenset[str]:
    return frozenset(groups) or frozenset({*PersonGroup, "anybody"})


def _filled(own: Terms, frame: Terms) -> Terms:
    return Terms(**{each.name: _term(getattr(own, each.name), getattr(frame, each.name)) for each in fields(Terms)})


def _term(own: Term[Any], frame: Term[Any]) -> Term[Any]:
    return own if own.is_known or not own.inherits else frame if frame.is_known or not frame.inherits else own
