"""Sixteen at once: a line is in one payment, an answer is booked once, a batch is checked once; on both databases."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from lms.domain.errors import Conflict, Refused
from lms.domain.funds.accounts import Account
from lms.models.funds import FundPayment, FundPosting
from lms.parts import Parts
from lms.services.funds import answers, bank_files, batches, books, dropping, paid_list
from tests.support.cast import NOON, Cast
from tests.support.funds import Treasury, treasury

MANY = 16


@pytest.fixture
def money(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Treasury:
    return treasury(parts, cast, monkeypatch)


def at_once(act: Callable[[int], object]) -> int:
    """How many of sixteen who do the same got it done."""
    gate = threading.Barrier(MANY)

    def run(number: int) -> int:
        gate.wait()
        try:
            act(number)
        except (Conflict, Refused):
            return 0
        return 1

    with ThreadPoolExecutor(MANY) as pool:
        return sum(pool.map(run, range(MANY)))


def test_one_line_is_in_one_payment(money: Treasury) -> None:
    line = money.line()
    money.fill()
    assert at_once(lambda _: money.plan([line])) == 1
    with money.parts.database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(FundPayment)) == 1


def test_one_batch_is_checked_sent_and_answered_once(money: Treasury) -> None:
    money.fill()
    batch = money.plan([money.line()])

    def check(_: int) -> None:
        with money.parts.database.transaction() as session:
            batches.check(session, money.he, batch, now=NOON)

    def send(_: int) -> None:
        with money.parts.database.transaction() as session:
            batches.send(session, money.qian, batch, now=NOON)

    assert (at_once(check), at_once(send)) == (1, 1)
    row = "BE2026-01-0001,1000.00,成功,R1,2026-11-23,"
    files = [money.answer(batch, row, *["合计,1000.00,,,,"] * n) for n in range(4)]

    def book(number: int) -> None:
        with money.parts.database.transaction() as session:
            if not answers.book(session, money.he, files[number % 4], now=NOON):
                raise Refused("told_before")

    assert at_once(book) == 1
    assert len(money.told) == 1
    with money.parts.database.transaction(write=False) as session:
        kinds = list(session.scalars(select(FundPosting.kind).order_by(FundPosting.number)))
    assert kinds == ["appropriation", "batch", "sent", "paid"]


def test_a_fetched_batch_is_never_dropped_by_one(money: Treasury) -> None:
    """Eight fetch its file while eight give it up: either nobody has the file, or the batch stands."""
    money.fill()
    line = money.line()
    for _ in range(3):
        batch = money.checked([line])

        def act(number: int, batch: uuid.UUID = batch) -> None:
            with money.parts.database.transaction() as session:
                if number % 2:
                    dropping.drop(session, money.qian, batch, "x", now=NOON)
                else:
                    bank_files.make(session, money.parts.keyring, money.qian, batch, "csv", now=NOON)

        done = at_once(act)
        with money.parts.database.transaction() as session:
            found = batches.look(session, money.qian, batch)
            assert (found.batch.state, found.fetches, done) in {("dropped", 0, 1), ("checked", 8, 8)}
            if found.batch.state == "checked":
                dropping.ask(session, money.qian, batch, "银行没有收到", now=NOON)
                dropping.decide(session, money.he, batch, is_right=True, now=NOON)


def test_a_request_to_drop_is_made_and_decided_once(money: Treasury) -> None:
    money.fill()
    batch = money.fetched([money.line()])

    def ask(number: int) -> None:
        with money.parts.database.transaction() as session:
            if number % 2:
                batches.send(session, money.he, batch, now=NOON)
            else:
                dropping.ask(session, money.qian, batch, "银行没有收到", now=NOON)

    def decide(number: int) -> None:
        with money.parts.database.transaction() as session:
            dropping.decide(session, money.he, batch, is_right=number % 2 == 0, now=NOON)

    assert at_once(ask) == 1
    with money.parts.database.transaction(write=False) as session:
        found = batches.look(session, money.qian, batch)
    was_sent = found.batch.state == "sent"
    assert at_once(decide) == (0 if was_sent else 1)
    with money.parts.database.transaction(write=False) as session:
        kinds = list(session.scalars(select(FundPosting.kind).order_by(FundPosting.number)))
        state = batches.look(session, money.qian, batch).batch.state
    assert kinds[2:] == {"sent": ["sent"], "checked": [], "dropped": ["dropped"]}[state]


KINDS = ["plan", "check", "fetch", "send", "paid", "returned", "drop", "ask", "confirm", "refuse"]
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 2)))


@given(STEPS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_order_of_steps_pays_a_line_at_most_once(money: Treasury, steps: list[tuple[str, int]]) -> None:
    """Each example goes on where the last one ended: lines, batches and the ledger stay in step all along."""
    if not money.owed:
        money.fill()
    line = money.line()
    made: list[object] = []
    for step, which in steps:
        try:
            _do(money, step, line, made, which)
        except (Conflict, Refused):
            continue
    with money.parts.database.transaction(write=False) as session:
        found = books.balances_of(session, money.book)
        rows = paid_list.list_rows(session, money.qian, money.book)
        paid = select(func.count(), func.coalesce(func.sum(FundPayment.amount_fen), 0))
        many, fen = session.execute(paid.where(FundPayment.state == "paid")).one()
        lines = select(func.count(FundPayment.line_id.distinct())).where(FundPayment.state == "paid")
        assert session.scalar(lines) == many
    assert sum(found.values()) == 0
    assert found[Account.PAID] == fen == sum(each.paid_fen for each in rows)
    assert all(fen >= 0 for account, fen in found.items() if account is not Account.SOURCE)


def _do(money: Treasury, step: str, line: object, made: list[object], which: int) -> None:
    if step == "plan":
        made.append(money.plan([line], confirmed=True))  # type: ignore[list-item]
        return
    if not made:
        return
    batch = made[which % len(made)]
    with money.parts.database.transaction() as session:
        if step == "check":
            batches.check(session, money.he, batch, now=NOON)  # type: ignore[arg-type]
        elif step == "send":
            batches.send(session, money.qian, batch, now=NOON)  # type: ignore[arg-type]
        elif step == "fetch":
            bank_files.make(session, money.parts.keyring, money.qian, batch, "csv", now=NOON)  # type: ignore[arg-type]
        elif step == "drop":
            dropping.drop(session, money.qian, batch, "x", now=NOON)  # type: ignore[arg-type]
        elif step == "ask":
            dropping.ask(session, money.he, batch, "x", now=NOON)  # type: ignore[arg-type]
        elif step in ("confirm", "refuse"):
            dropping.decide(session, money.qian, batch, is_right=step == "confirm", now=NOON)  # type: ignore[arg-type]
    if step in ("paid", "returned"):
        with money.parts.database.transaction(write=False) as session:
            number = batches.look(session, money.qian, batch).batch.number  # type: ignore[arg-type]
        words = "成功" if step == "paid" else "退票"
        money.book_answer(batch, f"{number}-0001,1000.00,{words},{step},2026-11-23,x")  # type: ignore[arg-type]
