"""Many rows in one statement: what is written so is read back the same, by SQLAlchemy and by a lookup."""

import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import Table, select

from lms.bulk import Batch, Lookup
from lms.db import Database, IntegrityError
from lms.models.jobs import Job
from lms.models.organisations import Organisation

MOMENT = datetime(2026, 11, 23, 4, 0, 0, 123456, tzinfo=UTC)
HOUSES: Table = Organisation.metadata.tables["organisations"]
JOBS: Table = Job.metadata.tables["jobs"]


def house(name: str) -> dict[str, object]:
    return {"id": uuid.uuid4(), "name": name, "created_at": MOMENT}


def write(database: Database, batch: Batch) -> None:
    with database.transaction() as session:
        batch.write(session)


def test_rows_come_back_as_they_were_written(database: Database) -> None:
    rows = [house("康宁“之家”\\n%s"), house("安和 ' -- ; $1")]
    batch = Batch()
    batch.insert(HOUSES, rows)
    write(database, batch)
    with database.transaction(write=False) as session:
        found = {row.id: (row.name, row.created_at) for row in session.scalars(select(Organisation))}
        assert found == {row["id"]: (row["name"], MOMENT) for row in rows}
        lookup = Lookup(select(HOUSES.c.name, HOUSES.c.created_at), HOUSES.c.id, locked=True)
        (one,) = lookup.rows(session, [rows[0]["id"], uuid.uuid4()])
        assert (one.name, one.created_at) == (rows[0]["name"], MOMENT)
        assert list(lookup.rows(session, [])) == []


def test_inserts_and_updates_of_a_batch_go_together(database: Database) -> None:
    old = house("old")
    first = Batch()
    first.insert(HOUSES, [old])
    write(database, first)
    second = Batch()
    second.insert(HOUSES, [house("fresh")])
    second.update(HOUSES, [{"id": old["id"], "name": "renewed"}])
    second.update(HOUSES, [])
    write(database, second)
    write(database, second)  # what was written is not written again
    with database.transaction(write=False) as session:
        assert set(session.scalars(select(Organisation.name))) == {"fresh", "renewed"}


def test_json_and_empty_values_keep_their_kinds(database: Database) -> None:
    made = uuid.uuid4()
    row = {"id": made, "kind": "boil", "key": "k", "state": "queued", "payload": {"a": [1, "二", None]}}
    row |= {"fence": 0, "attempts": 0, "progress": 0, "problem": "", "created_at": MOMENT, "due_at": MOMENT}
    batch = Batch()
    batch.insert(JOBS, [row])
    write(database, batch)
    with database.transaction(write=False) as session:
        found = session.get_one(Job, made)
        assert (found.payload, found.due_at) == ({"a": [1, "二", None]}, MOMENT)
        (same,) = Lookup(select(JOBS.c.payload), JOBS.c.id).rows(session, [made])
        assert same.payload == found.payload


def test_a_clash_is_told_as_everywhere(database: Database) -> None:
    row, batch = house("one"), Batch()
    batch.insert(HOUSES, [row, row])
    with pytest.raises(IntegrityError):
        write(database, batch)
