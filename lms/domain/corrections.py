"""Corrections of study time: who may propose and decide, and what time by hand must look like.

study-time.md, Evidence log: nothing is updated or deleted; a correction is a new entry, with a reason and two
people. A void names segments; a credit pairs content with wall time that nothing else of that person uses.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from lms.domain.days import Calendar, unix_ms
from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.spans import Span
from lms.domain.study import HORIZON_MS, EvidenceClass

RULE = "correction-1"
LONGEST_FILE = 5 * 1024 * 1024
BY_HAND = (EvidenceClass.ATTENDED, EvidenceClass.IMPORTED)


class CorrectionKind(StrEnum):
    """What is proposed: that segments no longer count, or that time counts which no phone reported."""

    VOID = "void"
    CREDIT = "credit"


class Decision(StrEnum):
    """What the second person said."""

    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Hand:
    """Time to be credited by hand: content [from, to) of a lesson over the wall range (wall_from, wall_to]."""

    evidence_class: EvidenceClass
    from_ms: int
    to_ms: int
    wall_from_ms: int
    wall_to_ms: int


def check_proposer(learner: uuid.UUID, person_id: uuid.UUID | None) -> None:
    """Refuses a correction of one's own study time."""
    if person_id == learner:
        raise Forbidden("correction_own")


def check_decider(learner: uuid.UUID, proposer: uuid.UUID, person_id: uuid.UUID | None, account_id: uuid.UUID) -> None:
    """Refuses a decision by the one who proposed it, or by the learner it is about: it takes two people."""
    check_proposer(learner, person_id)
    if account_id == proposer:
        raise Forbidden("correction_second_person")


def check_void(chosen: Collection[str], standing: Collection[str]) -> None:
    """Refuses a void that names no segment, or one that is not of this lesson or counts no longer."""
    if not chosen:
        raise Refused("correction_nothing_chosen")
    if not set(chosen) <= set(standing):
        raise Conflict("correction_segments_changed")


def wall_range(day: date, starts: time, ends: time, zone: ZoneInfo, ahead_ms: int) -> Span:
    """The study clock's range of a class on a civil day; one that ends before it starts went over midnight.

    `ahead_ms`: UTC since 1970 minus the study clock, as it stands when the correction is proposed.
    """
    begin, end = datetime.combine(day, starts, zone), datetime.combine(day, ends, zone)
    if ends <= starts:
        end += timedelta(days=1)
    return unix_ms(begin) - ahead_ms, unix_ms(end) - ahead_ms


def check_hand(hand: Hand, duration_ms: int, opens_on: date, closes_on: date, now_ms: int, calendar: Calendar) -> None:
    """Refuses time by hand that cannot have been: beyond the lesson, the cohort's days, the clock, or now."""
    if hand.evidence_class not in BY_HAND:
        raise Refused("correction_class")
    if not 0 <= hand.from_ms < hand.to_ms <= duration_ms:
        raise Refused("correction_range")
    if hand.to_ms - hand.from_ms > hand.wall_to_ms - hand.wall_from_ms:
        raise Refused("correction_wall_short")
    if hand.wall_to_ms > now_ms - HORIZON_MS:  # a heartbeat that comes now may still reach so far back
        raise Refused("correction_future")
    first, last = calendar.day_of(hand.wall_from_ms), calendar.day_of(hand.wall_to_ms - 1)
    if not opens_on <= first <= last <= closes_on:
        raise Refused("correction_outside_cohort", **{"from": opens_on.isoformat(), "to": closes_on.isoformat()})


def find_clash(hand: Hand, used: Sequence[Span]) -> Span | None:
    """The first wall range of this person that the proposed one would use a second time."""
    return next((span for span in sorted(used) if span[0] < hand.wall_to_ms and hand.wall_from_ms < span[1]), None)
