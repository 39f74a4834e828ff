"""Two paymasters of a city, a book with money in it, and lines that claims say are owed."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256

import pytest
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.claims.states import ClaimState, LineState
from lms.domain.levels import Level
from lms.domain.roles import Role
from lms.domain.subsidies import Atom, Fund, PastState, Payable, Payee, SubsidyKind
from lms.models.accounts import Account, Membership
from lms.models.base import new_id
from lms.models.funds import FundBatch, FundPayment
from lms.parts import Parts
from lms.services import payable, sealed
from lms.services.funds import answers, bank_files, batches, books, clawbacks, money_in
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast
from tests.support.foreign_money import money_ids
from tests.support.noticed import Board, claim
from tests.support.places import Places, place

TODAY = date(2026, 11, 23)
HEAD = "业务参考号,金额,状态,银行回单号,交易日期,退票原因"


def paymaster(
    session: Session, keyring: Keyring, name: str, phone: str, node: uuid.UUID, password_hash: str = ""
) -> Actor:
    """A paymaster at a node."""
    made = new_id()
    index, phone_sealed = sealed.phone_index(keyring, phone), sealed.seal_phone(keyring, made, phone)
    known = {"phone_index": index, "phone_sealed": phone_sealed, "password_hash": password_hash}
    session.add(Account(id=made, name=name, created_at=NOON, **known))
    session.flush()
    session.add(Membership(account_id=made, organisation_id=node, role=Role.PAYMASTER.value))
    session.flush()
    return Actor(made, None, name, frozenset({(Role.PAYMASTER, node)}))


@dataclass
class Treasury:
    """The city's money in a test: 钱进 makes, 何对 checks, 邻区 pays for another district."""

    parts: Parts
    cast: Cast
    places: Places
    qian: Actor
    he: Actor
    neighbour: Actor
    book: uuid.UUID
    owed: list[Payable] = field(default_factory=list)
    told: list[tuple[uuid.UUID, PastState, date]] = field(default_factory=list)

    def line(self, fen: int = 100_000, number: str = "6222000000000001", **changes: object) -> Payable:
        """One more line that is owed, each of another level of a kind."""
        person = self.cast.lifang.person_id
        assert person
        atom = Atom(person, SubsidyKind.TRAINING, f"养老护理员{len(self.owed)}", Level.JUNIOR)
        made = Payable(
            line_id=new_id(),
            claim_id=new_id(),
            cohort_id=self.cast.cohort,
            organisation_id=self.cast.kangning,
            atom=atom,
            fund=Fund.EMPLOYMENT,
            payee=self.payee(number),
            amount_fen=fen,
        )
        made = replace(made, **changes)  # type: ignore[arg-type]
        self.owed.append(made)
        return made

    def payee(self, number: str) -> Payee:
        """An account as claims hand it over."""
        made = new_id()
        sealed_number = sealed.seal_account(self.parts.keyring, made, number)
        bank = "云川银行东湖支行"
        return Payee("organisation", self.cast.kangning, "康宁养老服务中心", bank, sealed_number, number[-4:], made)

    def move(self, old: Payable, number: str) -> None:
        """The payee of a line corrected her account."""
        self.owed[self.owed.index(old)] = replace(old, payee=self.payee(number))

    def fill(self, fen: int = 10_000_000) -> uuid.UUID:
        """Money comes in, entered by one and confirmed by the other."""
        said = {"amount_fen": fen, "received_on": TODAY, "document": "云财社〔2026〕1号", "receipt": "IN1", "now": NOON}
        with self.parts.database.transaction() as session:
            made = money_in.propose(session, self.qian, self.book, **said)  # type: ignore[arg-type]
            money_in.decide(session, self.he, made, is_right=True, now=NOON)
        return made

    def plan(self, lines: Sequence[Payable], **more: bool) -> uuid.UUID:
        with self.parts.database.transaction() as session:
            who = (session, self.parts.keyring, self.qian, self.book)
            return batches.plan(*who, [each.line_id for each in lines], now=NOON, **more)

    def checked(self, lines: Sequence[Payable], **more: bool) -> uuid.UUID:
        """A batch that two agreed to."""
        made = self.plan(lines, **more)
        with self.parts.database.transaction() as session:
            batches.check(session, self.he, made, now=NOON)
        return made

    def fetched(self, lines: Sequence[Payable]) -> uuid.UUID:
        """A batch whose file somebody took."""
        made = self.checked(lines)
        with self.parts.database.transaction() as session:
            bank_files.make(session, self.parts.keyring, self.qian, made, "csv", now=NOON)
        return made

    def sent(self, lines: Sequence[Payable], **more: bool) -> uuid.UUID:
        """A batch that is with the bank."""
        made = self.checked(lines, **more)
        with self.parts.database.transaction() as session:
            batches.send(session, self.qian, made, now=NOON)
        return made

    def answer(self, batch: uuid.UUID, *rows: str) -> uuid.UUID:
        with self.parts.database.transaction() as session:
            return answers.take(session, self.qian, batch, file(*rows), now=NOON)

    def book_answer(self, batch: uuid.UUID, *rows: str) -> int:
        """Takes an answer; the one who did not make the batch books it."""
        made = self.answer(batch, *rows)
        with self.parts.database.transaction() as session:
            return answers.book(session, self.he, made, now=NOON)


def file(*rows: str) -> bytes:
    """A bank's answer as CSV in GB 18030, as many banks write it."""
    return "\r\n".join([HEAD, *rows, ""]).encode("gb18030")


def treasury(parts: Parts, cast: Cast, patch: pytest.MonkeyPatch) -> Treasury:
    """Puts all of it into the database of the cast; claims owe what the test says."""
    with parts.database.transaction() as session:
        places = place(session, parts.keyring, cast)
        who = [
            paymaster(session, parts.keyring, name, phone, node)
            for name, phone, node in (
                ("钱进", "19900000051", places.city),
                ("何对", "19900000052", places.city),
                ("邻区", "19900000053", places.west),
            )
        ]
        book = books.open_book(session, who[0], places.city, Fund.EMPLOYMENT, now=NOON)
    made = Treasury(parts, cast, places, *who, book)

    def listed(_session: Session, organisation_ids: Collection[uuid.UUID]) -> list[Payable]:
        return [each for each in made.owed if each.organisation_id in set(organisation_ids)]

    def heard(_session: Session, line_id: uuid.UUID, state: PastState, on: date) -> None:
        made.told.append((line_id, state, on))

    patch.setattr(payable, "list_payables", listed)
    patch.setattr(payable, "tell", heard)
    return made


def furnish(parts: Parts, cast: Cast, node: uuid.UUID, phones: tuple[str, str]) -> tuple[Actor, dict[str, object]]:
    """A book of a node with one of everything, for the crawl; and who keeps it."""
    claimed = claim(Board(parts, cast), ClaimState.OWED, LineState.OWED)
    with parts.database.transaction() as session:
        makes, checks = (paymaster(session, parts.keyring, "账务", phone, node) for phone in phones)
        book = books.open_book(session, makes, node, Fund.EMPLOYMENT, now=NOON)
        said = {"amount_fen": 500, "received_on": TODAY, "document": "文", "receipt": "R"}
        money_id, more = (money_in.propose(session, makes, book, **said, now=NOON) for _ in range(2))  # type: ignore[arg-type]
        money_in.decide(session, checks, money_id, is_right=True, now=NOON)
        batch, payment = _batch(session, claimed, makes, book)
        batches.check(session, checks, batch, now=NOON)
        batches.send(session, makes, batch, now=NOON)
        answer = answers.take(session, makes, batch, file("BE2026-01-0001,1.00,成功,R1,2026-11-23,"), now=NOON)
        answers.book(session, checks, answer, now=NOON)
        clawback = clawbacks.propose(session, makes, payment, "重复", now=NOON)
        reconciled = money_ids(session, makes, book)
    known = {"book_id": book, "fund_batch_id": batch, "answer_id": answer, "payment_id": payment, **reconciled}
    return makes, {**known, "clawback_id": clawback, "appropriation_id": more, "act": "check"}


def _batch(session: Session, claimed: Board, by: Actor, book: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID]:
    cast = claimed.cast
    owed_no_more = sha256(b"").hexdigest()  # claims say nothing of its line, so this is what a check finds
    facts = {"number": "BE2026-01", "state": "planned", "count": 1, "total_fen": 100, "digest": owed_no_more}
    batch = FundBatch(id=new_id(), book_id=book, made_by=by.account_id, made_at=NOON, **facts)
    session.add(batch)
    session.flush()
    ids = {"id": new_id(), "payee_id": new_id(), "line_id": claimed.line, "claim_id": claimed.claim}
    ids |= {"batch_id": batch.id, "cohort_id": cast.cohort, "organisation_id": cast.kangning}
    words = {
        "reference": "BE2026-01-0001",
        "kind": "training",
        "occupation": "养老护理员",
        "payee_kind": "organisation",
    }
    words |= {
        "payee_name": "某机构",
        "bank": "某银行",
        "account_sealed": "",
        "account_tail": "0001",
        "state": "waiting",
    }
    made = FundPayment(person_id=cast.lifang.person_id, place=1, amount_fen=100, atom=new_id().hex, **ids, **words)
    session.add(made)
    session.flush()
    return batch.id, made.id
