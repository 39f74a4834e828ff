"""Public notices: how long, from which day, what they show, and what objections hold back."""

import uuid
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.claims import publicity
from lms.domain.claims.publicity import STEPS, WAITING, Act, Objection, State
from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.subsidies import Term
from lms.domain.workdays import working_days_between

UNKNOWN: Term[int] = Term()
FIVE = Term(5, "第十条")
LINE, OTHER = uuid.uuid4(), uuid.uuid4()
LAST = date(2026, 6, 12)
AFTER = LAST + timedelta(days=1)


@pytest.mark.parametrize(
    ("opened", "term", "chosen", "first", "last", "of_policy"),
    [
        # the sample of domain.md 6.2: a Monday to a Friday
        (date(2026, 6, 5), FIVE, None, date(2026, 6, 8), LAST, True),
        (date(2026, 6, 7), FIVE, 5, date(2026, 6, 8), LAST, True),
        (date(2026, 6, 5), UNKNOWN, 7, date(2026, 6, 8), date(2026, 6, 16), False),
        # the dragon boat days of 2026 (19 to 21 June) do not count, nor does National Day; 20 September is worked
        (date(2026, 6, 16), FIVE, None, date(2026, 6, 17), date(2026, 6, 24), True),
        (date(2026, 9, 30), FIVE, None, date(2026, 10, 8), date(2026, 10, 13), True),
        (date(2026, 9, 18), UNKNOWN, 1, date(2026, 9, 20), date(2026, 9, 20), False),
    ],
)
def test_how_long_a_notice_stands(
    opened: date, term: Term[int], chosen: int | None, first: date, last: date, of_policy: bool
) -> None:
    found = publicity.span(opened, term, chosen)
    assert (found.first_on, found.last_on, found.of_policy) == (first, last, of_policy)
    assert not found.is_certain  # nobody has compared the table of 2026 with the notice itself


@pytest.mark.parametrize(
    ("term", "chosen", "code"),
    [
        (UNKNOWN, None, "notice_days_unknown"),
        (FIVE, 7, "notice_days_of_policy"),
        (UNKNOWN, 0, "notice_days"),
        (UNKNOWN, publicity.MOST_DAYS + 1, "notice_days"),
    ],
)
def test_a_length_that_nobody_said_is_refused(term: Term[int], chosen: int | None, code: str) -> None:
    with pytest.raises(Refused) as refused:
        publicity.span(date(2026, 6, 5), term, chosen)
    assert refused.value.code == code


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(1, publicity.MOST_DAYS))
def test_every_notice_has_all_its_working_days(opened: date, days: int) -> None:
    found = publicity.span(opened, UNKNOWN, days)
    assert opened < found.first_on <= found.last_on
    assert working_days_between(opened, found.last_on + timedelta(days=1)) == days


def test_a_number_is_partly_hidden_and_a_name_is_whole() -> None:
    assert publicity.shown_number("219999198501010018") == "219999********0018"
    assert publicity.shown_name("测试甲") == "测试甲"


def test_one_switch_hides_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publicity, "SHOWS_WHOLE_NAMES", False)
    assert publicity.shown_name("测试甲") == "测**"


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", Act)
def test_only_the_steps_of_the_table_are_taken(state: State, act: Act) -> None:
    if (state, act) in STEPS:
        assert publicity.step(state, act) is STEPS[state, act]
    else:
        with pytest.raises(Conflict, match="objection_step"):
            publicity.step(state, act)


def test_what_ends_in_payment_takes_two_people() -> None:
    me, other = uuid.uuid4(), uuid.uuid4()
    for act in (Act.AGREE, Act.DISAGREE):
        with pytest.raises(Forbidden, match="objection_second_person"):
            publicity.check_second(act, me, me)
        publicity.check_second(act, me, other)
    publicity.check_second(Act.UPHOLD, me, me)
    assert not [before for (before, act), after in STEPS.items() if after is State.UNFOUNDED and act is not Act.AGREE]


def test_objections_are_taken_until_the_last_day() -> None:
    publicity.check_time(LAST, LAST)
    with pytest.raises(Refused, match="notice_over"):
        publicity.check_time(AFTER, LAST)


@pytest.mark.parametrize(
    ("today", "objections", "over", "held"),
    [
        (LAST, [], False, set()),
        (AFTER, [], True, set()),
        (AFTER, [Objection(State.OPEN, None)], False, set()),
        (AFTER, [Objection(State.DOUBTED, LINE)], False, {LINE}),
        (AFTER, [Objection(State.UNFOUNDED, LINE), Objection(State.WITHDRAWN, None)], True, set()),
        (AFTER, [Objection(State.FOUNDED, LINE), Objection(State.UNFOUNDED, OTHER)], False, {LINE}),
        (AFTER, [Objection(State.FOUNDED, LINE, is_carried_out=True)], True, set()),
        (AFTER, [Objection(State.FOUNDED, None)], False, set()),
        (AFTER, [Objection(State.OPEN, LINE, is_carried_out=True)], False, {LINE}),
    ],
)
def test_what_objections_hold_back(today: date, objections: list[Objection], over: bool, held: set[uuid.UUID]) -> None:
    assert publicity.is_over(LAST, today, objections) is over
    assert publicity.held_lines(objections) == held


OBJECTIONS = st.lists(st.builds(Objection, st.sampled_from(State), st.sampled_from([None, LINE, OTHER])))


@given(OBJECTIONS)
def test_nothing_is_over_while_an_objection_waits(objections: list[Objection]) -> None:
    waits = any(each.state in WAITING for each in objections)
    assert not (waits and publicity.is_over(LAST, AFTER, objections))
    assert not publicity.is_over(LAST, LAST, objections)


@pytest.mark.parametrize(
    ("typed", "phone"), [("12333", "12333"), ("024-8888 6666", "024-8888 6666"), ("０２４-1234567", "024-1234567")]
)
def test_a_telephone_of_an_office(typed: str, phone: str) -> None:
    assert publicity.check_phone(typed) == phone


@pytest.mark.parametrize("typed", ["", "12", "打12333", "1" * 41, "12333-", "<b>12333"])
def test_what_is_no_telephone(typed: str) -> None:
    with pytest.raises(Refused, match="notice_phone"):
        publicity.check_phone(typed)
