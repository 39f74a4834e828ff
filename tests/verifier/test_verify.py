"""The auditor: silent on a clean database, and it names whatever an insider changes (I16, I18)."""

import random
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Table, Uuid, select, text
from sqlalchemy.engine import Connection

from lms import models
from lms.db import Database, IntegrityError
from lms.parts import Parts
from lms.verifier import open_reader, verify
from lms.verifier.columns import COLUMNS
from lms.verifier.reading import Reader
from tests.support import history
from tests.support.cast import Cast
from tests.support.study import WoundClock

EDITS = 200
ALSO = {
    "evidence_entries": ("person_id", "number", "kind", "body", "leaf", "recorded_ms", "recorded_at"),
    "study_sessions": ("person_id", "enrollment_id", "lesson_id", "epoch", "opened_ms", "opened_at", "last_seq"),
    "study_parts": ("lesson_id", "from_ms", "to_ms", "mono_from_ms", "mono_to_ms", "leaf"),
    "presence_checks": ("question", "right_option"),
    "study_passes": ("seed",),
    "study_heartbeats": ("advisory",),
}


@pytest.fixture
def studied(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Parts:
    """A database with a history of every kind."""
    history.study(parts, cast, WoundClock(monkeypatch))
    return parts


def address(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def findings(database: Database) -> list[str]:
    with open_reader(address(database)) as reader:
        return [str(each) for each in verify(reader).findings]


def test_i18_replaying_the_evidence_gives_the_live_tables(studied: Parts) -> None:
    with open_reader(address(studied.database)) as reader:
        report = verify(reader)
    assert report.findings == []
    assert (report.persons, report.entries > 20) == (2, True)


def test_an_empty_database_is_clean(parts: Parts) -> None:
    assert findings(parts.database) == []


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


def test_i16_each_of_two_hundred_random_edits_is_found(studied: Parts) -> None:
    dice = random.Random(16)
    places = editable()
    missed, made = [], 0
    while made < EDITS:
        table, column = dice.choice(places)
        edit = random_edit(studied.database, models.metadata.tables[table], column, dice)
        if edit is None:
            continue
        made += 1
        if not edit[1]:
            missed.append(edit[0])
    assert missed == []


def random_edit(database: Database, table: Table, column: str, dice: random.Random) -> tuple[str, list[str]] | None:
    """Changes one value of one random row; what was changed, and what the auditor says. None for an empty table."""
    with database.engine.connect() as connection:
        rows = connection.execute(select(table)).all()
        if not rows:
            return None
        row = dice.choice(rows)._mapping
        where = [key == row[key.name] for key in table.primary_key.columns]
        new = other(row[column], table.c[column].type, dice)
        unguarded(connection)
        try:
            connection.execute(table.update().where(*where).values({column: new}))
        except IntegrityError:  # a key that is taken
            return None
        told = audited(connection)
        connection.rollback()
    return f"{table.name}.{column}: {row[column]!r} → {new!r}", told


@pytest.mark.parametrize("table", ["study_segments", "study_intervals", "evidence_entries", "presence_outcomes"])
def test_i16_a_row_that_was_taken_out_is_missed(studied: Parts, table: str) -> None:
    found = models.metadata.tables[table]
    with studied.database.engine.connect() as connection:
        row = connection.execute(select(found)).mappings().first() or {}
        unguarded(connection)
        connection.execute(found.delete().where(*(key == row[key.name] for key in found.primary_key.columns)))
        assert audited(connection) != []


def test_i16_a_segment_put_in_by_hand_is_found(studied: Parts) -> None:
    table = models.metadata.tables["study_segments"]
    with studied.database.engine.connect() as connection:
        row = dict(connection.execute(select(table)).mappings().first() or {})
        later = {name: row[name] + 900_000_000 for name in ("wall_from_ms", "wall_to_ms")}
        unguarded(connection)
        connection.execute(table.insert().values({**row, **later, "id": uuid.uuid4()}))
        told = audited(connection)
    assert any("study_segments" in each and "(nothing)" in each for each in told)


def audited(connection: Connection) -> list[str]:
    return [str(each) for each in verify(Reader(connection.connection.driver_connection)).findings]
