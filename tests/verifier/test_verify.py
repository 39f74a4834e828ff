"""The auditor: silent on a clean database, and it names whatever an insider changes (I16, I18)."""

import random
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms import models
from lms.cli.ledger import as_json
from lms.db import Database
from lms.models.evidence import EvidenceEntry, LogCheckpoint
from lms.models.people import Person
from lms.parts import Parts
from lms.services import ledger_as_of
from lms.verifier import open_reader, verify
from tests.support import history
from tests.support.cast import Cast
from tests.support.edits import audited, random_edit, random_edits, random_edits_together, unguarded
from tests.support.study import WoundClock, now

EDITS = 200


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


def test_i16_each_of_two_hundred_random_edits_is_found(studied: Parts) -> None:
    missed = [edit for edit, told in random_edits(studied.database, EDITS, seed=16) if not told]
    assert missed == []


def test_i16_edits_made_together_are_each_named_by_their_row(studied: Parts) -> None:
    outcome = random_edits_together(studied.database, 60, together=6, seed=17)
    assert [edit for edit, is_named in outcome if not is_named] == []


@pytest.mark.parametrize(
    "table",
    [
        "study_segments",
        "study_intervals",
        "evidence_entries",
        "presence_outcomes",
        "attendance_marks",
        "class_meetings",
        "attendance_lists",
        "attendance_decisions",
        "practice_sittings",
        "practice_sheets",
    ],
)
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


def test_i16_a_class_made_longer_afterwards_is_found(studied: Parts) -> None:
    """Its length is what time in it could be credited for."""
    lessons, meetings = models.metadata.tables["lessons"], models.metadata.tables["class_meetings"]
    with studied.database.engine.connect() as connection:
        unguarded(connection)
        known = connection.execute(select(meetings.c.lesson_id)).scalars().first()
        connection.execute(lessons.update().where(lessons.c.id == known).values(duration_ms=9_000_000))
        told = audited(connection)
    assert [each.split()[0] for each in told] == ["lessons"]


def test_i16_a_class_cancelled_after_it_was_signed_is_found(studied: Parts) -> None:
    """Who was absent from it would be absent no more."""
    meetings = models.metadata.tables["class_meetings"]
    with studied.database.engine.connect() as connection:
        connection.execute(meetings.update().values(cancelled_at=now()))
        told = audited(connection)
    assert {" ".join(each.split()[:1]) for each in told} == {"class_meetings"}
    assert all(" cancelled_at: " in each for each in told)


@pytest.mark.parametrize(
    ("table", "column"), [("attendance_decisions", "decided_by"), ("attendance_lists", "entered_by")]
)
def test_i16_a_second_person_made_up_for_a_paper_list_is_found(studied: Parts, table: str, column: str) -> None:
    edit = random_edit(studied.database, models.metadata.tables[table], column, random.Random(column))
    assert edit is not None
    assert any(told.startswith(f"{table} ") and f" {column}: " in told for told in edit[1])


def test_i17_erasing_a_person_leaves_the_audit_clean_and_nothing_personal(studied: Parts, cast: Cast) -> None:
    """What an erasure will overwrite is in no entry, so the proofs outlive it."""
    with studied.database.transaction() as session:
        person = session.get_one(Person, cast.lifang.person_id)
        told = [person.name, person.pid, "219999198501010026", "19900000001", history.REASON, history.NOTE, "paper.png"]
        person.name, person.pid, person.document_sealed = "", uuid.uuid4().hex, ""
    assert findings(studied.database) == []
    end = now() + timedelta(days=9)
    with studied.database.transaction(write=False) as session:
        kept = [*session.scalars(select(EvidenceEntry.body)), *session.scalars(select(LogCheckpoint.note))]
        kept.append(as_json(ledger_as_of.list_statements(session, end)))
    assert len(kept) > 20
    assert [word for word in told for text in kept if word in text] == []


@pytest.mark.parametrize("column", ["marks", "points", "critical_missed", "account_id", "note", "minutes", "entry"])
def test_an_edit_of_a_sheet_is_found(studied: Parts, column: str) -> None:
    edit = random_edit(studied.database, models.metadata.tables["practice_sheets"], column, random.Random(column))
    assert edit is not None
    assert any(told.startswith("practice_sheets ") and f" {column}: " in told for told in edit[1])


@pytest.mark.parametrize("column", ["enrollment_id", "kind", "number", "examiners", "policy_code", "opened_ms"])
def test_an_edit_of_a_sitting_is_found(studied: Parts, column: str) -> None:
    edit = random_edit(studied.database, models.metadata.tables["practice_sittings"], column, random.Random(column))
    assert edit is not None
    assert any(told.startswith("practice_sittings ") and f" {column}: " in told for told in edit[1])


def test_a_sheet_put_in_by_hand_is_found(studied: Parts, cast: Cast) -> None:
    table = models.metadata.tables["practice_sheets"]
    with studied.database.engine.connect() as connection:
        row = dict(connection.execute(select(table)).mappings().first() or {})
        unguarded(connection)
        forged = {"id": uuid.uuid4(), "account_id": cast.wanglei.account_id, "client_key": "by hand"}
        connection.execute(table.insert().values({**row, **forged}))
        told = audited(connection)
    assert [each for each in told if "practice_sheets" in each and "'(nothing)'" in each and "'a row'" in each]
