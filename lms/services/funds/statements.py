"""Statements of the bank (银行流水) come in: judged as a whole, kept as a whole or not at all, each row once."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.adapters import tables
from lms.adapters.office.workbook import Sheet
from lms.crypto import Keyring
from lms.db import in_parts, insert_all_absent
from lms.domain.errors import NotFound, Refused
from lms.domain.funds.statement_columns import Column, columns_of, heading_of, missing
from lms.domain.funds.statement_rows import Movement, Statement, read_rows
from lms.domain.roster_columns import Heading
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.funds import FundBook
from lms.models.reconciliation import BankStatement, BankStatementRow
from lms.services import audit
from lms.services.funds import books
from lms.services.scopes import Actor

LONGEST_NAME = 200
PAGE = 100


@dataclass(frozen=True)
class Judged:
    """What would come of a file: `new` and `known` rows, days, sums in fen. `is_known`: this very file is here."""

    statement: Statement
    new: int
    known: int
    is_known: bool

    @property
    def first_on(self) -> date:
        """The first day it tells of."""
        return min(each.on for each in self.statement.movements)

    @property
    def last_on(self) -> date:
        """The last day it tells of."""
        return max(each.on for each in self.statement.movements)

    @property
    def in_fen(self) -> int:
        """What came in."""
        return sum(each.amount_fen for each in self.statement.movements if each.amount_fen > 0)

    @property
    def out_fen(self) -> int:
        """What went out."""
        return -sum(each.amount_fen for each in self.statement.movements if each.amount_fen < 0)


@dataclass(frozen=True)
class RowView:
    """A row as a page shows it: no whole account number. `words` and `name` are opened."""

    id: uuid.UUID
    number: int
    on: date
    amount_fen: int
    balance_fen: int | None
    words: str
    name: str
    tail: str
    serial: str
    receipt: str


def read(data: bytes) -> Statement:
    """A file as movements. Refused: as tables.read; statement_empty, statement_columns (`missing`)."""
    found = max(
        ((sheet, *_top(sheet)) for sheet in tables.read(data)),
        key=lambda each: (len(each[2]), len(each[0].rows)),
        default=None,
    )
    if found is None:
        raise Refused("statement_empty")
    sheet, heading, columns = found
    lacking = missing(columns)
    if lacking:
        raise Refused("statement_columns", missing=[each.value for each in lacking])
    rows = {at: row for at, row in sheet.rows.items() if at > heading.last}
    statement = read_rows(rows, columns)
    if not statement.movements and not statement.faults:
        raise Refused("statement_empty")
    return statement


def _top(sheet: Sheet) -> tuple[Heading, dict[Column, int]]:
    areas = [(each.top, each.left, each.bottom, each.right) for each in sheet.areas]
    heading = heading_of(sheet.rows, areas)
    return heading, columns_of(heading.titles)


def judge(session: Session, keyring: Keyring, actor: Actor, book_id: uuid.UUID, data: bytes) -> Judged:
    """What would come of a file; writes nothing. NotFound; Refused: as `read`."""
    book = books.get(session, actor, book_id)
    return _judge(session, keyring, book, data)


def _judge(session: Session, keyring: Keyring, book: FundBook, data: bytes) -> Judged:
    statement = read(data)
    marks = [_fingerprint(keyring, each) for each in statement.movements]
    there = _known(session, book.id, marks)
    known = sum(each in there for each in marks)
    twin = select(BankStatement.id).where(BankStatement.book_id == book.id, BankStatement.sha256 == _sha(data))
    return Judged(statement, len(marks) - known, known, session.scalar(twin) is not None)


def bring(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    book_id: uuid.UUID,
    *,
    file_name: str,
    data: bytes,
    now: datetime,
) -> uuid.UUID:
    """Keeps what is new of a file; the same file again is the statement it was.

    NotFound; Refused: as `read`, statement_faults (`count`) when any row cannot be read: nothing of it is kept.
    """
    book = books.get(session, actor, book_id, lock=True)
    mine = select(BankStatement).where(BankStatement.book_id == book.id, BankStatement.sha256 == _sha(data))
    if (twin := session.scalar(mine)) is not None:
        return twin.id
    judged = _judge(session, keyring, book, data)
    if judged.statement.faults:
        raise Refused("statement_faults", count=len(judged.statement.faults))
    made = _statement(book, actor, file_name, data, judged, now)
    session.add(made)
    session.flush()
    _keep(session, keyring, made, judged.statement.movements)
    place = {"account_id": actor.account_id, "organisation_id": book.organisation_id}
    audit.record(session, "funds.statement", made.id, now=now, detail={"rows": made.rows, "known": made.known}, **place)
    return made.id


def _statement(
    book: FundBook, actor: Actor, file_name: str, data: bytes, judged: Judged, now: datetime
) -> BankStatement:
    return BankStatement(
        id=new_id(),
        book_id=book.id,
        file_name=file_name[-LONGEST_NAME:],
        sha256=_sha(data),
        first_on=judged.first_on,
        last_on=judged.last_on,
        rows=judged.new,
        known=judged.known,
        sums=judged.statement.sums,
        gaps=[[each.number, each.expected_fen, each.told_fen] for each in judged.statement.gaps],
        brought_by=actor.account_id,
        brought_at=now,
    )


def _keep(session: Session, keyring: Keyring, made: BankStatement, movements: Iterable[Movement]) -> None:
    marked = [(place, each, _fingerprint(keyring, each)) for place, each in enumerate(movements)]
    there = _known(session, made.book_id, [mark for _, _, mark in marked])
    rows = [_row(keyring, made, place, each, mark) for place, each, mark in marked if mark not in there]
    for part in in_parts(rows):
        insert_all_absent(session, BankStatementRow, part)


def _row(keyring: Keyring, made: BankStatement, place: int, each: Movement, mark: str) -> Mapping[str, object]:
    row_id = new_id()
    told = json.dumps({"words": each.words, "name": each.name, "account": each.account}, ensure_ascii=False)
    return {
        "id": row_id,
        "statement_id": made.id,
        "book_id": made.book_id,
        "number": each.number,
        "place": place,
        "moved_on": each.on,
        "amount_fen": each.amount_fen,
        "balance_fen": each.balance_fen,
        "told_sealed": keyring.seal(told, f"bank_statement_rows:{row_id}:told"),
        "account_tail": each.tail,
        "serial": each.serial,
        "receipt": each.receipt,
        "fingerprint": mark,
    }


def _fingerprint(keyring: Keyring, each: Movement) -> str:
    return keyring.index("statement-row", f"{each.told_apart_by}\n{each.again}")


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _known(session: Session, book_id: uuid.UUID, marks: list[str]) -> set[str]:
    found: set[str] = set()
    for part in in_parts(marks):
        some = BankStatementRow.fingerprint.in_(part)
        mine = select(BankStatementRow.fingerprint).where(BankStatementRow.book_id == book_id, some)
        found.update(session.scalars(mine))
    return found


def list_of(session: Session, actor: Actor, book_id: uuid.UUID) -> list[tuple[BankStatement, str]]:
    """The files brought for a book with who brought each, the newest first. NotFound."""
    book = books.get(session, actor, book_id)
    query = select(BankStatement, Account.name).join(Account, Account.id == BankStatement.brought_by)
    rows = session.execute(query.where(BankStatement.book_id == book.id).order_by(BankStatement.id.desc()))
    return [(row[0], row[1]) for row in rows]


def get(session: Session, actor: Actor, statement_id: uuid.UUID) -> BankStatement:
    """One file of a book of hers. NotFound."""
    mine = books.books_of(actor).with_only_columns(FundBook.id)
    query = select(BankStatement).where(BankStatement.id == statement_id, BankStatement.book_id.in_(mine))
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def list_rows(
    session: Session, keyring: Keyring, actor: Actor, statement_id: uuid.UUID, *, after: int = -1
) -> list[RowView]:
    """The new rows of a file from a place on, a page of them. NotFound."""
    found = get(session, actor, statement_id)
    mine = select(BankStatementRow).where(BankStatementRow.statement_id == found.id, BankStatementRow.place > after)
    rows = session.scalars(mine.order_by(BankStatementRow.place).limit(PAGE))
    return [view(keyring, row) for row in rows]


def view(keyring: Keyring, row: BankStatementRow) -> RowView:
    """A row with what is sealed of it opened, but for the account."""
    told = json.loads(keyring.open(row.told_sealed, f"bank_statement_rows:{row.id}:told"))
    return RowView(
        row.id,
        row.number,
        row.moved_on,
        row.amount_fen,
        row.balance_fen,
        told["words"],
        told["name"],
        row.account_tail,
        row.serial,
        row.receipt,
    )
