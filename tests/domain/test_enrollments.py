"""Who may be placed in a class, decided from what is on record and from each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.enrollments import Applicant, Decision, Known, Register

LIFANG = Applicant("pid-1", "李芳", "line-1")
NEW = Decision(joins=True, signs_in=True)


@pytest.mark.parametrize(
    ("known", "lines", "shares", "expected"),
    [
        (None, {}, False, NEW),
        (None, {"line-1": True}, False, NEW),
        (None, {"line-1": False}, False, Decision("phone_of_another_person")),
        (None, {"line-1": False}, True, Decision(joins=True, lacks_phone=True)),
        (Known("李 芳"), {}, False, NEW),
        (Known("李方"), {}, True, Decision("person_name_differs")),
        (Known("李芳", "line-1"), {"line-1": False}, False, Decision(joins=True)),
        (Known("李芳", "line-2"), {}, True, Decision("person_has_other_phone")),
        (Known("李芳", "line-1", is_enrolled=True), {"line-1": False}, True, Decision("already_enrolled")),
        (Known("李芳", "line-2", is_enrolled=True), {}, True, Decision("already_enrolled")),
        (Known("李芳", None, is_enrolled=True), {}, False, Decision(signs_in=True)),
        (Known("李芳", None, is_enrolled=True), {"line-1": False}, True, Decision("already_enrolled")),
    ],
)
def test_a_place_is_given_or_refused(
    known: Known | None, lines: dict[str, bool], shares: bool, expected: Decision
) -> None:
    register = Register(shares_phones=shares)
    register.learn({"pid-1": known} if known else {}, lines)
    assert register.place(LIFANG) == expected


def test_what_was_decided_counts_for_those_who_follow() -> None:
    register = Register(shares_phones=True)
    assert register.place(LIFANG) == NEW
    assert register.place(LIFANG) == Decision("already_enrolled")
    assert register.place(Applicant("pid-2", "王红", "line-1")) == Decision(joins=True, lacks_phone=True)
    register.learn({"pid-1": Known("李方")}, {"line-1": True})  # read before it was decided
    assert register.place(LIFANG) == Decision("already_enrolled")


def test_somebody_with_two_documents_is_placed_once() -> None:
    register = Register(shares_phones=True)
    register.learn({f"pid-{n}": Known("李芳", f"line-{n}", human="her") for n in (1, 2)}, {"line-1": False})
    assert register.place(LIFANG) == Decision(joins=True)
    assert register.place(Applicant("pid-2", "李芳", "line-2")) == Decision("already_enrolled")
    register.place(Applicant("pid-3", "王红", "line-3"))
    register.learn({"pid-3": Known("王红", human="a human who came on record meanwhile")}, {})
    assert register.place(Applicant("pid-3", "王红", "line-3")) == Decision("already_enrolled")


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=30), st.booleans())
def test_nobody_joins_twice_and_no_phone_signs_in_two(told: list[tuple[int, int]], shares: bool) -> None:
    register = Register(shares_phones=shares)
    asked = [Applicant(f"pid-{person}", "李芳", f"line-{line}") for person, line in told]
    decided = [(each, register.place(each)) for each in asked]
    joined = [each.pid for each, decision in decided if decision.joins]
    signing = [each.phone_index for each, decision in decided if decision.signs_in]
    assert len(set(joined)) == len(joined)
    assert len(set(signing)) == len(signing)
