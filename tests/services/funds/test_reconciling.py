from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.funds.reconciliation import DifferenceKind
from lms.models.reconciliation import BankStatementRow, Reconciliation
from lms.services.funds import books, months, reconciling, statements
from tests.support.cast import NOON
from tests.support.funds import treasury

HEAD = "交易日期,摘要,收入,支出,余额,对方户名,对方账号,流水号,回单号"
NOVEMBER = date(2026, 11, 1)
DECEMBER = datetime(2026, 12, 2, 4, tzinfo=UTC)
IN = "2026-11-23,拨入,100000.00,,100000.00,云川市财政局,,S0,IN1"


def file(*rows, coding="gb18030"):
    return "\r\n".join(["云川银行账户交易明细", HEAD, *rows, "合计"]).encode(coding)


def out(day="2026-11-23", yuan="1000.00", balance="99000.00", receipt="R1", account="6222000000000001"):
    return f"{day},补贴,,{yuan},{balance},康宁养老服务中心,{account},S-{receipt},{receipt}"


@pytest.fixture
def money(parts, cast, monkeypatch):
    made = treasury(parts, cast, monkeypatch)
    made.fill()
    batch = made.sent([made.line()])
    made.book_answer(batch, f"{reference(parts, batch)},1000.00,成功,R1,2026-11-23,")
    return made


def reference(parts, batch):
    from lms.models.funds import FundPayment

    with parts.database.transaction() as session:
        return session.scalars(select(FundPayment.reference).where(FundPayment.batch_id == batch)).one()


def bring(money, *rows, data=b"", who=None):
    with money.parts.database.transaction() as session:
        told = {"file_name": "流水.csv", "data": data or file(*rows), "now": NOON}
        return statements.bring(session, money.parts.keyring, who or money.qian, money.book, **told)


def look(money, first=NOVEMBER):
    with money.parts.database.transaction() as session:
        return months.look(session, money.qian, money.book, first)


def act(money, name, *args, who=None, now=DECEMBER):
    with money.parts.database.transaction() as session:
        return getattr(reconciling, name)(session, who or money.qian, *args, now=now)


def rows_of(money):
    with money.parts.database.transaction() as session:
        return session.scalar(select(func.count()).select_from(BankStatementRow))


def test_a_statement_is_matched_with_the_ledger(money):
    bring(money, IN, out())
    found = look(money)
    assert (len(found.outcome.matches), found.outcome.differences) == (2, ())
    assert (found.sums.paid_fen, found.sums.batches_fen) == (100_000, 100_000)
    assert (found.sums.closing_fen, found.sums.bank_closing_fen) == (9_900_000, 9_900_000)
    assert found.sums.difference_fen == 0


def test_a_statement_twice_changes_nothing(money):
    first = bring(money, IN, out())
    assert bring(money, IN, out()) == first
    other = bring(money, data=file(IN, out(), coding="utf-8-sig"))
    assert other != first
    assert rows_of(money) == 2


def test_a_longer_statement_brings_only_what_is_new(money):
    bring(money, IN)
    bring(money, IN, out())
    assert rows_of(money) == 2


def test_a_file_with_a_fault_is_kept_nowhere(money):
    with pytest.raises(Refused, match="statement_faults"):
        bring(money, IN, out(yuan="一千"))
    assert rows_of(money) == 0


def test_a_dry_run_writes_nothing(money):
    with money.parts.database.transaction() as session:
        found = statements.judge(session, money.parts.keyring, money.qian, money.book, file(IN, out(yuan="一千")))
    assert (found.new, [each.number for each in found.statement.faults]) == (1, [4])
    assert rows_of(money) == 0


@pytest.mark.parametrize(
    ("data", "code"), [(b"a,b\n1,2\n", "statement_columns"), ("日期,金额\n".encode(), "statement_empty")]
)
def test_what_is_no_statement_is_refused(money, data, code):
    with pytest.raises(Refused, match=code):
        bring(money, data=data)


def test_no_account_number_stands_in_the_open(money):
    made = bring(money, IN, out())
    with money.parts.database.transaction() as session:
        rows = session.scalars(select(BankStatementRow)).all()
        assert not any("6222000000000001" in str(vars(row)) for row in rows)
        shown = statements.list_rows(session, money.parts.keyring, money.he, made)
    assert [(each.tail, each.name) for each in shown][1] == ("0001", "康宁养老服务中心")


def test_a_statement_is_for_her_own_book(money):
    with pytest.raises(NotFound):
        bring(money, IN, who=money.neighbour)


def test_what_differs_is_explained_prepared_signed_and_closed(money):
    bring(money, IN)
    [gap] = look(money).outcome.differences
    assert gap.kind is DifferenceKind.LEDGER_ONLY
    with pytest.raises(Refused, match="difference_unexplained"):
        act(money, "prepare", money.book, NOVEMBER)
    act(money, "explain", money.book, NOVEMBER, gap.key, "银行次日入账，已向银行核实")
    made = act(money, "prepare", money.book, NOVEMBER)
    digest = look(money).prepared.digest
    with pytest.raises(Conflict, match="funds_same_human"):
        act(money, "sign", made, digest)
    act(money, "sign", made, digest, who=money.he)
    found = look(money)
    assert found.signed.signed_by == money.he.account_id
    with money.parts.database.transaction() as session:
        assert books.closed_months(session, money.book) == {NOVEMBER}


def test_a_month_is_prepared_when_it_is_over(money):
    bring(money, IN, out())
    with pytest.raises(Refused, match="reconciliation_early"):
        act(money, "prepare", money.book, NOVEMBER, now=NOON)


def test_prepared_twice_is_one_round_and_changed_is_another(money):
    bring(money, IN, out())
    first = act(money, "prepare", money.book, NOVEMBER)
    assert act(money, "prepare", money.book, NOVEMBER) == first
    bring(money, "2026-11-29,利息,0.10,,99000.10,,,S9,R9")
    with pytest.raises(Conflict, match="reconciliation_stale"):
        act(money, "sign", first, look(money).prepared.digest, who=money.he)
    [found] = look(money).outcome.differences
    act(money, "explain", money.book, NOVEMBER, found.key, "存款利息")
    assert act(money, "prepare", money.book, NOVEMBER) != first


def test_a_later_statement_never_changes_what_was_signed(money):
    bring(money, IN, out())
    made = act(money, "prepare", money.book, NOVEMBER)
    before = look(money).prepared
    act(money, "sign", made, before.digest, who=money.he)
    bring(money, "2026-11-29,利息,0.10,,99000.10,,,S9,R9")
    after = look(money)
    assert (after.prepared.content, after.is_current) == (before.content, False)
    with pytest.raises(Conflict, match="reconciliation_signed"):
        act(money, "prepare", money.book, NOVEMBER)


def test_words_are_about_a_difference_that_is_there(money):
    bring(money, IN, out())
    with pytest.raises(NotFound):
        act(money, "explain", money.book, NOVEMBER, "bank_only/x", "没有这回事")


@pytest.mark.parametrize("words", ["", "12345", "找李芳 19900000001"])
def test_an_explanation_is_words_without_numbers(money, words):
    bring(money, IN)
    [gap] = look(money).outcome.differences
    with pytest.raises(Refused, match="difference_words"):
        act(money, "explain", money.book, NOVEMBER, gap.key, words)


def test_what_was_signed_is_never_changed(money):
    bring(money, IN, out())
    act(money, "prepare", money.book, NOVEMBER)
    with pytest.raises(Exception, match="appended"), money.parts.database.transaction() as session:
        session.execute(Reconciliation.__table__.update().values(content="{}"))


def test_months_run_from_the_first_that_moved_anything(money):
    with money.parts.database.transaction() as session:
        found = months.list_months(session, money.qian, money.book, date(2027, 1, 5))
    assert found == [date(2027, 1, 1), date(2026, 12, 1), NOVEMBER]
