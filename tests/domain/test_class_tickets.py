"""The rotating code: short-lived, sealed, and of no use to anybody it was sent on to."""

import uuid
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.domain import class_tickets
from lms.domain.attendance import MarkKind
from lms.domain.errors import Refused

KEY, OTHER_KEY = class_tickets.key_of("one"), class_tickets.key_of("two")
CLASS, OTHER, LI, CHEN = (uuid.uuid4() for _ in range(4))
NOW = 1_795_395_600_000


def code_of(key: bytes, ticket: class_tickets.Ticket, now_ms: int) -> str | None:
    try:
        class_tickets.check(key, ticket, now_ms)
    except Refused as refused:
        return refused.code
    return None


@pytest.mark.parametrize(
    ("after", "expected"), [(0, None), (14_999, None), (15_000, None), (29_999, None), (30_000, "ticket_old")]
)
def test_a_code_holds_for_its_step_and_the_next(after: int, expected: str | None) -> None:
    ticket = class_tickets.issue(KEY, CLASS, MarkKind.IN, NOW)
    assert code_of(KEY, ticket, NOW + after) == expected


@settings(deadline=None)  # a busy machine is no fault of the rule
@given(st.integers(NOW, NOW + 10**9), st.integers(0, 10**6))
def test_a_photo_is_worth_nothing_after_thirty_seconds(shown: int, later: int) -> None:
    ticket = class_tickets.issue(KEY, CLASS, MarkKind.OUT, shown)
    held = code_of(KEY, ticket, shown + later) is None
    assert held or later >= 15_000
    assert not held or later < 30_000


def test_a_changed_code_is_none_of_ours() -> None:
    ticket = class_tickets.issue(KEY, CLASS, MarkKind.IN, NOW)
    changed = [
        replace(ticket, meeting=OTHER),
        replace(ticket, kind=MarkKind.OUT),
        replace(ticket, step=ticket.step + 1),
        replace(ticket, seal="é" * 32),
    ]
    assert {code_of(KEY, each, NOW) for each in changed} == {"ticket_false"}
    assert code_of(OTHER_KEY, ticket, NOW) == "ticket_false"
    early = class_tickets.issue(KEY, CLASS, MarkKind.IN, NOW + 15_000)
    assert code_of(KEY, early, NOW) == "ticket_old"


def test_digits_find_the_code_while_it_holds() -> None:
    for kind in MarkKind:
        ticket = class_tickets.issue(KEY, CLASS, kind, NOW)
        digits = class_tickets.digits(KEY, ticket)
        assert (len(digits), digits.isdecimal()) == (8, True)
        assert class_tickets.find(KEY, CLASS, f"{digits[:4]} {digits[4:]}", NOW + 29_999) == ticket
        for place, typed, now_ms in ((CLASS, digits, NOW + 30_000), (OTHER, digits, NOW), (CLASS, "", NOW)):
            with pytest.raises(Refused, match="ticket_digits"):
                class_tickets.find(KEY, place, typed, now_ms)


def test_a_scan_belongs_to_one_learner_and_to_three_minutes() -> None:
    ticket = class_tickets.issue(KEY, CLASS, MarkKind.IN, NOW)
    seal = class_tickets.seal_scan(KEY, ticket, LI, NOW)
    class_tickets.check_scan(KEY, ticket, LI, NOW, seal, NOW + 180_000)
    out = replace(ticket, kind=MarkKind.OUT)
    for told, whose, at, given_seal, now_ms, code in (
        (ticket, CHEN, NOW, seal, NOW, "ticket_false"),
        (ticket, LI, NOW + 1, seal, NOW + 1, "ticket_false"),
        (out, LI, NOW, seal, NOW, "ticket_false"),
        (ticket, LI, NOW, "é", NOW, "ticket_false"),
        (ticket, LI, NOW, seal, NOW + 180_001, "ticket_old"),
    ):
        with pytest.raises(Refused, match=code):
            class_tickets.check_scan(KEY, told, whose, at, given_seal, now_ms)
