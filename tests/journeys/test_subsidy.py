"""From a finished class to a reconciled ledger: by different people, each step on record, money to the fen."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import func, select, text

from lms import clock
from lms.models.audit import AuditEvent
from lms.models.claims import Claim, ClaimLine, ClaimPlace
from lms.models.funds import FundBatch, FundEntry, FundPayment, FundPosting
from lms.models.publicity import PublicNotice
from lms.models.reconciliation import BankStatementRow
from lms.parts import Parts
from tests.support import site
from tests.support.cast import Cast
from tests.support.finished import AMOUNT, Office, finish
from tests.support.site import ON_SQLITE
from tests.support.town import MONEY, OLD, change_account, claim, fen, owe, pay, reconcile, show, take_dossier, town

pytestmark = ON_SQLITE
SCRIPT = Path(__file__).parents[2] / "docs" / "reconcile.sql"
LEARNERS = 3


@pytest.fixture
def office(parts: Parts, cast: Cast, password_hash: str) -> Office:
    return finish(parts, cast, clock.now(), password_hash, LEARNERS)


def test_from_a_finished_class_to_a_reconciled_ledger(
    browser: Browser, environment: dict[str, str], parts: Parts, cast: Cast, office: Office, tmp_path: Path
) -> None:
    today = clock.civil_day(clock.now())
    with (
        site.running(environment, tmp_path / "first.log") as address,
        town(browser, address, office, today, ["zhoumin", "fengyan", "linlan", "gaoyuan"]) as here,
        site.phone(browser, address) as stranger,
    ):
        claim(here)
        show(here, stranger)
    with parts.database.transaction(write=False) as session:
        over = session.scalars(select(PublicNotice.last_on)).one() + timedelta(days=1)
    people = ["zhoumin", "fengyan", "gaoyuan", "qian", "he"]
    with (
        site.running(environment, tmp_path / "second.log", days_ahead=(over - today).days) as address,
        town(browser, address, office, over, people) as here,
    ):
        owe(here)
        change_account(here, "zhoumin", "fengyan", OLD)
        _book, rows = pay(here)
    after = (over.replace(day=1) + timedelta(days=32)).replace(day=1)
    environment = {**environment, "LMS_WORKER": "in-process"}
    with (
        site.running(environment, tmp_path / "third.log", days_ahead=(after - today).days) as address,
        town(browser, address, office, after, ["zhoumin", "qian", "he"]) as here,
    ):
        reconcile(here, f"{over.year}年{over.month}月", rows)
        take_dossier(here["zhoumin"], cast, tmp_path / "dossier.zip")
    agree(parts)
    on_record(parts, office)


def agree(parts: Parts) -> None:
    """Lines, claims, batches, ledger and bank say the same in fen; each line was paid once; no breach by the script."""
    with parts.database.transaction(write=False) as session:
        lines = session.scalars(select(ClaimLine.amount_fen)).all()
        assert lines == [AMOUNT] * LEARNERS
        assert session.scalars(select(ClaimPlace.state)).all() == ["paid"] * LEARNERS
        paid = select(func.sum(FundPayment.amount_fen)).where(FundPayment.state == "paid")
        assert session.scalar(paid) == sum(lines)
        assert session.scalar(select(func.sum(FundBatch.total_fen))) == sum(lines) + AMOUNT
        posted = select(FundPosting.kind, func.sum(FundEntry.amount_fen)).join(FundEntry).group_by(FundPosting.kind)
        kinds = dict(session.execute(posted).all())
        assert kinds["paid"] + kinds["repaid"] - kinds["returned"] == sum(lines)
        bank = select(func.sum(BankStatementRow.amount_fen))
        assert session.scalar(bank) == fen(MONEY) - sum(lines)
        script = re.sub(r"--.*", "", SCRIPT.read_text("utf-8")).rstrip().rstrip(";")
        breaches = {row.check_name: row.breaches for row in session.execute(text(script))}
    assert len(breaches) > 10
    assert {name for name, count in breaches.items() if count} == set()


def on_record(parts: Parts, office: Office) -> None:
    """Every step, in its order, by whom it was taken."""
    names = {
        who: getattr(place, who).account_id
        for place, hers in (
            (office, ("fengyan", "qian", "he")),
            (office.cast, ("zhoumin",)),
            (office.places, ("linlan", "gaoyuan")),
        )
        for who in hers
    }
    with parts.database.transaction(write=False) as session:
        rows = session.execute(select(AuditEvent.action, AuditEvent.account_id).order_by(AuditEvent.id)).all()
        assert session.scalars(select(Claim.state)).all() == ["owed"]
    told = [(action, next((who for who, each in names.items() if each == by), "")) for action, by in rows]
    steps = iter(told)
    for step in STEPS:
        assert step in steps, f"{step} is not on record, or too early"


STEPS = (
    ("claim.make", "zhoumin"),
    ("claim.file", "fengyan"),
    ("claim.pass_first", "linlan"),
    ("claim.pass_second", "gaoyuan"),
    ("notice.open", "linlan"),
    ("claim.owe", "gaoyuan"),
    ("payee.enter", "zhoumin"),
    ("payee.confirm", "fengyan"),
    ("funds.book", "qian"),
    ("funds.money_enter", "qian"),
    ("funds.money_confirm", "he"),
    ("funds.batch_plan", "qian"),
    ("funds.batch_check", "he"),
    ("report.export", "qian"),
    ("funds.batch_send", "qian"),
    ("funds.answer_read", "qian"),
    ("funds.answer_book", "he"),
    ("payee.enter", "fengyan"),
    ("payee.replace", "zhoumin"),
    ("payee.confirm", "zhoumin"),
    ("funds.batch_plan", "he"),
    ("funds.batch_check", "qian"),
    ("report.export", "he"),
    ("funds.batch_send", "he"),
    ("funds.answer_read", "he"),
    ("funds.answer_book", "qian"),
    ("funds.statement", "qian"),
    ("funds.prepare", "qian"),
    ("funds.sign", "he"),
    ("dossier.ask", "zhoumin"),
    ("dossier.take", "zhoumin"),
)
