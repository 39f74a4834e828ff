"""docs/reconcile.sql on both databases: silent where all is right, and each check finds a row that was broken.

Rows are broken in temporary copies, which stand before the tables of the same name and have no guard and no key.
"""

import re
import uuid
from pathlib import Path

import pytest
from sqlalchemy import select, text

from lms.domain.evidence import canonical, leaf_of
from lms.domain.subsidies import Fund
from lms.models.base import new_id
from lms.models.claims import Claim, ClaimLine, ClaimPlace, ClaimStep
from lms.models.funds import FundPayment
from lms.models.payees import PayeeAccount
from lms.services.funds import dropping, statements
from tests.support.cast import NOON
from tests.support.funds import TODAY, treasury

SCRIPT = Path(__file__).parents[3] / "docs" / "reconcile.sql"
HEAD = "交易日期,收入,支出,对方账号,回单号"
BANK = (
    "2026-11-23,100000.00,,,IN1",
    "2026-11-23,,1000.00,6222000000000001,R1",
    "2026-11-23,,2000.00,6222000000000001,R2",
)
COPIED = (
    *("claims", "claim_lines", "claim_places", "fund_batches", "fund_payments", "fund_postings", "fund_entries"),
    *("fund_answers", "fund_appropriations", "fund_closes", "bank_statement_rows", "bank_statements"),
    *("claim_steps", "fund_clawbacks", "fund_acts", "reconciliations", "reconciliation_signings", "payee_accounts"),
    "accounts",
)
CLAIM = uuid.UUID(int=7)
BREAKS = {
    "claims_to_steps": "UPDATE claims SET state = 'notice'",
    "lines_to_states": "UPDATE claim_places SET atom_key = NULL",
    "lines_frozen": "UPDATE claim_lines SET body = replace(body, 'amount_fen', 'amount')",
    "payments_to_states": "UPDATE fund_batches SET state = 'sent'",
    "postings_linked": "UPDATE fund_entries SET to_account = 'returned' WHERE to_account = 'transit'",
    "postings_dated": "UPDATE fund_postings SET booked_on = '2027-01-01' WHERE kind = 'paid'",
    "appropriations_to_postings": "UPDATE fund_appropriations SET amount_fen = amount_fen + 1",
    "clawbacks_to_postings": "INSERT INTO fund_clawbacks (id, payment_id, reason, state, made_by, made_at) "
    "SELECT p.id, p.id, 'x', 'back', b.made_by, b.made_at FROM fund_payments p, fund_batches b",
    "hands_on_record": "UPDATE fund_postings SET checked_by = made_by WHERE kind = 'paid'",
    "statements_whole": "DELETE FROM bank_statements",
    "signings_to_closes": "INSERT INTO reconciliation_signings "
    "(reconciliation_id, book_id, month_on, signed_by, signed_at) "
    "SELECT id, id, '2026-11-01', opened_by, '2030-01-01 00:00:00+00:00' FROM fund_books",
    "lines_to_claims": "UPDATE claim_lines SET number = 7 WHERE number = 1",
    "claims_to_payments": "UPDATE claim_places SET state = 'owed'",
    "payments_to_lines": "UPDATE claim_lines SET amount_fen = amount_fen + 1 WHERE number = 1",
    "payments_to_batches": "UPDATE fund_batches SET total_fen = total_fen - 1",
    "batches_to_postings": "DELETE FROM fund_postings WHERE kind = 'sent'",
    "postings_to_payments": "UPDATE fund_payments SET state = 'returned' WHERE place = 1",
    "postings_balanced": "DELETE FROM fund_entries WHERE posting_id IN "
    "(SELECT id FROM fund_postings WHERE kind = 'paid' AND receipt = 'R1')",
    "postings_numbered": "UPDATE fund_postings SET number = 99 WHERE kind = 'sent'",
    "accounts_not_below_zero": "DELETE FROM fund_postings WHERE kind = 'appropriation'",
    "ledger_to_answers": "DELETE FROM fund_answers",
    "ledger_to_bank": "DELETE FROM bank_statement_rows WHERE receipt = 'R1'",
    "bank_to_ledger": "UPDATE bank_statement_rows SET receipt = 'R9', amount_fen = -1 WHERE receipt = 'R1'",
    "line_paid_once": "UPDATE fund_payments SET line_id = (SELECT line_id FROM fund_payments WHERE place = 1)",
    "atom_claimed_once": "UPDATE claim_lines SET occupation = '养老护理员0'",
    "atom_paid_once": "UPDATE fund_payments SET occupation = ' 养老护理员0'",
    "two_people": "UPDATE fund_batches SET checked_by = made_by",
    "closed_months": "INSERT INTO fund_closes (id, book_id, month_on, closed_by, closed_at) "
    "SELECT id, book_id, period_on, made_by, '2000-01-01 00:00:00+00:00' FROM fund_postings WHERE kind = 'sent'",
}


@pytest.fixture
def money(parts, cast, monkeypatch):
    """Two lines of one claim, paid and matched."""
    made = treasury(parts, cast, monkeypatch)
    made.fill()
    batch = made.sent([made.line(fen, claim_id=CLAIM) for fen in (100_000, 200_000)])
    with parts.database.transaction() as session:
        payments = session.scalars(select(FundPayment).order_by(FundPayment.place)).all()
        rows = [
            f"{each.reference},{each.amount_fen // 100}.00,成功,R{each.amount_fen // 100_000},2026-11-23,"
            for each in payments
        ]
    made.book_answer(batch, *rows)
    with parts.database.transaction() as session:
        _claim(session, made, payments)
        told = {"file_name": "流水.csv", "data": "\n".join([HEAD, *BANK]).encode(), "now": NOON}
        statements.bring(session, parts.keyring, made.qian, made.book, **told)
    return made


def _claim(session, made, payments):
    """The claim that the lines of the test are of."""
    first = payments[0]
    made_of = {"kind": first.kind, "fund": Fund.EMPLOYMENT.value, "policy_code": "LN-2021", "policy_digest": "d"}
    claim = Claim(
        id=CLAIM,
        **made_of,
        cohort_id=first.cohort_id,
        organisation_id=first.organisation_id,
        state="owed",
        version=1,
        made_by=made.cast.zhoumin.account_id,
        made_at=NOON,
    )
    session.add(claim)
    session.flush()
    lines = [_line(claim, number, each) for number, each in enumerate(payments, start=1)]
    session.add_all(lines)
    facts = {"lines": {str(each.id): each.digest for each in lines}}
    told = {
        "number": 1,
        "act": "make",
        "state": "owed",
        "account_id": claim.made_by,
        "at": NOON,
        "note": "",
        "link": "",
    }
    session.add(ClaimStep(id=new_id(), claim_id=claim.id, facts=facts, **told))
    session.flush()
    for each in payments:
        keys = {"atom_key": each.atom, "enrollment_key": f"{each.line_id}:{each.kind}"}
        session.add(ClaimPlace(line_id=each.line_id, claim_id=claim.id, state="paid", since=NOON, **keys))
    session.add(_account(first, claim.made_by))
    session.flush()


def _account(payment, by):
    """What the payments of the test are paid to."""
    whose = {"organisation_id": payment.payee_id, "holder": payment.payee_name, "bank": payment.bank}
    number = {"account_sealed": "", "account_index": "", "account_tail": payment.account_tail}
    return PayeeAccount(id=new_id(), card="bank", state="in_force", entered_by=by, entered_at=NOON, **whose, **number)


def _line(claim, number, each):
    told = {
        "enrollment": str(each.line_id), "person": str(each.person_id), "class_hour_hundredths": 0,
        "first_on": TODAY.isoformat(), "last_on": TODAY.isoformat(), "certificate": None, "certificate_on": None,
        "standard_fen": each.amount_fen, "amount_fen": each.amount_fen, "policy": "LN-2021", "policy_digest": "d",
    }  # fmt: skip
    body = canonical(told)
    return ClaimLine(
        id=each.line_id, claim_id=claim.id, round=1, number=number, enrollment_id=each.line_id,
        person_id=each.person_id, kind=each.kind, occupation=each.occupation, level=each.level,
        class_hour_hundredths=0, first_on=TODAY, last_on=TODAY, standard_fen=each.amount_fen,
        amount_fen=each.amount_fen, body=body, digest=leaf_of(body), made_at=NOON,
    )  # fmt: skip


def run(money, *breaks):
    """The checks by name, after these statements on copies of the tables."""
    script = re.sub(r"--.*", "", SCRIPT.read_text("utf-8"))
    with money.parts.database.transaction() as session:
        for table in COPIED:
            session.execute(text(f"CREATE TEMPORARY TABLE {table} AS SELECT * FROM {table}"))  # noqa: S608
        for statement in breaks:
            session.execute(text(statement))
        found = {row.check_name: row for row in session.execute(text(script))}
        session.rollback()
    return found


def test_all_is_reconciled(money):
    found = run(money)
    assert set(found) == set(BREAKS)
    assert {name: row.breaches for name, row in found.items() if row.breaches} == {}


@pytest.mark.parametrize("check", BREAKS)
def test_a_broken_row_is_found(money, check):
    assert run(money, BREAKS[check])[check].breaches


@pytest.mark.parametrize(
    ("check", "statement"),
    [
        ("claims_to_steps", "DELETE FROM claim_steps"),
        ("claims_to_steps", "UPDATE claims SET made_by = (SELECT checked_by FROM fund_batches)"),
        ("lines_to_states", "UPDATE claim_places SET state = 'refused'"),
        ("lines_frozen", "UPDATE claim_lines SET digest = 'x'"),
        ("lines_frozen", "UPDATE claims SET policy_code = 'LN-2099'"),
        ("payments_to_lines", "UPDATE fund_payments SET account_tail = '9999'"),
        ("payments_to_lines", "UPDATE fund_payments SET occupation = '育婴员' WHERE place = 1"),
        ("payments_to_lines", "UPDATE claims SET fund = 'other'"),
        ("payments_to_batches", "UPDATE fund_batches SET number = 'BE2026-99'"),
        ("payments_to_states", "UPDATE fund_payments SET state = 'dropped' WHERE place = 1"),
        ("postings_linked", "DELETE FROM fund_batches"),
        ("postings_linked", "UPDATE fund_postings SET key = 'paid:x' WHERE kind = 'paid'"),
        ("postings_dated", "UPDATE fund_postings SET period_on = '2026-12-01' WHERE kind = 'paid'"),
        ("appropriations_to_postings", "UPDATE fund_appropriations SET state = 'refused'"),
        ("hands_on_record", "DELETE FROM fund_acts WHERE act = 'batch_check'"),
        ("two_people", "UPDATE fund_answers SET booked_by = (SELECT made_by FROM fund_batches)"),
        ("two_people", "UPDATE fund_answers SET booked_by = NULL"),
        ("two_people", "UPDATE accounts SET person_id = (SELECT person_id FROM fund_payments WHERE place = 1)"),
        ("closed_months", "UPDATE fund_postings SET period_on = '2026-10-01' WHERE receipt = 'R1'"),
        ("statements_whole", "UPDATE bank_statement_rows SET moved_on = '2026-12-24' WHERE receipt = 'R1'"),
    ],
)
def test_more_that_was_broken_is_found(money, check, statement):
    assert run(money, statement)[check].breaches


@pytest.mark.parametrize(
    ("broken", "breaches"),
    [
        ("SELECT 1", 0),
        ("UPDATE fund_acts SET account_id = (SELECT made_by FROM fund_batches LIMIT 1)", 1),
        ("DELETE FROM fund_acts WHERE act = 'drop_confirm'", 1),
        ("UPDATE fund_acts SET place = 99 WHERE act = 'drop_ask'", 1),
    ],
)
def test_a_fetched_batch_given_up_is_two_peoples_word(money, broken, breaches):
    batch = money.fetched([money.line(300_000)])
    with money.parts.database.transaction() as session:
        dropping.ask(session, money.qian, batch, "银行没有收到这个文件", now=NOON)
    with money.parts.database.transaction() as session:
        dropping.decide(session, money.he, batch, is_right=True, now=NOON)
    assert run(money, broken)["two_people"].breaches == breaches


def test_what_a_human_explained_is_no_breach(money):
    explained = (
        "INSERT INTO difference_words (id, book_id, month_on, key, words, said_by, said_at) "
        "SELECT p.id, p.book_id, p.period_on, 'ledger_only/' || CAST(p.id AS text), 'x', p.made_by, p.booked_at "
        "FROM fund_postings p WHERE p.receipt = 'R1'"
    )
    assert run(money, BREAKS["ledger_to_bank"], explained)["ledger_to_bank"].breaches == 0
