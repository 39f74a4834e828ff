"""Any history of retries, returns, re-payments and clawbacks: money agrees to the fen, each atom is paid once."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from lms.domain.funds.accounts import Account
from lms.domain.subsidies import SubsidyKind
from lms.models.claims import ClaimLine, ClaimPlace
from lms.models.funds import FundBatch, FundPayment
from lms.parts import Parts
from lms.services import eligibility, subsidies
from lms.services.funds import books
from tests.support.cast import NOON, Cast
from tests.support.finished import AMOUNT, finish
from tests.support.subsidy_life import STEPS, Life

SCRIPT = Path(__file__).parents[2] / "docs" / "reconcile.sql"
HISTORY = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 10_000)), min_size=8, max_size=24)
ROUND = (
    "plan",
    "drop",
    "plan",
    "check",
    "fetch",
    "give_up",
    "plan",
    "check",
    "send",
    "answer",
    "claw",
    "late",
    "account",
    "policy",
    "day",
    "claim",
)


@pytest.fixture
def life(parts: Parts, cast: Cast) -> Life:
    made = Life(finish(parts, cast, NOON, learners=5))
    made.begin()
    return made


@given(HISTORY)
@settings(
    max_examples=8,
    phases=[Phase.generate],
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_history_pays_each_atom_once_and_agrees_to_the_fen(life: Life, steps: Sequence[tuple[str, int]]) -> None:
    """Each example goes on where the last one ended."""
    for name, seed in steps:
        life.step(name, seed)
    life.bring()
    agrees(life)
    pays_once(life)
    stands(life)


def test_every_kind_of_step_is_taken(life: Life) -> None:
    """The histories are no empty talk: within some rounds each step succeeds."""
    for seed in range(9):
        for place, name in enumerate(ROUND if seed % 2 else (*ROUND[:10], "late", *ROUND[10:])):
            life.step(name, seed * 100 + place)
    assert set(life.done) == set(STEPS)
    life.bring()
    agrees(life)
    pays_once(life)
    stands(life)


def agrees(life: Life) -> None:
    """Lines, payments, batches, the ledger and what the bank moved, in fen; and the script that knows tables only."""
    with life.office.parts.database.transaction(write=False) as session:
        lines = select(func.coalesce(func.sum(ClaimLine.amount_fen), 0)).join(
            ClaimPlace, ClaimPlace.line_id == ClaimLine.id
        )
        claimed = session.scalar(lines.where(ClaimPlace.state == "paid"))
        payments = select(func.coalesce(func.sum(FundPayment.amount_fen), 0))
        paid = session.scalar(payments.where(FundPayment.state == "paid"))
        held = books.balances_of(session, life.book)
        batches = session.execute(select(FundBatch.total_fen, FundBatch.id)).all()
        for total, batch in batches:
            assert session.scalar(payments.where(FundPayment.batch_id == batch)) == total
        script = re.sub(r"--.*", "", SCRIPT.read_text("utf-8")).rstrip().rstrip(";")
        breaches = {row.check_name: row.breaches for row in session.execute(text(script))}
    assert claimed == paid == held[Account.PAID]
    assert sum(held.values()) == 0
    outside = sum(fen for account, fen in held.items() if account not in (Account.SOURCE, Account.PAID))
    assert outside == sum(fen for _on, fen, _receipt in life.bank)
    assert {name: count for name, count in breaches.items() if count} == {}


def pays_once(life: Life) -> None:
    """Of each atom at most one payment is on its way or paid, however often it came back."""
    with life.office.parts.database.transaction(write=False) as session:
        live = FundPayment.state.in_(("waiting", "paid"))
        atoms = Counter(session.scalars(select(FundPayment.atom).where(live)))
    assert all(count == 1 for count in atoms.values())


def stands(life: Life) -> None:
    """The list of each day that is over is the same bytes; later versions change nothing for the class."""
    for day, told in life.lists.items():
        assert life.list_as_of(day) == told, day
    cohort = life.office.cast.cohort
    with life.office.parts.database.transaction(write=False) as session:
        assert subsidies.policies_of(session, [cohort])[cohort].code == "CQ-2025"
        found = eligibility.of_cohort(session, cohort, SubsidyKind.TRAINING, today=life.today)
        judged = {(each.assessment.policy_code, each.assessment.amount_fen) for each in found}
    assert judged == {("CQ-2025", AMOUNT)}
