"""How long claims stay where: stages from steps, terms in working days, and what the report sums."""

import uuid
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lms.domain.claims import ageing
from lms.domain.claims.ageing import Stage, Stay, Step, Terms
from lms.domain.claims.states import Act, ClaimState
from lms.domain.subsidies import Term

MONDAY = date(2026, 6, 1)
HERE, THERE = uuid.UUID(int=1), uuid.UUID(int=2)
UNKNOWN: Term[int] = Term()
TERMS = Terms(Term(10, "第八条"), Term(5, "第十二条"), date(2026, 6, 24), 2)
NOTHING_KNOWN = Terms(UNKNOWN, UNKNOWN, None, 1)


def on(days: int) -> date:
    return MONDAY + timedelta(days=days)


WHOLE = [
    Step(Act.MAKE, ClaimState.DRAFT, on(0)),
    Step(Act.FILE, ClaimState.FILED, on(0)),
    Step(Act.SAMPLE, ClaimState.FILED, on(1)),
    Step(Act.RETURN, ClaimState.RETURNED, on(2)),
    Step(Act.FILE, ClaimState.FILED, on(4)),
    Step(Act.PASS_FIRST, ClaimState.FIRST, on(9)),
    Step(Act.PASS_SECOND, ClaimState.NOTICE, on(16)),
    Step(Act.OWE, ClaimState.OWED, on(24)),
    Step(Act.PAY_LINE, ClaimState.OWED, on(28)),
]
PAID = [*WHOLE, Step(Act.PAY_LINE, ClaimState.OWED, on(37))]


def test_stages_follow_from_steps() -> None:
    # ten working days from 5 June end on 22 June: the holiday of 19 to 21 June lies between
    review = date(2026, 6, 22)
    assert ageing.stays(PAID, TERMS) == [
        Stay(Stage.FIRST_REVIEW, on(0), on(2), date(2026, 6, 15)),
        Stay(Stage.CORRECTION, on(2), on(4), None),
        Stay(Stage.FIRST_REVIEW, on(4), on(9), review),
        Stay(Stage.SECOND_REVIEW, on(9), on(16), review),
        Stay(Stage.NOTICE, on(16), on(24), date(2026, 6, 24)),
        Stay(Stage.PAYMENT, on(24), on(37), date(2026, 7, 2)),
    ]


def test_payment_waits_for_the_last_line_and_again_for_one_that_came_back() -> None:
    assert ageing.stays(WHOLE, TERMS)[-1].until is None
    back = [*PAID, Step(Act.OWE_AGAIN, ClaimState.OWED, on(40))]
    assert ageing.stays(back, TERMS)[-1] == Stay(Stage.PAYMENT, on(24), None, date(2026, 7, 2))


def test_a_term_that_nobody_knows_is_never_overdue() -> None:
    (stay,) = ageing.stays(WHOLE[:2], NOTHING_KNOWN)
    assert stay.due_on is None
    assert ageing.overdue_days(stay, on(1000)) == 0
    assert not ageing.is_late(stay, on(1000))


def test_what_is_over_leaves_no_stage_open() -> None:
    withdrawn = [*WHOLE[:2], Step(Act.WITHDRAW, ClaimState.WITHDRAWN, on(3))]
    assert ageing.stays(withdrawn, TERMS) == [Stay(Stage.FIRST_REVIEW, on(0), on(3), date(2026, 6, 15))]


def test_days_are_working_days() -> None:
    stay = Stay(Stage.PAYMENT, date(2026, 6, 18), None, date(2026, 6, 22))
    assert ageing.days_in(stay, date(2026, 6, 21)) == 0  # the dragon boat days
    assert ageing.days_in(stay, date(2026, 6, 22)) == 1
    assert ageing.overdue_days(stay, date(2026, 6, 22)) == 0
    assert ageing.overdue_days(stay, date(2026, 6, 24)) == 2
    assert ageing.is_late(stay, date(2026, 6, 23))


def test_the_report_sums_by_institution_and_stage() -> None:
    waits = Stay(Stage.PAYMENT, on(0), None, on(4))
    free = Stay(Stage.PAYMENT, on(1), None, None)
    over = Stay(Stage.PAYMENT, on(0), on(7), on(4))
    quick = Stay(Stage.PAYMENT, on(0), on(1), on(4))
    rows = ageing.tally([(HERE, waits), (HERE, free), (HERE, over), (HERE, quick), (THERE, free)], on(9))
    first, second = rows
    assert (first.place, first.stage, second.place) == (HERE, Stage.PAYMENT, THERE)
    assert (first.waiting, first.overdue, first.without_term, first.longest, first.most_overdue) == (2, 1, 1, 7, 3)
    assert (first.passed, first.late, first.typical) == (2, 1, 1)
    assert not first.is_certain
    assert (second.waiting, second.passed, second.typical) == (1, 0, None)


DAYS = st.integers(0, 400).map(on)
STAYS = st.builds(
    lambda stage, since, length, due: Stay(stage, since, since + timedelta(days=length) if length else None, due),
    st.sampled_from(Stage),
    DAYS,
    st.integers(0, 60),
    st.none() | DAYS,
)


@given(st.lists(st.tuples(st.sampled_from([HERE, THERE]), STAYS)), st.integers(460, 500).map(on))
def test_nothing_is_counted_twice_or_lost(found: list[tuple[uuid.UUID, Stay]], today: date) -> None:
    rows = ageing.tally(found, today)
    assert sum(row.waiting + row.passed for row in rows) == len(found)
    assert all(row.overdue + row.without_term <= row.waiting and row.late <= row.passed for row in rows)
    assert len({(row.place, row.stage) for row in rows}) == len(rows)


@given(STAYS, st.integers(460, 500).map(on))
def test_what_is_late_by_days_is_late(stay: Stay, today: date) -> None:
    if ageing.overdue_days(stay, today):
        assert ageing.is_late(stay, today)
    assert ageing.days_in(stay, today) >= 0
