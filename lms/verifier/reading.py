"""Reads SQLite and PostgreSQL alike: ids as text, moments in UTC, JSON as values."""

import json
import re
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

BATCH = 5_000
HEX = re.compile("[0-9a-f]{32}")
UUIDS = frozenset(
    {"id", "check_id", "correction_id", "case_id", "proposed_by", "decided_by", "recorded_by", "opened_by"}
    | {"entered_by", "makes_up_for"}
)
MOMENTS = ("_at",)
DAYS = ("_on",)
JSON_COLUMNS = frozenset(
    {"covered", "by_class", "question", "segment_ids", "lesson_ids", "advisory", "paper", "scores", "marks"}
)


class Reader:
    """Rows of a database as plain values, table by table."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def rows(self, table: str, columns: Sequence[str], order: str = "") -> Iterator[tuple[Any, ...]]:
        """All rows of a table: the named columns, in the order of `order`."""
        cursor = self.connection.cursor()
        ordered = f" ORDER BY {order}" if order else ""
        cursor.execute(f"SELECT {', '.join(columns)} FROM {table}{ordered}")  # noqa: S608  # names of our own
        kinds = [_kind(column) for column in columns]
        while batch := cursor.fetchmany(BATCH):
            for row in batch:
                yield tuple(kind(value) for kind, value in zip(kinds, row, strict=True))
        cursor.close()


@contextmanager
def open_reader(address: str) -> Iterator[Reader]:
    """A reader over `sqlite:///PATH`, a bare path of a SQLite file, or `postgresql://…`; it cannot write."""
    if address.startswith(("postgresql", "postgres")):
        import psycopg

        plain = "postgresql://" + address.partition("://")[2]
        with psycopg.connect(plain, options="-c default_transaction_read_only=on") as postgres:
            yield Reader(postgres)
        return
    path = address.removeprefix("sqlite:///")
    with closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)) as lite:
        lite.execute("BEGIN")  # one state of the database, whatever happens meanwhile
        yield Reader(lite)


def _kind(column: str) -> Any:
    if column in UUIDS or column.endswith("_id"):
        return _id
    if column.endswith(MOMENTS):
        return moment
    if column.endswith(DAYS):
        return _day
    return _json if column in JSON_COLUMNS else _plain


def _plain(value: Any) -> Any:
    return value


def _id(value: Any) -> Any:
    if value is None or isinstance(value, uuid.UUID):
        return value and str(value)
    if isinstance(value, str) and HEX.fullmatch(value):  # as SQLite keeps them; uuid.UUID would cost seconds
        return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"
    try:
        return str(uuid.UUID(value))
    except ValueError:
        return f"not an id: {value!r}"


def moment(value: Any) -> Any:
    """A moment as UTC, whatever the driver or the JSON made of it; what cannot be read stays text."""
    return _moment(value) if isinstance(value, str | datetime) else value


@lru_cache(maxsize=1 << 16)
def _moment(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _day(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return f"not JSON: {value!r}"
