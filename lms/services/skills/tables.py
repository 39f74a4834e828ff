"""Equivalence tables: the platform publishes one from a document; from then on nobody changes it."""

import hashlib
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import PAYLOAD
from lms.domain import credits
from lms.domain.credit_lines import read_rows
from lms.domain.credits import Basis, Key, Row, Table
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.labels import check_label
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.skills import CreditTable
from lms.services import audit, scopes
from lms.services.scopes import Actor

CODE = re.compile(r"[0-9A-Z][0-9A-Z-]{2,39}")
LONGEST_SCHEME, LONGEST_SOURCE = 120, 200


@dataclass(frozen=True)
class TableWritten:
    """A table as somebody types it from a document; `rows`: pasted lines (domain/credit_lines.py)."""

    code: str
    scheme: str
    source: str
    confirmed: bool
    from_on: date
    until_on: date | None
    rows: str


@dataclass(frozen=True)
class TableRow:
    """One table as pages show it. `holds`: whether it is the one of its scheme today."""

    id: uuid.UUID
    table: Table
    digest: str
    published_by: str
    published_at: datetime
    holds: bool


def publish_table(session: Session, actor: Actor, written: TableWritten, *, now: datetime) -> uuid.UUID:
    """Publishes a table. Refused: credit_code, credit_scheme, credit_source, credit_row, credit_none, credit_many,
    credit_term, credit_twice, credit_before, credit_past; Conflict: credit_taken for a code that stands already."""
    scopes.require(actor, Role.PLATFORM)
    table, others = _read(written), all_tables(session)
    credits.check_table(table, others, clock.civil_day(now))
    if table.code in {each.code for each in others}:
        raise Conflict("credit_taken")
    rows, made_id = [_cells(row) for row in table.rows], new_id()
    session.add(
        CreditTable(
            id=made_id,
            code=table.code,
            scheme=table.scheme,
            source=table.source,
            confirmed=table.confirmed,
            from_on=table.from_on,
            until_on=table.until_on,
            rows=rows,
            digest=_digest(table, rows),
            published_by=actor.account_id,
            published_at=now,
        )
    )
    session.flush()
    audit.record(session, "credit.publish", made_id, now=now, account_id=actor.account_id, detail={"code": table.code})
    return made_id


def _read(written: TableWritten) -> Table:
    code = written.code.strip().upper()
    if CODE.fullmatch(code) is None:
        raise Refused("credit_code")
    return Table(
        code=code,
        scheme=check_label(written.scheme, LONGEST_SCHEME, "credit_scheme"),
        source=check_label(written.source, LONGEST_SOURCE, "credit_source"),
        confirmed=written.confirmed,
        from_on=written.from_on,
        until_on=written.until_on,
        rows=read_rows(written.rows),
    )


def _cells(row: Row) -> list[Any]:
    return [row.key.basis.value, row.key.name, row.key.detail, row.credits, row.target, row.per_hundredths]


def _digest(table: Table, rows: Sequence[Any]) -> str:
    """SHA-256 of all that a table says, keys sorted: exports name it, so that a table is known to be the same."""
    until = table.until_on.isoformat() if table.until_on else None
    told = {"code": table.code, "scheme": table.scheme, "source": table.source, "confirmed": table.confirmed}
    told |= {"from_on": table.from_on.isoformat(), "until_on": until, "rows": rows}
    return hashlib.sha256(PAYLOAD.encode(told).encode()).hexdigest()


def all_tables(session: Session) -> list[Table]:
    """Every table there is, for the rule that counts credits."""
    return [_table(row) for row in session.scalars(select(CreditTable).order_by(CreditTable.from_on, CreditTable.id))]


def _table(row: CreditTable) -> Table:
    rows = tuple(
        Row(Key(Basis(basis), name, detail), worth, target, per) for basis, name, detail, worth, target, per in row.rows
    )
    return Table(row.code, row.scheme, row.source, row.confirmed, row.from_on, row.until_on, rows)


def digests(session: Session) -> dict[str, str]:
    """By code, the digest of every table."""
    return dict(session.execute(select(CreditTable.code, CreditTable.digest)).all())


def list_tables(session: Session, actor: Actor, *, now: datetime) -> list[TableRow]:
    """All tables, by scheme, the latest first."""
    scopes.require(actor, Role.PLATFORM)
    query = select(CreditTable, Account.name).join(Account, Account.id == CreditTable.published_by)
    found = session.execute(query.order_by(CreditTable.scheme, CreditTable.from_on.desc())).all()
    day, tables = clock.civil_day(now), [_table(row) for row, _ in found]
    shown = []
    for (row, who), table in zip(found, tables, strict=True):
        holds = credits.in_force(tables, table.scheme, day) is table
        shown.append(TableRow(row.id, table, row.digest, who, row.published_at, holds))
    return shown


def get_table(session: Session, actor: Actor, table_id: uuid.UUID, *, now: datetime) -> TableRow:
    """One of them; NotFound for any other."""
    for each in list_tables(session, actor, now=now):
        if each.id == table_id:
            return each
    raise NotFound
