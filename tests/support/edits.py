"""Edits as an insider would make them, one at a time, and what the auditor says of each."""

import random
import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Boolean, Table, Uuid, func, select, text
from sqlalchemy.engine import Connection

from lms import models
from lms.db import Database, IntegrityError
from lms.verifier import verify
from lms.verifier.columns import COLUMNS
from lms.verifier.reading import Reader

ALSO = {
    "evidence_entries": ("person_id", "number", "kind", "body", "leaf", "recorded_ms", "recorded_at"),
    "study_sessions": ("person_id", "enrollment_id", "lesson_id", "epoch", "opened_ms", "opened_at", "last_seq"),
    "study_parts": ("lesson_id", "from_ms", "to_ms", "mono_from_ms", "mono_to_ms", "leaf"),
    "presence_checks": ("question", "right_option"),
    "study_passes": ("seed",),
    "study_heartbeats": ("advisory",),
    "log_leaves": ("position", "person_id", "number", "leaf"),
    "log_checkpoints": ("size", "root"),
    "corrections": ("reason",),
    "correction_decisions": ("note",),
    "class_meetings": ("cohort_id", "lesson_id", "held_on", "starts_at", "ends_at", "makes_up_for"),
    "attendance_lists": ("meeting_id", "entered_by", "attachment_hash"),
    "attendance_decisions": ("decision", "decided_by"),
    "practice_sheets": ("note",),
}


def unguarded(connection: Connection) -> None:
    """Takes the guards off, as an insider would; for this transaction only."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        return
    for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
        connection.execute(text(f"DROP TRIGGER {name}"))
    connection.execute(text("PRAGMA ignore_check_constraints = ON"))
    connection.execute(text("PRAGMA defer_foreign_keys = ON"))


def editable() -> list[tuple[str, str]]:
    """Every column that the auditor answers for."""
    known = {table: [*key, *rest] for table, (key, rest) in COLUMNS.items()}
    for table, columns in ALSO.items():
        known[table] = [*known.get(table, []), *columns]
    return [(table, column) for table, columns in known.items() for column in columns]


def other(value: Any, kind: Any, dice: random.Random) -> Any:
    """A value of the same kind that is not the same."""
    if isinstance(kind, Uuid):
        return uuid.UUID(int=dice.getrandbits(128))
    if isinstance(kind, JSON):
        return {"edited": dice.random()} if isinstance(value, dict) else [[dice.randrange(9), 10 + dice.randrange(9)]]
    if isinstance(value, bool) or isinstance(kind, Boolean):
        return not value
    if isinstance(value, datetime):
        return value + timedelta(seconds=dice.randrange(1, 99))
    if isinstance(value, date):
        return value + timedelta(days=dice.randrange(1, 9))
    if isinstance(value, int):
        return value + dice.choice([-1, 1, 7])
    if value is None:
        return 3
    place = dice.randrange(len(value)) if value else 0
    return f"{value[:place]}{'0' if value[place : place + 1] != '0' else '1'}{value[place + 1 :]}"


def random_edits(database: Database, count: int, seed: int) -> Iterator[tuple[str, list[str]]]:
    """So many edits of random columns that the auditor answers for: what was changed, and what it said."""
    dice, places = random.Random(seed), editable()
    while count:
        table, column = dice.choice(places)
        edit = random_edit(database, models.metadata.tables[table], column, dice)
        if edit is not None:
            count -= 1
            yield edit


def random_edits_together(database: Database, count: int, together: int, seed: int) -> Iterator[tuple[str, bool]]:
    """So many edits, several in each audit: what was changed, and whether the auditor named its table and its row."""
    dice, places = random.Random(seed), editable()
    while count:
        with database.engine.connect() as connection:
            unguarded(connection)
            made: list[tuple[str, set[str]]] = []
            while len(made) < min(together, count):
                table, column = dice.choice(places)
                edit = _edit(connection, models.metadata.tables[table], column, dice)
                if edit is not None and not any(edit[1] & other[1] for other in made):
                    made.append(edit)
            told = audited(connection)
            connection.rollback()
        for words, rows in made:
            count -= 1
            yield words, any(line.startswith(row) for row in rows for line in told)


def _edit(connection: Connection, table: Table, column: str, dice: random.Random) -> tuple[str, set[str]] | None:
    """Changes one value of one random row: the change in words, and how a finding about the row may begin."""
    count = connection.scalar(select(func.count()).select_from(table)) or 0
    if not count:
        return None
    one = select(table).order_by(*table.primary_key.columns).offset(dice.randrange(count)).limit(1)
    row = connection.execute(one).one()._mapping
    where = [key == row[key.name] for key in table.primary_key.columns]
    new = other(row[column], table.c[column].type, dice)
    with connection.begin_nested() as attempt:
        try:
            connection.execute(table.update().where(*where).values({column: new}))
        except IntegrityError:  # a key that is taken
            attempt.rollback()
            return None
    before = [row[key.name] for key in table.primary_key.columns]
    after = [new if key.name == column else row[key.name] for key in table.primary_key.columns]
    rows = {f"{table.name} {' '.join(map(str, key))} " for key in (before, after)}
    if table.name == "log_checkpoints":  # what no longer fits a checkpoint is told of the leaves under it
        rows |= {f"log_leaves checkpoint stored-{key[0]} " for key in (before, after)}
    return f"{table.name}.{column}: {row[column]!r} → {new!r}", rows


def random_edit(database: Database, table: Table, column: str, dice: random.Random) -> tuple[str, list[str]] | None:
    """Changes one value of one random row; what was changed, and what the auditor says. None for an empty table."""
    with database.engine.connect() as connection:
        unguarded(connection)
        edit = _edit(connection, table, column, dice)
        told = audited(connection) if edit else []
        connection.rollback()
    return (edit[0], told) if edit else None


def audited(connection: Connection) -> list[str]:
    """What the auditor finds on an open connection."""
    return [str(each) for each in verify(Reader(connection.connection.driver_connection)).findings]
