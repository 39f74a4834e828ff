"""Months of subsidies in a test, step by random step; what the bank did is kept apart from the ledger."""

import random
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.adapters.sheets import write_csv
from lms.domain.claims.payees import Act as PayeeAct
from lms.domain.errors import Conflict, Refused
from lms.domain.funds import bank_files as files
from lms.domain.funds.paid_list import COLUMNS, sheet
from lms.domain.subsidies import Fund, SubsidyKind
from lms.models.claims import Claim
from lms.models.funds import FundBatch, FundPayment
from lms.services import claims
from lms.services.claims import payees, publicity
from lms.services.claims.payees import Entered
from lms.services.funds import (
    answers,
    bank_files,
    batches,
    books,
    clawbacks,
    dropping,
    money_in,
    owed,
    paid_list,
    statements,
)
from tests.support.cast import NOON
from tests.support.finished import Office, policy_text, publish
from tests.support.funds import file

NOTHING = uuid.UUID(int=0)
STATEMENT = "交易日期,收入,支出,回单号"
STEPS = (
    "plan",
    "check",
    "drop",
    "fetch",
    "give_up",
    "send",
    "answer",
    "answer",
    "late",
    "account",
    "claw",
    "claim",
    "policy",
    "day",
)


@dataclass
class Life:
    """康宁's finished class and the city that pays for it. `bank`: (day, fen, receipt) as the bank moved it."""

    office: Office
    dice: random.Random = field(default_factory=lambda: random.Random(8))
    now: datetime = NOON
    book: uuid.UUID = NOTHING
    bank: list[tuple[date, int, str]] = field(default_factory=list)
    outcomes: dict[str, str] = field(default_factory=dict)
    lists: dict[date, bytes] = field(default_factory=dict)
    serial: int = 0
    done: Counter[str] = field(default_factory=Counter)

    @property
    def today(self) -> date:
        return clock.civil_day(self.now)

    def begin(self) -> None:
        """A book with money in it, an account, and a first claim that is owed."""
        with self.office.parts.database.transaction() as session:
            node = self.office.places.city
            self.book = books.open_book(session, self.office.qian, node, Fund.EMPLOYMENT, now=self.now)
            said = {"amount_fen": 10_000_000, "received_on": self.today, "document": "文", "receipt": self._receipt()}
            made = money_in.propose(session, self.office.qian, self.book, **said, now=self.now)
            money_in.decide(session, self.office.he, made, is_right=True, now=self.now)
        self.bank.append((self.today, 10_000_000, said["receipt"]))
        self.account()
        self.claim()

    def _receipt(self) -> str:
        self.serial += 1
        return f"R{self.serial:05d}"

    def step(self, name: str, seed: int) -> None:
        """One step; what the house refuses changes nothing."""
        self.dice = random.Random(seed)
        self.now += timedelta(minutes=1)
        try:
            getattr(self, name)()
        except (Conflict, Refused):
            return
        self.done[name] += 1

    def _one(self, session: Session, *states: str) -> FundBatch:
        found = session.scalars(select(FundBatch).where(FundBatch.state.in_(states)).order_by(FundBatch.id)).all()
        if not found:
            raise Refused("none")
        return self.dice.choice(found)

    def plan(self) -> None:
        """A batch of some that are owed; the same lines at once in another batch are refused."""
        parts, qian = self.office.parts, self.office.qian
        with parts.database.transaction() as session:
            lines = [each.payable.line_id for each in owed.list_owed(session, parts.keyring, qian, self.book)]
            chosen = lines[: self.dice.randint(1, 3)]
            batches.plan(session, parts.keyring, qian, self.book, chosen, confirmed=True, now=self.now)
        with parts.database.transaction() as session:
            try:
                batches.plan(session, parts.keyring, self.office.he, self.book, chosen, confirmed=True, now=self.now)
            except Conflict:
                session.rollback()
            else:
                raise AssertionError("a line stands in two batches")

    def check(self) -> None:
        with self.office.parts.database.transaction() as session:
            batches.check(session, self.office.he, self._one(session, "planned").id, now=self.now)

    def drop(self) -> None:
        with self.office.parts.database.transaction() as session:
            dropping.drop(
                session, self.office.qian, self._one(session, "planned", "checked").id, "写错了", now=self.now
            )

    def fetch(self) -> None:
        """The file is taken, and nobody says that the bank has it."""
        parts = self.office.parts
        with parts.database.transaction() as session:
            bank_files.make(
                session, parts.keyring, self.office.he, self._one(session, "checked").id, "csv", now=self.now
            )

    def give_up(self) -> None:
        """What was fetched is given up by two, or stays; one alone changes nothing."""
        qian, he = self.office.qian, self.office.he
        with self.office.parts.database.transaction() as session:
            batch = self._one(session, "checked").id
            dropping.ask(session, he, batch, "银行没有收到", now=self.now)
        for who, is_right in ((he, True), (qian, self.dice.random() < 0.5)):
            with self.office.parts.database.transaction() as session:
                try:
                    dropping.decide(session, who, batch, is_right=is_right, now=self.now)
                except Conflict:
                    assert who is he
                else:
                    assert who is qian

    def send(self) -> None:
        """The file for the bank says what the batch says."""
        parts = self.office.parts
        with parts.database.transaction() as session:
            batch = self._one(session, "checked")
            made = bank_files.make(session, parts.keyring, self.office.qian, batch.id, "csv", now=self.now)
            assert files.read_total(made.rows) == (batch.count, batch.total_fen)
            batches.send(session, self.office.qian, batch.id, now=self.now)

    def answer(self) -> None:
        """The bank answers for some payments of a batch, once or twice."""
        with self.office.parts.database.transaction() as session:
            batch = self._one(session, "sent", "answered")
            rows = session.scalars(select(FundPayment).where(FundPayment.batch_id == batch.id)).all()
            told = [(each.reference, each.amount_fen) for each in rows if each.reference not in self.outcomes]
        chosen = [each for each in told if self.dice.random() < 0.7]
        self._tell(batch.id, [(*each, self.dice.choice(("成功", "成功", "退票"))) for each in chosen])

    def late(self) -> None:
        """What was paid comes back days later."""
        with self.office.parts.database.transaction() as session:
            rows = session.scalars(select(FundPayment).where(FundPayment.state == "paid").order_by(FundPayment.id))
            paid = rows.all()
            if not paid:
                raise Refused("none")
            chosen = self.dice.choice(paid)
            told = (chosen.batch_id, chosen.reference, chosen.amount_fen)
        self._tell(told[0], [(*told[1:], "退票")])

    def _tell(self, batch: uuid.UUID, told: list[tuple[str, int, str]]) -> None:
        if not told:
            raise Refused("none")
        moves = [(*each, self._receipt()) for each in told]
        day = self.today.isoformat()
        data = file(*(f"{key},{fen / 100:.2f},{word},{receipt},{day},原因" for key, fen, word, receipt in moves))
        for who, fresh in ((self.office.qian, len(moves)), (self.office.he, 0)):
            with self.office.parts.database.transaction() as session:
                made = answers.take(session, who, batch, data, now=self.now)
                assert answers.book(session, self.office.he, made, now=self.now) == fresh
        for key, fen, word, receipt in moves:
            if key not in self.outcomes:
                self.bank.append((self.today, -fen, receipt))
            if word == "退票":
                self.bank.append((self.today, fen, receipt))
            self.outcomes[key] = word

    def account(self) -> None:
        """The institution has another account, entered by one and confirmed by another."""
        parts, cast = self.office.parts, self.office.cast
        typed = Entered("康宁养老服务中心", "云川银行", f"62220000{self.dice.randint(10**7, 10**8 - 1)}")
        with parts.database.transaction() as session:
            made = payees.enter(session, parts.keyring, cast.zhoumin, cast.kangning, typed, now=self.now)
            payees.decide(session, self.office.fengyan, made, PayeeAct.CONFIRM, "", now=self.now)

    def claw(self) -> None:
        """A payment is had back by two."""
        with self.office.parts.database.transaction() as session:
            rows = session.scalars(select(FundPayment).where(FundPayment.state == "paid").order_by(FundPayment.id))
            paid = rows.all()
            if not paid:
                raise Refused("none")
            chosen, receipt = self.dice.choice(paid), self._receipt()
            made = clawbacks.propose(session, self.office.he, chosen.id, "重复领取", now=self.now)
            clawbacks.decide(session, self.office.qian, made, is_right=True, now=self.now)
            clawbacks.settle(session, self.office.he, made, on=self.today, receipt=receipt, now=self.now)
            self.bank.append((self.today, chosen.amount_fen, receipt))

    def claim(self) -> None:
        """Whoever may be asked for is, all the way until it is owed; days pass."""
        cast, places = self.office.cast, self.office.places
        with self.office.parts.database.transaction() as session:
            kind = SubsidyKind.TRAINING
            made = claims.make(session, cast.zhoumin, cast.cohort, kind, fund=None, now=self.now)
        self._act(made, claims.file, self.office.fengyan, committed=True)
        self._act(made, claims.pass_first, places.linlan)
        self._act(made, claims.pass_second, places.gaoyuan)
        with self.office.parts.database.transaction() as session:
            said = {"days": None, "reason": "", "phone": "12333", "now": self.now}
            publicity.publish(session, self.office.parts.keyring, places.linlan, made, **said)  # type: ignore[arg-type]
        for _ in range(12):
            self.day()
        self._act(made, claims.owe, places.gaoyuan)

    def _act(self, claim_id: uuid.UUID, act: Any, actor: Any, **more: Any) -> None:
        with self.office.parts.database.transaction() as session:
            version = session.get_one(Claim, claim_id).version
            act(session, actor, claim_id, version=version, now=self.now, **more)

    def policy(self) -> None:
        """A version that says it was in force all along, with another sum."""
        self.serial += 1
        code = f"CQ-{2000 + self.serial % 1000}-{self.serial % 90 + 1}"
        publish(self.office.parts, policy_text(code, "2026-01-01", fen=777), code, self.now)

    def day(self) -> None:
        """The day ends: its list of what was paid is kept."""
        self.lists.setdefault(self.today, self.list_as_of(self.today))
        self.now += timedelta(days=1)

    def list_as_of(self, day: date) -> bytes:
        """发放台账 as a file."""
        with self.office.parts.database.transaction(write=False) as session:
            rows = paid_list.list_rows(session, self.office.qian, self.book, as_of=day)
            return b"".join(write_csv(COLUMNS, sheet(rows)))

    def bring(self) -> None:
        """The statement of the bank until now."""
        rows = [
            f"{on},{'' if fen < 0 else f'{fen / 100:.2f}'},{f'{-fen / 100:.2f}' if fen < 0 else ''},{receipt}"
            for on, fen, receipt in self.bank
        ]
        parts = self.office.parts
        with parts.database.transaction() as session:
            told = {"file_name": "流水.csv", "data": "\n".join([STATEMENT, *rows]).encode(), "now": self.now}
            statements.bring(session, parts.keyring, self.office.he, self.book, **told)  # type: ignore[arg-type]
