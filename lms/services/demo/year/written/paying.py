"""A district's book through the year: money in, batches, the bank's answers, what comes back, and each month closed."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain.days import later
from lms.domain.funds.accounts import Account
from lms.models.funds import FundPayment
from lms.models.reconciliation import Reconciliation
from lms.services.demo.year.plan import Fate
from lms.services.demo.year.written.banking import Bank, answer, statement
from lms.services.demo.year.written.world import District, World
from lms.services.funds import (
    answers,
    bank_files,
    batches,
    books,
    clawbacks,
    dropping,
    money_in,
    months,
    owed,
    reconciling,
    statements,
)

if TYPE_CHECKING:
    from lms.services.demo.year.written.diary import Diary

PAID_ON, ANSWERED_ON, BACK_ON, CLAIMED_BACK_ON, SETTLED_ON = 20, 22, 24, 26, 28
ROUND_FEN = 1_000_000
INTEREST_FEN = (1_00, 50_00)
INTEREST = "编造的利息，不属于补贴资金"
DROPPED = "编造的理由：这一批重新做"
BACK = "编造的追回：复查发现材料不实"


@dataclass
class Treasury:
    """Two paymasters with their book and their bank. `fates`: by line, what becomes of it."""

    keyring: Keyring
    world: World
    district: District
    seed: str
    fates: dict[uuid.UUID, Fate] = field(default_factory=dict)
    bank: Bank = field(default_factory=Bank)
    late: dict[uuid.UUID, list[uuid.UUID]] = field(default_factory=lambda: defaultdict(list))
    claimed: list[uuid.UUID] = field(default_factory=list)
    has_begun: bool = False
    was_dropped: bool = False

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)  # noqa: S311  # a made-up year is to be made again

    def month(self, diary: "Diary", first: date) -> None:
        """Enters what is done in one month and, about it, in the days after it."""
        diary.enter(first.replace(day=PAID_ON), lambda session, now: self.pay(session, diary, now))
        diary.enter(first.replace(day=CLAIMED_BACK_ON), self.claim_back)
        diary.enter(first.replace(day=SETTLED_ON), self.settle)
        after = later(first, 1)
        diary.enter(after, lambda session, now: self.close(session, first, now))

    def pay(self, session: Session, diary: "Diary", now: datetime) -> None:
        """Money for what is owed, and one batch of it, on its way to the bank; a batch made wrongly once a year."""
        district = self.district
        found = owed.list_owed(session, self.keyring, district.makes, district.book)
        wanted = [each for each in found if not each.is_double][: batches.MOST_LINES]
        if not wanted:
            return
        fresh = sum(each.payable.amount_fen for each in wanted if each.follows_id is None)
        self._appropriate(session, fresh, now)
        ids = [each.payable.line_id for each in wanted]
        batch = self._checked(session, ids, now)
        if not self.was_dropped:
            dropping.drop(session, district.makes, batch, DROPPED, now=now)
            batch, self.was_dropped = self._checked(session, ids, now), True
        bank_files.make(session, self.keyring, district.makes, batch, "csv", now=now)
        batches.send(session, district.makes, batch, now=now)
        day = clock.civil_day(now)
        diary.enter(day.replace(day=ANSWERED_ON), lambda session, now: self.answer(session, batch, now))
        diary.enter(day.replace(day=BACK_ON), lambda session, now: self.come_back(session, batch, now))

    def _appropriate(self, session: Session, fen: int, now: datetime) -> None:
        """As much in whole ten thousands as is missing; what came back waits for those it was meant for."""
        missing = fen - books.balances_of(session, self.district.book)[Account.AVAILABLE]
        if missing <= 0:
            return
        amount, day = -(-missing // ROUND_FEN) * ROUND_FEN, clock.civil_day(now)
        told = {"amount_fen": amount, "received_on": day, "document": f"编造〔{day:%Y}〕{day.month}号"}
        receipt = self.bank.move(day, amount, "IN", "编造财政局", "62219911000000")
        district = self.district
        made = money_in.propose(session, district.makes, district.book, **told, receipt=receipt, now=now)  # type: ignore[arg-type]
        money_in.decide(session, district.checks, made, is_right=True, now=now)
        self.has_begun = True

    def _checked(self, session: Session, ids: list[uuid.UUID], now: datetime) -> uuid.UUID:
        district = self.district
        told = (session, self.keyring, district.makes, district.book)
        made = batches.plan(*told, ids, confirmed=True, now=now)
        batches.check(session, district.checks, made, now=now)
        return made

    def answer(self, session: Session, batch: uuid.UUID, now: datetime) -> None:
        """The bank paid them all, but for some that it sends back at once; others come back later."""
        day, rows = clock.civil_day(now), []
        for each in self._payments(session, batch):
            fate = self._fate(each)
            comes_back = fate is Fate.RETURNED and each.follows_id is None
            at_once = comes_back and self.dice.random() < 0.5
            receipt = self._out(day, each)
            if at_once:
                self.bank.move(day, each.amount_fen, "", each.payee_name, self._account(each), receipt)
            elif comes_back:
                self.late[batch].append(each.id)
            elif fate is Fate.CLAWED_BACK:
                self.claimed.append(each.id)
            rows.append((each.reference, each.amount_fen, not at_once, receipt, day))
        self._book(session, batch, rows, now)

    def come_back(self, session: Session, batch: uuid.UUID, now: datetime) -> None:
        """A second answer: what was paid and came back days after."""
        day, late = clock.civil_day(now), set(self.late.pop(batch, []))
        rows = []
        for each in self._payments(session, batch):
            if each.id in late:
                receipt = self.bank.move(day, each.amount_fen, "BK", each.payee_name, self._account(each))
                rows.append((each.reference, each.amount_fen, False, receipt, day))
        if rows:
            self._book(session, batch, rows, now)

    def _book(
        self, session: Session, batch: uuid.UUID, rows: list[tuple[str, int, bool, str, date]], now: datetime
    ) -> None:
        taken = answers.take(session, self.district.makes, batch, answer(rows), now=now)
        answers.book(session, self.district.checks, taken, now=now)

    def claim_back(self, session: Session, now: datetime) -> None:
        """What was paid and should not have been: asked for by one, decided by the other."""
        for payment in self.claimed:
            made = clawbacks.propose(session, self.district.makes, payment, BACK, now=now)
            clawbacks.decide(session, self.district.checks, made, is_right=True, now=now)

    def settle(self, session: Session, now: datetime) -> None:
        """The money is back at the bank."""
        district, day = self.district, clock.civil_day(now)
        wanted, self.claimed = set(self.claimed), []
        for each in clawbacks.list_of(session, district.makes, district.book) if wanted else []:
            payment = clawbacks.find_paid(session, district.makes, district.book, each.reference)
            if payment is not None and payment.id in wanted:
                receipt = self.bank.move(day, payment.amount_fen, "CB", payment.payee_name, self._account(payment))
                clawbacks.settle(session, district.makes, each.id, on=day, receipt=receipt, now=now)

    def close(self, session: Session, first: date, now: datetime) -> None:
        """The statement of the month is brought, interest explained, the table prepared by one, signed by the other."""
        if not self.has_begun:
            return
        last = later(first, 1) - timedelta(days=1)
        if first.month % 3 == 0:
            self.bank.move(last, self.dice.randint(*INTEREST_FEN), "INT", "编造银行", "")
        district, told = self.district, self.bank.of_month(first)
        if told:
            file = {"file_name": f"{first:%Y-%m}.csv", "data": statement(told), "now": now}
            statements.bring(session, self.keyring, district.makes, district.book, **file)  # type: ignore[arg-type]
        for each in months.look(session, district.makes, district.book, first).outcome.differences:
            reconciling.explain(session, district.makes, district.book, first, each.key, INTEREST, now=now)
        made = reconciling.prepare(session, district.makes, district.book, first, now=now)
        digest = session.get_one(Reconciliation, made).digest
        reconciling.sign(session, district.checks, made, digest, now=now)

    def _payments(self, session: Session, batch: uuid.UUID) -> list[FundPayment]:
        mine = select(FundPayment).where(FundPayment.batch_id == batch)
        return list(session.scalars(mine.order_by(FundPayment.place)))

    def _fate(self, payment: FundPayment) -> Fate:
        return self.fates.get(payment.line_id, Fate.PAID)

    def _out(self, day: date, payment: FundPayment) -> str:
        return self.bank.move(day, -payment.amount_fen, "PY", payment.payee_name, self._account(payment))

    def _account(self, payment: FundPayment) -> str:
        """The number that the bank knows, as the file for it told."""
        return next(each.account for each in self.world.places if each.id == payment.payee_id)
