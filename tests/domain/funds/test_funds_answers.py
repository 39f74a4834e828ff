"""What a bank answers: columns recognised, every row judged, and the same answer again adds nothing."""

import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.errors import Refused
from lms.domain.funds.answers import Field, Known, Row, judge, read, without_numbers
from lms.domain.funds.payments import PaymentState

SENT, TODAY = date(2026, 11, 20), date(2026, 11, 23)
TITLES = ("业务参考号", "金额(元)", "处理结果", "银行回单号", "交易日期", "退票原因")
GOOD = ("BE2026-01-0001", "1,000.00", "成功", "R001", "2026-11-22", "")


def grid(*rows: tuple[str, ...]) -> dict[int, dict[int, str]]:
    return {at: dict(enumerate(row)) for at, row in enumerate(rows)}


def known(**changes: object) -> Known:
    facts = {"id": uuid.UUID(int=1), "reference": GOOD[0], "amount_fen": 100_000, "state": PaymentState.WAITING}
    return Known(**{**facts, **changes})  # type: ignore[arg-type]


def row(**changes: object) -> Row:
    facts = {"line": 2, "reference": GOOD[0], "amount_fen": 100_000, "is_paid": True, "receipt": "R001", "on": TODAY}
    return Row(**{**facts, **changes})  # type: ignore[arg-type]


def codes(found: list[Row], payment: Known) -> list[str]:
    return [each.code for each in judge(found, [payment], sent_on=SENT, today=TODAY)[1]]


def test_titles_stand_anywhere_and_sums_are_no_rows() -> None:
    sheet = grid(("云川银行代发回单",), (), TITLES, GOOD, ("", "", "", "", "", ""), ("合计", "1,000.00"))
    rows, problems = read(sheet)
    assert problems == []
    assert rows == [Row(4, "BE2026-01-0001", 100_000, True, "R001", date(2026, 11, 22))]


def test_what_is_missing_of_the_columns_is_told() -> None:
    with pytest.raises(Refused) as refused:
        read(grid(("业务参考号", "金额"), ("X", "1")))
    assert refused.value.values == {"missing": (Field.OUTCOME, Field.RECEIPT, Field.DAY)}
    with pytest.raises(Refused, match="answer_empty"):
        read(grid(TITLES))


@pytest.mark.parametrize(
    ("at", "told", "code"),
    [
        (0, "", "answer_reference_missing"), (1, "1.005", "money_form"), (1, "0", "money_not_positive"),
        (2, "处理中", "answer_outcome"), (3, "", "answer_receipt"), (3, "9" * 61, "answer_receipt"),
        (4, "昨天", "answer_day"), (4, "长期", "answer_day"), (2, "退票", "answer_reason_missing"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_is_told_with_its_line(at: int, told: str, code: str) -> None:
    cells = list(GOOD)
    cells[at] = told
    rows, problems = read(grid(TITLES, tuple(cells)))
    assert (rows, [(each.line, each.code) for each in problems]) == ([], [(2, code)])


@pytest.mark.parametrize(
    ("found", "payment", "code"),
    [
        (row(reference="BE2026-01-0009"), known(), "answer_unknown"),
        (row(amount_fen=99_999), known(), "answer_amount"),
        (row(on=date(2026, 11, 24)), known(), "answer_day_ahead"),
        (row(on=date(2026, 11, 19)), known(), "answer_day_before"),
        (row(receipt="R9"), known(state=PaymentState.PAID, paid_receipt="R001"), "answer_contradicts"),
        (
            row(is_paid=False),
            known(state=PaymentState.RETURNED, paid_receipt="R001", returned_receipt="T1"),
            "answer_contradicts",
        ),
        (row(is_paid=False), known(state=PaymentState.CLAWED_BACK, paid_receipt="R001"), "answer_contradicts"),
        (
            row(is_paid=False, on=date(2026, 11, 21)),
            known(state=PaymentState.PAID, paid_receipt="R001", paid_on=TODAY),
            "answer_contradicts",
        ),
    ],
)
def test_a_row_that_does_not_fit_is_told(found: Row, payment: Known, code: str) -> None:
    assert codes([found], payment) == [code]


def test_a_payment_told_twice_in_a_file_is_told_with_the_first_line() -> None:
    news, problems = judge([row(), row(line=3)], [known()], sent_on=SENT, today=TODAY)
    assert [(each.line, each.code, dict(each.values)) for each in problems] == [(3, "answer_double", {"first": 2})]
    assert len(news) == 1


@pytest.mark.parametrize(
    ("is_paid", "payment", "books"),
    [
        (True, known(), (True, False)),
        (False, known(), (True, True)),
        (False, known(state=PaymentState.PAID, paid_receipt="R000"), (False, True)),
        (True, known(state=PaymentState.PAID, paid_receipt="R001"), (False, False)),
        (True, known(state=PaymentState.RETURNED, paid_receipt="R001", returned_receipt="T1"), (False, False)),
        (False, known(state=PaymentState.RETURNED, paid_receipt="R000", returned_receipt="R001"), (False, False)),
    ],
)
def test_only_what_is_new_is_booked(is_paid: bool, payment: Known, books: tuple[bool, bool]) -> None:
    news, problems = judge([row(is_paid=is_paid, reason="户名不符")], [payment], sent_on=SENT, today=TODAY)
    assert problems == []
    assert [(each.books_paid, each.books_returned) for each in news] == [books]


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=12))
def test_every_row_is_either_news_or_a_problem(told: list[tuple[int, bool]]) -> None:
    payments = [known(id=uuid.UUID(int=n), reference=f"R-{n}") for n in range(4)]
    rows = [row(line=at, reference=f"R-{n}", is_paid=paid, reason="x") for at, (n, paid) in enumerate(told)]
    news, problems = judge(rows, payments, sent_on=SENT, today=TODAY)
    assert sorted([each.row.line for each in news] + [each.line for each in problems]) == list(range(len(told)))
    assert len({each.payment_id for each in news}) == len(news)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("账号6222 0000 1111 2222不存在", "账号*2222不存在"),
        ("收款人２１９９９９１９７００１０１１０１X 户名不符", "收款人*１０１X 户名不符"),
        ("户名不符(E0123)", "户名不符(E0123)"),
    ],
)
def test_what_a_bank_wrote_is_kept_without_numbers(told: str, kept: str) -> None:
    assert without_numbers(told) == kept
