"""Money comes in, goes out by two humans, comes back, goes out again, is clawed back; and the ledger says so."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text

from lms.db import IntegrityError, OperationalError
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.funds import bank_files as bank_rules
from lms.domain.funds.accounts import Account
from lms.domain.funds.paid_list import sheet, totals
from lms.domain.subsidies import Fund, PastState
from lms.models.audit import AuditEvent
from lms.models.base import new_id
from lms.models.funds import FundAct, FundBatch, FundClawback, FundEntry, FundPayment, FundPosting
from lms.parts import Parts
from lms.services.funds import answers, bank_files, batches, books, clawbacks, dropping, money_in, owed, paid_list
from tests.support.cast import NOON, Cast
from tests.support.funds import TODAY, Treasury, file, treasury
from tests.support.humans import one_human


@pytest.fixture
def money(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Treasury:
    return treasury(parts, cast, monkeypatch)


def balances(money: Treasury) -> dict[Account, int]:
    with money.parts.database.transaction(write=False) as session:
        found = books.balances_of(session, money.book)
    return {account: fen for account, fen in found.items() if fen}


def reference(money: Treasury, batch: uuid.UUID, place: int = 1) -> str:
    with money.parts.database.transaction(write=False) as session:
        return f"{session.get_one(FundBatch, batch).number}-{place:04d}"


def rows_of(money: Treasury, as_of: date | None = None) -> list[tuple[str, ...]]:
    with money.parts.database.transaction(write=False) as session:
        return sheet(paid_list.list_rows(session, money.he, money.book, as_of=as_of))


def test_lines_batches_ledger_and_bank_file_agree_to_the_fen(money: Treasury) -> None:
    money.fill()
    lines = [money.line(fen) for fen in (100_000, 33_333, 1)]
    batch = money.sent(lines)
    total = sum(each.amount_fen for each in lines)
    with money.parts.database.transaction() as session:
        made = bank_files.make(session, money.parts.keyring, money.he, batch, "csv", now=NOON)
        row = session.get_one(FundBatch, batch)
    assert bank_rules.read_total(made.rows) == (3, total) == (row.count, row.total_fen)
    assert {each.account for each in made.lines} == {"6222000000000001"}
    money.book_answer(batch, *(f"{reference(money, batch, n)},{fen},成功,R{n},2026-11-23," for n, fen in
                               ((1, "1000.00"), (2, "333.33"), (3, "0.01"))))  # fmt: skip
    with money.parts.database.transaction(write=False) as session:
        found = totals(paid_list.list_rows(session, money.he, money.book))
    assert (found.owed_fen, found.paid_fen) == (total, total)
    assert balances(money) == {Account.SOURCE: -10_000_000, Account.AVAILABLE: 10_000_000 - total, Account.PAID: total}
    assert money.told == [(each.line_id, PastState.PAID, TODAY) for each in lines]


def test_a_returned_payment_is_a_reversing_row_and_is_paid_again(money: Treasury) -> None:
    """The three rows of domain.md 6.2."""
    money.fill()
    line = money.line()
    first = money.sent([line])
    money.book_answer(first, f"{reference(money, first)},1000.00,成功,R001,2026-11-23,")
    money.book_answer(first, f"{reference(money, first)},1000.00,退票,R001-T,2026-11-23,户名不符")
    assert money.told[-1] == (line.line_id, PastState.APPROVED, TODAY)
    with pytest.raises(Refused, match="payment_account_same"):
        money.plan([line])
    money.move(line, "6222000000000019")
    again = money.sent([money.owed[0]])
    money.book_answer(again, f"{reference(money, again)},1000.00,成功,R007,2026-11-23,")
    told = [(each[0], *each[5:8], *each[9:12]) for each in rows_of(money)]
    assert told == [
        ("L0001", "0001", "1000.00", "1000.00", "R001", "已付", ""),
        ("L0002", "0001", "0.00", "-1000.00", "R001-T", "退票", "L0001"),
        ("L0003", "0019", "0.00", "1000.00", "R007", "重付", "L0001"),
        ("合计", "", "1000.00", "1000.00", "", "", ""),
    ]
    with money.parts.database.transaction(write=False) as session:
        states = list(session.scalars(select(FundPayment.state).order_by(FundPayment.id)))
    assert states == ["returned", "paid"]


def test_an_answer_that_says_returned_at_once_books_both(money: Treasury) -> None:
    money.fill()
    batch = money.sent([money.line()])
    assert money.book_answer(batch, f"{reference(money, batch)},1000.00,退票,T1,2026-11-23,账号不存在") == 1
    assert [(each[0], each[7], each[10]) for each in rows_of(money)[:-1]] == [
        ("L0001", "1000.00", "已付"),
        ("L0002", "-1000.00", "退票"),
    ]
    assert balances(money)[Account.RETURNED] == 100_000
    with money.parts.database.transaction(write=False) as session:
        found = owed.list_owed(session, money.parts.keyring, money.qian, money.book)
    assert [(each.returned_note, each.is_same) for each in found] == [("账号不存在", True)]
    assert money.plan([money.owed[0]], confirmed=True)


def test_an_answer_twice_changes_nothing(money: Treasury) -> None:
    money.fill()
    batch = money.sent([money.line()])
    rows = (f"{reference(money, batch)},1000.00,成功,R001,2026-11-23,",)
    assert money.book_answer(batch, *rows) == 1
    before, told = rows_of(money), list(money.told)
    assert money.answer(batch, *rows) == money.answer(batch, *rows)
    assert money.book_answer(batch, *rows) == 0
    assert money.book_answer(batch, *rows, "合计,1000.00,,,,") == 0
    assert (rows_of(money), money.told) == (before, told)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("BE2026-01-0099,1000.00,成功,R1,2026-11-23,", "answer_unknown"),
        ("BE2026-01-0002,999.99,成功,R1,2026-11-23,", "answer_amount"),
        ("BE2026-01-0001,1000.00,成功,R1,2026-11-23,", "answer_double"),
        ("BE2026-01-0002,一千,成功,R1,2026-11-23,", "money_form"),
    ],
)
def test_nothing_is_booked_until_the_whole_file_is_right(money: Treasury, bad: str, code: str) -> None:
    money.fill()
    batch = money.sent([money.line(), money.line()])
    made = money.answer(batch, "BE2026-01-0001,1000.00,成功,R0,2026-11-23,", bad)
    with money.parts.database.transaction(write=False) as session:
        found = answers.show(session, money.qian, made, now=NOON)
    assert [(each.line, each.code) for each in found.problems] == [(3, code)]
    with pytest.raises(Refused, match="answer_wrong"), money.parts.database.transaction() as session:
        answers.book(session, money.he, made, now=NOON)
    assert rows_of(money) == [("合计", *[""] * 5, "0.00", "0.00", *[""] * 7)]


def test_a_batch_takes_two_humans(money: Treasury, cast: Cast) -> None:
    money.fill()
    made = money.plan([money.line()])
    with pytest.raises(Conflict, match="funds_same_human"), money.parts.database.transaction() as session:
        batches.check(session, money.qian, made, now=NOON)
    with pytest.raises(NotFound), money.parts.database.transaction() as session:
        batches.check(session, money.neighbour, made, now=NOON)
    with pytest.raises(Forbidden), money.parts.database.transaction() as session:
        batches.check(session, cast.zhoumin, made, now=NOON)
    with pytest.raises(Conflict, match="batch_state"), money.parts.database.transaction() as session:
        bank_files.make(session, money.parts.keyring, money.qian, made, "csv", now=NOON)
    with pytest.raises(Conflict, match="batch_state"), money.parts.database.transaction() as session:
        batches.send(session, money.qian, made, now=NOON)


def test_two_accounts_of_one_human_are_one(money: Treasury, cast: Cast) -> None:
    money.fill()
    made = money.plan([money.line()])
    one_human(money.parts, cast, [money.qian, money.he])
    with pytest.raises(Conflict, match="funds_same_human"), money.parts.database.transaction() as session:
        batches.check(session, money.he, made, now=NOON)


def test_money_that_is_not_there_is_not_owed(money: Treasury) -> None:
    money.fill(99_999)
    made = money.plan([money.line()])
    with pytest.raises(Refused) as refused, money.parts.database.transaction() as session:
        batches.check(session, money.he, made, now=NOON)
    assert refused.value.values == {"account": "available", "missing_fen": 1}


def test_a_batch_given_up_leaves_its_lines_owed(money: Treasury) -> None:
    money.fill()
    line = money.line()
    made = money.plan([line])
    with money.parts.database.transaction() as session:
        batches.check(session, money.he, made, now=NOON)
    assert balances(money)[Account.OWED] == 100_000
    with pytest.raises(Refused, match="batch_note_missing"), money.parts.database.transaction() as session:
        dropping.drop(session, money.qian, made, " ", now=NOON)
    with money.parts.database.transaction() as session:
        dropping.drop(session, money.qian, made, "银行账户信息有误", now=NOON)
    assert balances(money) == {Account.SOURCE: -10_000_000, Account.AVAILABLE: 10_000_000}
    sent = money.sent([line])
    with pytest.raises(Conflict, match="batch_state"), money.parts.database.transaction() as session:
        dropping.drop(session, money.qian, sent, "太晚", now=NOON)


def test_a_line_or_a_subsidy_in_a_payment_is_in_no_other(money: Treasury) -> None:
    money.fill()
    line = money.line()
    money.plan([line])
    with pytest.raises(Conflict, match="payment_taken"):
        money.plan([line])
    twin = money.line(atom=line.atom)
    with money.parts.database.transaction(write=False) as session:
        found = owed.list_owed(session, money.parts.keyring, money.qian, money.book)
    assert [(each.payable.line_id, each.is_double) for each in found] == [(twin.line_id, True)]
    with pytest.raises(Refused, match="payment_double"):
        money.plan([twin])
    pair = [money.line(), money.line()]
    money.owed[-1] = twin2 = type(twin)(**{**pair[1].__dict__, "atom": pair[0].atom})
    with pytest.raises(Refused, match="payment_double"):
        money.plan([pair[0], twin2])
    with pytest.raises(Refused, match="batch_empty"):
        money.plan([])


def test_the_database_itself_refuses_a_second_live_payment(money: Treasury) -> None:
    money.fill()
    batch = money.plan([money.line()])
    with money.parts.database.transaction(write=False) as session:
        old = session.scalars(select(FundPayment)).one()
        facts = {each.name: getattr(old, each.name) for each in FundPayment.__table__.columns}
    for changes in ({}, {"atom": "other"}, {"line_id": new_id()}):
        with pytest.raises(IntegrityError), money.parts.database.transaction() as session:
            session.add(FundPayment(**{**facts, "id": new_id(), "place": 2, **changes}))
    assert batch


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE fund_postings SET receipt = 'X'",
        "DELETE FROM fund_postings",
        "UPDATE fund_entries SET amount_fen = 1",
        "DELETE FROM fund_entries",
        "UPDATE fund_acts SET note = 'X'",
        "UPDATE fund_payments SET amount_fen = 1",
        "UPDATE fund_batches SET total_fen = 1",
        "UPDATE fund_appropriations SET amount_fen = 1",
        "DELETE FROM fund_payments",
        (
            "INSERT INTO fund_entries (id, posting_id, place, from_account, to_account, amount_fen)"
            " SELECT id, posting_id, 9, from_account, to_account, -5 FROM fund_entries WHERE place = 1 LIMIT 1"
        ),
        (
            "INSERT INTO fund_entries (id, posting_id, place, from_account, to_account, amount_fen)"
            " SELECT id, posting_id, 9, to_account, to_account, 5 FROM fund_entries WHERE place = 1 LIMIT 1"
        ),
    ],
)
def test_the_database_refuses_to_change_what_was_booked(money: Treasury, statement: str) -> None:
    money.fill()
    batch = money.sent([money.line()])
    money.book_answer(batch, f"{reference(money, batch)},1000.00,成功,R001,2026-11-23,")
    before = rows_of(money), balances(money)
    told = statement.replace("SELECT id, posting_id", f"SELECT {_id(money)}, posting_id")
    with pytest.raises((IntegrityError, OperationalError, Exception)), money.parts.database.transaction() as session:
        session.execute(text(told))
    assert (rows_of(money), balances(money)) == before


def _id(money: Treasury) -> str:
    return "gen_random_uuid()" if not money.parts.database.is_sqlite else "lower(hex(randomblob(16)))"


def test_a_clawback_is_decided_by_two_and_booked_when_the_money_is_back(money: Treasury) -> None:
    money.fill()
    line = money.line()
    batch = money.sent([line])
    with money.parts.database.transaction() as session:
        payment = session.scalars(select(FundPayment.id)).one()
        with pytest.raises(Refused, match="clawback_not_paid"):
            clawbacks.propose(session, money.qian, payment, "重复享受", now=NOON)
    money.book_answer(batch, f"{reference(money, batch)},1000.00,成功,R001,2026-11-23,")
    with money.parts.database.transaction() as session:
        made = clawbacks.propose(session, money.qian, payment, "重复享受", now=NOON)
        with pytest.raises(Conflict, match="clawback_stands"):
            clawbacks.propose(session, money.he, payment, "重复享受", now=NOON)
        with pytest.raises(Conflict, match="funds_same_human"):
            clawbacks.decide(session, money.qian, made, is_right=True, now=NOON)
        with pytest.raises(Conflict, match="funds_decided"):
            clawbacks.settle(session, money.qian, made, on=TODAY, receipt="C1", now=NOON)
        clawbacks.decide(session, money.he, made, is_right=True, now=NOON)
    assert balances(money)[Account.PAID] == 100_000
    with money.parts.database.transaction() as session:
        with pytest.raises(Refused, match="clawback_early"):
            clawbacks.settle(session, money.qian, made, on=TODAY - timedelta(days=1), receipt="C1", now=NOON)
        clawbacks.settle(session, money.qian, made, on=TODAY, receipt="C1", now=NOON)
    assert balances(money) == {
        Account.SOURCE: -10_000_000,
        Account.AVAILABLE: 9_900_000,
        Account.CLAWED_BACK: 100_000,
    }
    assert [(each[6], each[7], each[10], each[11]) for each in rows_of(money)[1:]] == [
        ("-1000.00", "-1000.00", "追回", "L0001"),
        ("0.00", "0.00", "", ""),
    ]
    assert money.told[-1] == (line.line_id, PastState.CLAWED_BACK, TODAY)
    with pytest.raises(Conflict, match="payment_taken"):
        money.plan([line])


def test_a_closed_month_takes_no_posting(money: Treasury) -> None:
    money.fill()
    batch = money.sent([money.line()])
    later = NOON + timedelta(days=15)
    with money.parts.database.transaction() as session:
        with pytest.raises(Refused, match="funds_close_early"):
            books.close_month(session, money.qian, money.book, date(2026, 11, 1), now=NOON)
        books.close_month(session, money.qian, money.book, date(2026, 11, 1), now=later)
        made = answers.take(session, money.qian, batch, _late(money, batch), now=later)
        answers.book(session, money.he, made, now=later)
        row = session.scalars(select(FundPosting).where(FundPosting.kind == "paid")).one()
    assert (row.fact_on, row.booked_on, row.period_on) == (date(2026, 11, 30), date(2026, 12, 8), date(2026, 12, 1))


def _late(money: Treasury, batch: uuid.UUID) -> bytes:
    with money.parts.database.transaction(write=False) as session:
        number = session.get_one(FundBatch, batch).number
    return file(f"{number}-0001,1000.00,成功,R001,2026-11-30,")


def test_the_list_of_a_past_day_stays_as_it_was(money: Treasury) -> None:
    money.fill()
    batch = money.sent([money.line(), money.line()])
    money.book_answer(batch, f"{reference(money, batch)},1000.00,成功,R001,2026-11-23,")
    before = rows_of(money, TODAY)
    made = money.answer(batch, f"{reference(money, batch, 2)},1000.00,成功,R002,2026-11-23,")
    with money.parts.database.transaction() as session:
        answers.book(session, money.he, made, now=NOON + timedelta(days=1))
    assert rows_of(money, TODAY) == before
    assert len(rows_of(money)) == len(before) + 1


def test_money_that_came_in_takes_two_humans(money: Treasury) -> None:
    said = {"amount_fen": 5, "received_on": TODAY, "document": "文", "receipt": "R", "now": NOON}
    with money.parts.database.transaction() as session:
        made = money_in.propose(session, money.qian, money.book, **said)  # type: ignore[arg-type]
        with pytest.raises(Conflict, match="funds_same_human"):
            money_in.decide(session, money.qian, made, is_right=True, now=NOON)
        money_in.decide(session, money.he, made, is_right=False, now=NOON)
        with pytest.raises(Conflict, match="funds_decided"):
            money_in.decide(session, money.he, made, is_right=True, now=NOON)
        for changes, code in (
            ({"amount_fen": 0}, "money_not_positive"),
            ({"received_on": TODAY + timedelta(days=1)}, "funds_day_ahead"),
            ({"document": ""}, "appropriation_document"),
            ({"receipt": ""}, "funds_receipt"),
        ):
            with pytest.raises(Refused, match=code):
                money_in.propose(session, money.qian, money.book, **{**said, **changes})  # type: ignore[arg-type]
    assert balances(money) == {}


def test_a_book_is_nobody_elses(money: Treasury) -> None:
    with money.parts.database.transaction() as session:
        assert books.open_book(session, money.qian, money.places.city, Fund.EMPLOYMENT, now=NOON) == money.book
        with pytest.raises(NotFound):
            books.open_book(session, money.qian, money.places.west, Fund.EMPLOYMENT, now=NOON)
        for act in (
            lambda: books.get(session, money.neighbour, money.book),
            lambda: owed.list_owed(session, money.parts.keyring, money.neighbour, money.book),
            lambda: paid_list.list_rows(session, money.neighbour, money.book),
            lambda: money_in.list_of(session, money.neighbour, money.book),
            lambda: clawbacks.list_of(session, money.neighbour, money.book),
            lambda: answers.show(session, money.neighbour, new_id(), now=NOON),
        ):
            with pytest.raises(NotFound):
                act()
        assert books.list_books(session, money.neighbour) == []


def test_each_step_is_on_record_without_personal_data(money: Treasury) -> None:
    money.fill()
    batch = money.sent([money.line()])
    with money.parts.database.transaction() as session:
        bank_files.make(session, money.parts.keyring, money.he, batch, "xlsx", now=NOON)
        acts = list(session.scalars(select(FundAct.act).where(FundAct.subject_id == batch).order_by(FundAct.place)))
        told = list(session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "report.export")))
        kept = session.scalars(select(FundPayment.account_sealed)).one()
        assert session.scalar(select(func.count()).select_from(FundClawback)) == 0
        assert session.scalar(select(func.count()).select_from(FundEntry)) == 3
    assert acts == ["batch_plan", "batch_check", "batch_send"]
    assert [each["masked"] for each in told] == [False]
    assert "6222000000000001" not in f"{told}{kept}"
