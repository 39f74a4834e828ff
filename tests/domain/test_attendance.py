"""Classes in person: what counts of being there, and where it leaves her."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.domain import attendance
from lms.domain.attendance import AttendanceFacts, ClassDay, MarkKind, Meeting, Slot, Standing, State
from lms.domain.days import Calendar
from lms.domain.errors import Refused
from lms.domain.spans import Span, measure

MINUTE = 60_000
NINE = 1_795_395_600_000  # 2026-11-23 09:00 in China
SLOT = Slot(NINE, NINE + 60 * MINUTE)
CALENDAR = Calendar(ZoneInfo("Asia/Shanghai"), 0)
AT = {
    f"{hour:02d}:{minute:02d}": NINE + ((hour - 9) * 60 + minute) * MINUTE
    for hour in (8, 9, 10)
    for minute in range(60)
}


@pytest.mark.parametrize(
    ("came", "left", "expected"),
    [
        ("08:40", "10:20", ("09:00", "10:00")),
        ("09:10", "09:50", ("09:10", "09:50")),
        ("09:30", "10:05", ("09:30", "10:00")),
        ("08:40", "08:50", ("09:00", "09:00")),
        ("10:01", "10:20", ("10:00", "10:00")),
    ],
)
def test_what_counts_lies_within_the_class(came: str, left: str, expected: tuple[str, str]) -> None:
    assert attendance.attended(SLOT, AT[came], AT[left]) == (AT[expected[0]], AT[expected[1]])


@pytest.mark.parametrize(
    ("came", "left", "leave", "now", "expected"),
    [
        (None, None, False, "08:50", Standing(State.EXPECTED)),
        (None, None, False, "10:01", Standing(State.ABSENT)),
        (None, None, True, "08:50", Standing(State.LEAVE)),
        ("09:05", None, False, "09:30", Standing(State.INSIDE)),
        ("09:06", None, True, "10:30", Standing(State.INSIDE, is_late=True)),
        ("09:00", None, False, "10:31", Standing(State.UNSIGNED)),
        ("09:00", "10:00", True, "10:31", Standing(State.ATTENDED, counts=True)),
        ("09:06", "10:00", False, "10:31", Standing(State.ATTENDED, is_late=True, counts=True)),
        ("09:00", "09:54", False, "10:31", Standing(State.ATTENDED, left_early=True, counts=True)),
        ("09:00", "09:55", False, "10:31", Standing(State.ATTENDED, counts=True)),
        ("09:00", "09:30", False, "10:31", Standing(State.ATTENDED, left_early=True, counts=True)),
        ("09:00", "09:29", False, "10:31", Standing(State.ATTENDED, left_early=True)),
    ],
)
def test_where_she_stands(came: str | None, left: str | None, leave: bool, now: str, expected: Standing) -> None:
    moments = [AT[each] if each else None for each in (came, left)]
    assert attendance.stand(SLOT, *moments, on_leave=leave, now_ms=AT[now]) == expected


@pytest.mark.parametrize(
    ("kind", "now", "code"),
    [
        (MarkKind.IN, "08:29", "class_sign_too_early"),
        (MarkKind.IN, "08:30", None),
        (MarkKind.IN, "10:00", None),
        (MarkKind.IN, "10:01", "class_sign_too_late"),
        (MarkKind.OUT, "08:59", "class_sign_too_early"),
        (MarkKind.OUT, "09:00", None),
        (MarkKind.OUT, "10:30", None),
        (MarkKind.OUT, "10:31", "class_sign_too_late"),
    ],
)
def test_one_signs_in_and_out_around_the_class(kind: MarkKind, now: str, code: str | None) -> None:
    if code is None:
        attendance.check_window(kind, SLOT, AT[now])
        return
    with pytest.raises(Refused) as refused:
        attendance.check_window(kind, SLOT, AT[now])
    assert refused.value.code == code


@pytest.mark.parametrize(("minutes", "fits"), [(9, False), (10, True), (480, True), (481, False)])
def test_a_class_has_a_sensible_length(minutes: int, fits: bool) -> None:
    slot = Slot(NINE, NINE + minutes * MINUTE)
    if fits:
        attendance.check_slot(slot)
        return
    with pytest.raises(Refused, match="class_length"):
        attendance.check_slot(slot)


def test_a_paper_list_takes_two_people_and_nobody_on_it() -> None:
    attendance.check_approver("typist", "other", None, ["li"])
    attendance.check_approver("typist", "other", "wang", ["li"])
    for approver, person, code in (("typist", None, "list_second_person"), ("other", "li", "list_own")):
        with pytest.raises(Refused) as refused:
            attendance.check_approver("typist", approver, person, ["li"])
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("came", "left", "fits"),
    [
        ("08:30", "10:30", True),
        ("08:29", "10:00", False),
        ("09:00", "10:31", False),
        ("09:30", "09:30", False),
        ("08:30", "08:50", False),
        ("10:00", "10:20", False),
    ],
)
def test_times_on_paper_are_those_of_the_class(came: str, left: str, fits: bool) -> None:
    if fits:
        attendance.check_times(SLOT, AT[came], AT[left])
        return
    with pytest.raises(Refused, match="list_times"):
        attendance.check_times(SLOT, AT[came], AT[left])


def test_a_past_class_is_out_of_reach_of_heartbeats() -> None:
    attendance.check_settled(SLOT, SLOT.ends_ms + 45_000)
    with pytest.raises(Refused, match="class_not_over"):
        attendance.check_settled(SLOT, SLOT.ends_ms + 44_999)


def test_a_leave_is_for_who_was_not_there_and_decided_once() -> None:
    attendance.check_leave(False, "")
    for there, decision, code in ((True, "", "leave_was_there"), (False, "approved", "leave_decided")):
        with pytest.raises(Refused, match=code):
            attendance.check_leave(there, decision)
    assert attendance.check_leave_reason(" 孩子  发烧 ") == "孩子 发烧"
    for text, code in (("病", "leave_reason_length"), ("打我电话 13800138000", "words_personal")):
        with pytest.raises(Refused, match=code):
            attendance.check_leave_reason(text)


THERE, GONE, LEAVE = Standing(State.ATTENDED, counts=True), Standing(State.ABSENT), Standing(State.LEAVE)
LATE = Standing(State.ATTENDED, is_late=True, counts=True)
SHORT = Standing(State.ATTENDED, left_early=True)


@pytest.mark.parametrize(
    ("held", "standings", "expected"),
    [
        ([], {}, AttendanceFacts()),
        ([Meeting("a"), Meeting("b")], {"a": THERE}, AttendanceFacts(held=2, attended=1, absent=1)),
        ([Meeting("a"), Meeting("b", "a")], {"a": GONE, "b": LATE}, AttendanceFacts(held=1, attended=1, late=1)),
        ([Meeting("a"), Meeting("b", "a")], {"a": THERE, "b": GONE}, AttendanceFacts(held=1, attended=1)),
        ([Meeting("b", "a")], {"b": THERE}, AttendanceFacts(held=1, attended=1)),
        ([Meeting("a"), Meeting("b", "a")], {"a": LEAVE, "b": GONE}, AttendanceFacts(held=1, on_leave=1)),
        ([Meeting("a")], {"a": SHORT}, AttendanceFacts(held=1, absent=1)),
        ([Meeting("a")], {"a": Standing(State.UNSIGNED)}, AttendanceFacts(held=1, absent=1)),
        ([Meeting("a"), Meeting("b", "a")], {"a": SHORT, "b": THERE}, AttendanceFacts(held=1, attended=1)),
    ],
)
def test_classes_add_up(held: list[Meeting[str]], standings: dict[str, Standing], expected: AttendanceFacts) -> None:
    assert attendance.count(held, standings) == expected


def test_shares_are_whole_percents_rounded_down() -> None:
    assert (attendance.percent(2, 3), attendance.percent(0, 5), attendance.percent(0, 0)) == (66, 0, None)


@pytest.mark.parametrize(
    ("standings", "roster", "present", "percent"),
    [
        ([], 0, 0, None),
        ([[THERE], [LATE], [GONE], [SHORT]], 4, 2, 50),
        ([[THERE, GONE], [GONE, THERE], [GONE, GONE]], 3, 2, 66),
        ([[THERE, LATE], [LEAVE], [Standing(State.INSIDE)], [Standing(State.UNSIGNED)]], 4, 1, 25),
    ],
)
def test_a_class_day_is_counted_by_heads(
    standings: list[list[Standing]], roster: int, present: int, percent: int | None
) -> None:
    counted = attendance.class_day(date(2026, 11, 23), standings)
    assert counted == ClassDay(date(2026, 11, 23), roster, present)
    assert counted.percent == percent


SPANS = st.lists(
    st.tuples(st.integers(-20, 80), st.integers(1, 40)).map(
        lambda each: (NINE + each[0] * MINUTE, NINE + (each[0] + each[1]) * MINUTE)
    ),
    max_size=6,
)


@settings(deadline=None)  # a busy machine is no fault of the rule
@given(SPANS, st.integers(-30, 90), st.integers(0, 120))
def test_attended_and_online_seconds_are_disjoint_and_nothing_free_is_lost(
    online: list[Span], came: int, stayed: int
) -> None:
    """Each millisecond of the wall is used once; content is the slot itself, second for second."""
    span = attendance.attended(SLOT, NINE + came * MINUTE, NINE + (came + stayed) * MINUTE)
    pieces = attendance.pair(SLOT, span, online, CALENDAR)
    walls = [(piece.wall_from_ms, piece.wall_to_ms) for piece in pieces]
    assert measure([*walls, *online]) == measure(walls) + measure(online)
    inside = [(max(a, span[0]), min(b, span[1])) for a, b in online]
    assert measure(walls) == span[1] - span[0] - measure(inside)
    for piece in pieces:
        assert (piece.from_ms, piece.to_ms) == (piece.wall_from_ms - NINE, piece.wall_to_ms - NINE)


@settings(deadline=None)  # a busy machine is no fault of the rule
@given(st.lists(st.sampled_from([THERE, GONE, LEAVE, LATE, SHORT]), max_size=8), st.randoms())
def test_facts_add_up_whatever_the_order(standings: list[Standing], random: object) -> None:
    held = [Meeting(number, number - 1 if number % 3 == 1 else None) for number in range(len(standings))]
    known = dict(enumerate(standings))
    found = attendance.count(held, known)
    assert found.held == found.attended + found.on_leave + found.absent
    assert max(found.late, found.left_early) <= found.attended
    random.shuffle(held)  # type: ignore[attr-defined]
    assert attendance.count(held, known) == found


@pytest.mark.parametrize(
    ("used", "free"), [([], True), ([(0, 50)], True), ([(0, 51)], False), ([(0, 30), (20, 40), (90, 200)], True)]
)
def test_a_paper_needs_half_of_the_time_to_be_free(used: list[tuple[int, int]], free: bool) -> None:
    assert attendance.is_free((0, 100), used) is free
