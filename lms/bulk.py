"""Many rows in one statement: what a group of heartbeats writes, without SQLAlchemy's care for each row.

PostgreSQL takes them as one JSON document and spreads it into columns itself; SQLite's driver has a loop in C.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Dialect, Table
from sqlalchemy.orm import Session

Row = Mapping[str, Any]


def insert_rows(session: Session, table: Table, rows: Sequence[Row]) -> None:
    """Adds rows; each has the same columns as the first."""
    if rows:
        _run(session, _insert, table, tuple(rows[0]), rows)


def update_rows(session: Session, table: Table, rows: Sequence[Row]) -> None:
    """Sets columns of rows that exist; each names the whole primary key, and the same columns as the first."""
    if rows:
        _run(session, _update, table, tuple(rows[0]), rows)


@dataclass(frozen=True)
class _Statement:
    """SQL and, for a driver that takes rows one by one, what makes a column's value its own."""

    sql: str
    columns: tuple[str, ...]
    processors: tuple[Callable[[Any], Any] | None, ...]


Make = Callable[[Table, tuple[str, ...], Dialect], _Statement]


def _run(session: Session, make: Make, table: Table, columns: tuple[str, ...], rows: Sequence[Row]) -> None:
    connection = session.connection()
    statement = make(table, columns, connection.dialect)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(statement.sql, (to_json(rows).decode(),))
    else:
        connection.exec_driver_sql(statement.sql, [_values(statement, row) for row in rows])


def _values(statement: _Statement, row: Row) -> tuple[Any, ...]:
    return tuple(
        process(row[name]) if process else row[name]
        for name, process in zip(statement.columns, statement.processors, strict=True)
    )


@lru_cache(256)
def _insert(table: Table, columns: tuple[str, ...], dialect: Dialect) -> _Statement:
    named = ", ".join(columns)
    if dialect.name == "postgresql":
        return _spread(f"INSERT INTO {table.name} ({named}) SELECT {named} FROM", table, columns, dialect)
    marks = ", ".join("?" for _ in columns)
    return _one_by_one(f"INSERT INTO {table.name} ({named}) VALUES ({marks})", table, columns, dialect)


@lru_cache(256)
def _update(table: Table, columns: tuple[str, ...], dialect: Dialect) -> _Statement:
    keys = tuple(column.name for column in table.primary_key)
    changing = tuple(name for name in columns if name not in keys)
    if dialect.name == "postgresql":
        found = " AND ".join(f"{table.name}.{name} = given.{name}" for name in keys)
        new = ", ".join(f"{name} = given.{name}" for name in changing)
        return _spread(f"UPDATE {table.name} SET {new} FROM", table, columns, dialect, f" WHERE {found}")
    found = " AND ".join(f"{name} = ?" for name in keys)
    new = ", ".join(f"{name} = ?" for name in changing)
    return _one_by_one(f"UPDATE {table.name} SET {new} WHERE {found}", table, changing + keys, dialect)


def _spread(begin: str, table: Table, columns: tuple[str, ...], dialect: Dialect, end: str = "") -> _Statement:
    typed = ", ".join(f"{name} {table.c[name].type.compile(dialect)}" for name in columns)
    return _Statement(f"{begin} json_to_recordset(%s::json) AS given({typed}){end}", columns, ())


def _one_by_one(sql: str, table: Table, columns: tuple[str, ...], dialect: Dialect) -> _Statement:
    kinds = (table.c[name].type.dialect_impl(dialect) for name in columns)
    return _Statement(sql, columns, tuple(kind.bind_processor(dialect) for kind in kinds))
