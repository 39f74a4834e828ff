"""Many rows in one statement: what a group of heartbeats reads and writes, without SQLAlchemy's care for each row.

Statements are compiled once. The rows of a table travel as one JSON document that the database spreads into columns
itself. The names in the statements are those of our own tables; values are parameters.
"""

from collections import namedtuple
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import ColumnElement, Dialect, Select, Table
from sqlalchemy.orm import Session

Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Statement:
    """SQL and, for SQLite, which has no types of its own for moments and ids, what a value is written as."""

    sql: str
    columns: tuple[str, ...]
    processors: tuple[Callable[[Any], Any] | None, ...]

    def values(self, row: Row) -> tuple[Any, ...]:
        named = zip(self.columns, self.processors, strict=True)
        return tuple(process(row[name]) if process else row[name] for name, process in named)


Make = Callable[[Table, tuple[str, ...], Dialect], _Statement]


class Batch:
    """Writes that belong together: one statement on PostgreSQL, one after the other on SQLite."""

    def __init__(self) -> None:
        self._writes: list[tuple[Make, Table, Sequence[Row]]] = []

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Adds rows; each has the same columns as the first."""
        if rows:
            self._writes.append((_insert, table, rows))

    def update(self, table: Table, rows: Sequence[Row]) -> None:
        """Sets columns of rows that exist; each names the whole primary key, and the same columns as the first."""
        if rows:
            self._writes.append((_update, table, rows))

    def write(self, session: Session) -> None:
        """Puts all of it into the database; no two writes of a batch may touch the same row."""
        writes, self._writes = self._writes, []
        connection = session.connection()
        made = [(make(table, tuple(rows[0]), connection.dialect), rows) for make, table, rows in writes]
        if connection.dialect.name != "postgresql":
            for statement, rows in made:
                connection.exec_driver_sql(statement.sql, (to_json([statement.values(row) for row in rows]).decode(),))
        elif made:  # foreign keys are looked at when the whole statement is through
            parts = ", ".join(f"w{place} AS ({statement.sql})" for place, (statement, _) in enumerate(made))
            connection.exec_driver_sql(
                f"WITH {parts} SELECT 1", tuple(to_json(list(rows)).decode() for _, rows in made)
            )


@lru_cache(256)
def _insert(table: Table, columns: tuple[str, ...], dialect: Dialect) -> _Statement:
    named = ", ".join(columns)
    sql = f"INSERT INTO {table.name} ({named}) SELECT {named} FROM {_given(table, columns, dialect)}"  # noqa: S608
    return _statement(sql, table, columns, dialect)


@lru_cache(256)
def _update(table: Table, columns: tuple[str, ...], dialect: Dialect) -> _Statement:
    keys = [column.name for column in table.primary_key]
    found = " AND ".join(f"{table.name}.{name} = given.{name}" for name in keys)
    new = ", ".join(f"{name} = given.{name}" for name in columns if name not in keys)
    sql = f"UPDATE {table.name} SET {new} FROM {_given(table, columns, dialect)} WHERE {found}"  # noqa: S608
    return _statement(sql, table, columns, dialect)


def _given(table: Table, columns: tuple[str, ...], dialect: Dialect) -> str:
    """The rows of a JSON document as a table named `given`."""
    if dialect.name == "postgresql":
        typed = ", ".join(f"{name} {table.c[name].type.compile(dialect)}" for name in columns)
        return f"json_to_recordset(%s::json) AS given({typed})"
    cells = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(columns))
    return f"(SELECT {cells} FROM json_each(?)) AS given"  # noqa: S608


def _statement(sql: str, table: Table, columns: tuple[str, ...], dialect: Dialect) -> _Statement:
    kinds = (table.c[name].type.dialect_impl(dialect) for name in columns)
    return _Statement(sql, columns, tuple(kind.bind_processor(dialect) for kind in kinds))


class Lookup:
    """The rows of a SELECT without parameters whose `key` is one of many; `locked`: in order of the key, and held."""

    def __init__(self, statement: Select[*tuple[Any, ...]], key: ColumnElement[Any], *, locked: bool = False) -> None:
        self._statement = statement
        self._key = key
        self._locked = locked

    def rows(self, session: Session, keys: Collection[Any]) -> Sequence[Any]:
        """The rows found, with a name for each column."""
        if not keys:
            return []
        connection = session.connection()
        sql, read = _lookup(self, connection.dialect)
        if connection.dialect.name == "postgresql":
            return connection.exec_driver_sql(sql, (list(keys),)).all()
        plain = [key.hex if isinstance(key, UUID) else key for key in keys]
        return [read(row) for row in connection.exec_driver_sql(sql, (to_json(plain).decode(),))]

    def compile(self, dialect: Dialect) -> tuple[str, Callable[[Any], Any]]:
        """The statement for one dialect, and what makes a named row of what its driver gives."""
        is_postgresql = dialect.name == "postgresql"
        among = "= ANY(%s)" if is_postgresql else "IN (SELECT value FROM json_each(?))"
        where = " AND " if self._statement.whereclause is not None else " WHERE "
        held = f" ORDER BY {self._key}" + (" FOR UPDATE" if is_postgresql else "") if self._locked else ""
        columns = self._statement.selected_columns
        kinds = (column.type.dialect_impl(dialect) for column in columns)
        processors = [kind.result_processor(dialect, None) for kind in kinds]
        named = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]
        sql = f"{self._statement.compile(dialect=dialect)}{where}{self._key} {among}{held}"
        return sql, lambda row: named(*(p(v) if p else v for p, v in zip(processors, row, strict=True)))


@lru_cache(256)
def _lookup(lookup: Lookup, dialect: Dialect) -> tuple[str, Callable[[Any], Any]]:
    return lookup.compile(dialect)
