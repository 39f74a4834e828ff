"""Classes in person: who was there, when, and what of it counts on the wall clock (domain.md 6.1, 出勤簿).

A class is a slot of wall time; its content is the slot itself, so that a second in class pairs with a second of the
clock like any other (study-time.md, Terms). Without a sign-out nothing is known of how long somebody stayed.
All thresholds here are our own parameters; no text read sets them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from lms.domain.days import Calendar
from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.identity import holds_number
from lms.domain.spans import Span, gaps
from lms.domain.study import HORIZON_MS, Segment, split

Key = TypeVar("Key")

RULE = "attendance-1"
MINUTE_MS = 60_000
SIGN_IN_BEFORE_MS = 30 * MINUTE_MS
SIGN_OUT_AFTER_MS = 30 * MINUTE_MS
LATE_AFTER_MS = 5 * MINUTE_MS
EARLY_BEFORE_MS = 5 * MINUTE_MS
COUNTS_FROM_PERCENT = 50  # less of a class than this does not make it one attended; its time counts all the same
SHORTEST_SLOT_MS = 10 * MINUTE_MS
LONGEST_SLOT_MS = 8 * 60 * MINUTE_MS
SHORTEST_REASON, LONGEST_REASON = 2, 200


class MarkKind(StrEnum):
    """Signed in or out."""

    IN = "in"
    OUT = "out"


class Method(StrEnum):
    """By the rotating QR code, or by a paper list that two people stand for."""

    QR = "qr"
    PAPER = "paper"


class State(StrEnum):
    """Where a person stands at a class. UNSIGNED: in, never out, and the time for it is over."""

    EXPECTED = "expected"
    INSIDE = "inside"
    ATTENDED = "attended"
    UNSIGNED = "unsigned"
    LEAVE = "leave"
    ABSENT = "absent"


@dataclass(frozen=True)
class Slot:
    """A class on the study clock, in ms."""

    starts_ms: int
    ends_ms: int

    @property
    def length_ms(self) -> int:
        """How long it lasts."""
        return self.ends_ms - self.starts_ms


@dataclass(frozen=True)
class Standing:
    """What is known of a person at a class; `counts`: whether it is one she attended."""

    state: State
    is_late: bool = False
    left_early: bool = False
    counts: bool = False


@dataclass(frozen=True)
class AttendanceFacts:
    """Over the classes held: how many a person attended (some of them late, or left early), missed with leave or
    without, and the time credited for them. held = attended + on_leave + absent."""

    held: int = 0
    attended: int = 0
    late: int = 0
    left_early: int = 0
    on_leave: int = 0
    absent: int = 0
    attended_ms: int = 0


@dataclass(frozen=True)
class ClassDay:
    """A day on which a cohort had class: how many should have come (应到), how many did (实到; domain.md 6.1)."""

    day: date
    roster: int
    present: int

    @property
    def percent(self) -> int | None:
        """The share of those who came, in whole percent."""
        return percent(self.present, self.roster)


@dataclass(frozen=True)
class Meeting(Generic[Key]):
    """A class that was held, as shares are counted; `makes_up_for`: the class it is a second chance for."""

    key: Key
    makes_up_for: Key | None = None


def check_slot(slot: Slot) -> None:
    """Refuses a class of less than ten minutes or more than eight hours."""
    if not SHORTEST_SLOT_MS <= slot.length_ms <= LONGEST_SLOT_MS:
        shown = {"shortest": SHORTEST_SLOT_MS // MINUTE_MS, "longest": LONGEST_SLOT_MS // MINUTE_MS // 60}
        raise Refused("class_length", **shown)


def sign_window(kind: MarkKind, slot: Slot) -> Span:
    """From when to when on the study clock one may sign in, or out."""
    if kind is MarkKind.IN:
        return slot.starts_ms - SIGN_IN_BEFORE_MS, slot.ends_ms
    return slot.starts_ms, slot.ends_ms + SIGN_OUT_AFTER_MS


def check_window(kind: MarkKind, slot: Slot, now_ms: int) -> None:
    """Refused: class_sign_too_early, class_sign_too_late."""
    opens, closes = sign_window(kind, slot)
    if now_ms < opens:
        raise Refused("class_sign_too_early", minutes=-(-(opens - now_ms) // MINUTE_MS))
    if now_ms > closes:
        raise Refused("class_sign_too_late")


def attended(slot: Slot, in_ms: int, out_ms: int) -> Span:
    """The range of the study clock that counts: [max(in, start), min(out, end)], empty where they do not meet."""
    start = min(max(in_ms, slot.starts_ms), slot.ends_ms)
    return start, max(start, min(out_ms, slot.ends_ms))


def free(span: Span, used: Iterable[Span]) -> tuple[Span, ...]:
    """What of a wall range nothing else of this person uses."""
    start, end = span
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in used if b > start and a < end]
    return tuple((a + start, b + start) for a, b in gaps(inside, end - start))


def is_free(span: Span, used: Iterable[Span]) -> bool:
    """Whether as much of a wall range is left as makes a class attended: nobody is in two places at once."""
    left = sum(end - start for start, end in free(span, used))
    return left * 100 >= (span[1] - span[0]) * COUNTS_FROM_PERCENT


def pair(slot: Slot, span: Span, used: Iterable[Span], calendar: Calendar) -> tuple[Segment, ...]:
    """The attended range as segments: each free millisecond of the wall with that very millisecond of the slot."""
    return tuple(
        piece
        for start, end in free(span, used)
        for piece in split(start - slot.starts_ms, end - slot.starts_ms, start, end, calendar)
    )


def check_settled(slot: Slot, now_ms: int) -> None:
    """Refuses to post a past class while a heartbeat that comes now may still reach back into it."""
    if now_ms - HORIZON_MS < slot.ends_ms:
        raise Refused("class_not_over")


def check_approver(typed_by: object, approver: object, person: object, listed: Iterable[object]) -> None:
    """Refuses the approval of a paper list by whoever typed it, and by a learner on it: it takes two people."""
    if approver == typed_by:
        raise Forbidden("list_second_person")
    if person is not None and person in set(listed):
        raise Forbidden("list_own")


def check_times(slot: Slot, in_ms: int, out_ms: int) -> None:
    """Refuses a row of a paper list whose times cannot be those of this class."""
    first, last = slot.starts_ms - SIGN_IN_BEFORE_MS, slot.ends_ms + SIGN_OUT_AFTER_MS
    if not first <= in_ms < out_ms <= last or attended(slot, in_ms, out_ms)[0] == attended(slot, in_ms, out_ms)[1]:
        raise Refused("list_times")


def check_leave(has_signed_in: bool, decision: str) -> None:
    """Refuses a leave for a class she came to, and a second answer to one."""
    if has_signed_in:
        raise Conflict("leave_was_there")
    if decision:
        raise Conflict("leave_decided")


def stand(slot: Slot, in_ms: int | None, out_ms: int | None, *, on_leave: bool, now_ms: int) -> Standing:
    """Where a person stands at a class. Having been there goes before a leave."""
    if in_ms is not None and out_ms is not None:
        start, end = attended(slot, in_ms, out_ms)
        counts = (end - start) * 100 >= slot.length_ms * COUNTS_FROM_PERCENT
        return Standing(State.ATTENDED, _is_late(slot, in_ms), _is_early(slot, out_ms), counts)
    if in_ms is not None:
        is_over = now_ms > sign_window(MarkKind.OUT, slot)[1]
        return Standing(State.UNSIGNED if is_over else State.INSIDE, _is_late(slot, in_ms))
    if on_leave:
        return Standing(State.LEAVE)
    return Standing(State.ABSENT if now_ms > slot.ends_ms else State.EXPECTED)


def _is_late(slot: Slot, in_ms: int) -> bool:
    return in_ms > slot.starts_ms + LATE_AFTER_MS


def _is_early(slot: Slot, out_ms: int) -> bool:
    return out_ms < slot.ends_ms - EARLY_BEFORE_MS


def count(held: Sequence[Meeting[Key]], standings: Mapping[Key, Standing], attended_ms: int = 0) -> AttendanceFacts:
    """What a person's standings add up to. A make-up class counts for the class it makes up for, never beside it;
    one whose first class is not among those held stands for itself. Whoever is not in `standings` was absent."""
    known = {meeting.key for meeting in held}
    groups: dict[Key, list[Standing]] = {}
    for meeting in held:
        key = meeting.makes_up_for if meeting.makes_up_for is not None and meeting.makes_up_for in known else None
        groups.setdefault(meeting.key if key is None else key, []).append(
            standings.get(meeting.key, Standing(State.ABSENT))
        )
    best = [max(each, key=_worth) for each in groups.values()]
    there = [each for each in best if each.counts]
    leave = sum(not each.counts and each.state is State.LEAVE for each in best)
    return AttendanceFacts(
        held=len(best),
        attended=len(there),
        late=sum(each.is_late for each in there),
        left_early=sum(each.left_early for each in there),
        on_leave=leave,
        absent=len(best) - len(there) - leave,
        attended_ms=attended_ms,
    )


def _worth(standing: Standing) -> tuple[bool, bool, bool, bool]:
    timely = standing.counts and not standing.is_late
    return standing.counts, timely, standing.counts and not standing.left_early, standing.state is State.LEAVE


def percent(part: int, whole: int) -> int | None:
    """A share in whole percent, rounded down; None of nothing."""
    return part * 100 // whole if whole else None


def class_day(day: date, standings: Iterable[Iterable[Standing]]) -> ClassDay:
    """Counts a class day by heads; `standings`: for each person on its roster, where she stands at its classes.

    Whoever attended one class of the day came that day; a sign-in without a sign-out does not say so yet.
    """
    came = [any(each.counts for each in hers) for hers in standings]
    return ClassDay(day, len(came), sum(came))


class ClassContent(StrEnum):
    """What is taught in a class: theory, or practice under guidance."""

    THEORY = "theory"
    PRACTICE = "practice"


def check_leave_reason(text: str) -> str:
    """Why she cannot come, trimmed; Refused: leave_reason_length, words_personal."""
    words = " ".join(text.split())
    if not SHORTEST_REASON <= len(words) <= LONGEST_REASON:
        raise Refused("leave_reason_length", shortest=SHORTEST_REASON, longest=LONGEST_REASON)
    if holds_number(words):
        raise Refused("words_personal")
    return words
