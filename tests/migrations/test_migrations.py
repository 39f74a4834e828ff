"""Upgraded schema = models; down after up = before; old data survives the next step."""

import hashlib
import json
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from lms import models, schema
from lms.db import Database

SCRIPTS = ScriptDirectory.from_config(schema.alembic_config())
REVISIONS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]


@pytest.fixture
def empty(empty_url: str) -> Any:
    database = Database(empty_url)
    yield database
    database.close()


def shape(database: Database) -> dict[str, Any]:
    """Tables, columns, indexes, constraints, triggers and types, as the database tells them."""
    with database.engine.connect() as connection:
        found = inspect(connection)
        tables = {
            table: {
                "columns": sorted((c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(table)),
                "indexes": sorted(str(index["name"]) for index in found.get_indexes(table)),
                "unique": sorted(str(unique["name"]) for unique in found.get_unique_constraints(table)),
                "foreign": sorted(str(key["name"]) for key in found.get_foreign_keys(table)),
            }
            for table in found.get_table_names()
            if table != "alembic_version"
        }
        guards = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if database.is_sqlite
            else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal UNION SELECT conname FROM pg_constraint "
            "WHERE contype = 'x' UNION SELECT typname FROM pg_type WHERE typname = 'uuidrange' "
            "UNION SELECT proname FROM pg_proc WHERE proname = 'refuse_change'"
        )
        return {"tables": tables, "guards": sorted(connection.execute(text(guards)).scalars())}


def test_the_upgraded_schema_is_what_the_models_say(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, models.metadata) == []


def test_each_step_down_restores_what_was_before(empty: Database) -> None:
    before = [shape(empty)]
    for revision in REVISIONS:
        schema.upgrade(empty, revision)
        before.append(shape(empty))
    for place in reversed(range(len(REVISIONS))):
        schema.downgrade(empty, REVISIONS[place - 1] if place else "base")
        assert shape(empty) == before[place], REVISIONS[place]


def test_old_data_survives_the_guards(empty: Database) -> None:
    """Rows written before the evidence was guarded are still there after it, and after taking it off."""
    schema.upgrade(empty, "20261123_0950")
    with empty.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO audit_events (id, at, action, subject, detail)"
                " VALUES ('00000000000070008000000000000001', '2026-11-23 04:00:00+00:00', 'a', 's', '{}')"
            )
        )
    schema.upgrade(empty)
    schema.downgrade(empty, "20261123_0950")
    with empty.engine.connect() as connection:
        assert connection.execute(text("SELECT action FROM audit_events")).scalars().all() == ["a"]


PERSON = (
    "INSERT INTO people (id, pid, name, document_type, document_sealed, created_at)"
    " VALUES ('{id}', '{pid}', '李芳', 'resident_id', 'k1:00', '2026-11-23 04:00:00+00:00')"
)
FIRST, SECOND = "00000000000070008000000000000001", "00000000000070008000000000000002"


def test_people_keep_their_documents_and_names_both_ways(empty: Database) -> None:
    """Each person is found by her document from then on; on the way back by what became of it."""
    schema.upgrade(empty, "20261128_0900")
    with empty.engine.begin() as connection:
        for person, pid in ((FIRST, "p1"), (SECOND, "p2")):
            connection.execute(text(PERSON.format(id=person, pid=pid)))
    schema.upgrade(empty, "20261128_0910")
    with empty.engine.begin() as connection:
        told = connection.execute(
            text("SELECT pid, number_sealed, state, is_current FROM person_documents ORDER BY id")
        )
        assert [(*row[:3], bool(row[3])) for row in told] == [
            ("p1", "k1:00", "format", True),
            ("p2", "k1:00", "format", True),
        ]
        assert connection.execute(text("SELECT name FROM person_names")).scalars().all() == ["李芳", "李芳"]
        connection.execute(text("UPDATE person_documents SET pid = 'p3' WHERE pid = 'p1'"))
    schema.downgrade(empty, "20261128_0900")
    with empty.engine.connect() as connection:
        assert connection.execute(text("SELECT pid, name FROM people ORDER BY id")).all() == [
            ("p3", "李芳"),
            ("p2", "李芳"),
        ]


RECORDED = """
INSERT INTO organisations (id, name, kind, created_at) VALUES ('{one}', '康宁', 'institution', '{at}');
INSERT INTO courses (id, slug, created_at) VALUES ('{one}', 'a', '{at}');
INSERT INTO course_versions (id, course_id, number, title, title_en, content_hash, frozen, published_at)
 VALUES ('{one}', '{one}', 1, '课', '', '', '', '{at}');
INSERT INTO cohorts (id, organisation_id, course_version_id, name, opens_on, closes_on, policy_code, filing, created_at)
 VALUES ('{one}', '{one}', '{one}', '一班', '2026-11-01', '2026-12-31', 'base-2023', '', '{at}');
INSERT INTO enrollments (id, cohort_id, person_id, course_version_id, created_at)
 VALUES ('{one}', '{one}', '{one}', '{one}', '{at}');
INSERT INTO certificates (id, enrollment_id, code, facts, facts_hash, issued_at)
 VALUES ('{one}', '{one}', 'ABCDE', '{{"name_masked": "李*", "a": {{"c": 1, "b": null}}}}', '{hash}', '{at}')"""
OLD_BODY = '{"a":{"b":null,"c":1},"name_masked":"李*"}'


def test_old_records_keep_their_bytes_and_their_hash(empty: Database) -> None:
    """What was JSON becomes the text that its hash was made of, and JSON again on the way back."""
    told = {"one": FIRST, "at": "2026-11-23 04:00:00+00:00", "hash": hashlib.sha256(OLD_BODY.encode()).hexdigest()}
    schema.upgrade(empty, "20261128_1010")
    with empty.engine.begin() as connection:
        connection.execute(text(PERSON.format(id=FIRST, pid="p1")))
        for each in RECORDED.split(";"):
            connection.exec_driver_sql(each.format(**told))
    schema.upgrade(empty, "20261129_0900")
    with empty.engine.connect() as connection:
        kept = connection.execute(text("SELECT code, body, facts_hash, number FROM records")).one()
        assert tuple(kept) == ("ABCDE", OLD_BODY, told["hash"], 1)
        assert connection.execute(text("SELECT name, salt FROM record_holders")).one() == ("李芳", "")
    schema.downgrade(empty, "20261128_1010")
    with empty.engine.connect() as connection:
        back = connection.execute(text("SELECT facts, facts_hash FROM certificates")).one()
        facts = json.loads(back[0]) if isinstance(back[0], str) else back[0]
        assert (facts, back[1]) == (json.loads(OLD_BODY), told["hash"])


SPOKEN = """
INSERT INTO organisations (id, name, kind, created_at) VALUES ('{one}', '康宁', 'institution', '{at}');
INSERT INTO organisations (id, name, kind, created_at) VALUES ('{two}', '安和', 'institution', '{at}');
INSERT INTO courses (id, slug, created_at) VALUES ('{one}', 'a', '{at}');
INSERT INTO course_versions (id, course_id, number, title, title_en, content_hash, frozen, published_at)
 VALUES ('{one}', '{one}', 1, '课', '', '', '', '{at}');
INSERT INTO cohorts (id, organisation_id, course_version_id, name, opens_on, closes_on, policy_code, filing, created_at)
 VALUES ('{one}', '{one}', '{one}', '一班', '2026-11-01', '2026-12-31', 'base-2023', '', '{at}');
INSERT INTO enrollments (id, cohort_id, person_id, course_version_id, created_at)
 VALUES ('{one}', '{one}', '{one}', '{one}', '{at}');
INSERT INTO accounts (id, phone_index, phone_sealed, name, created_at) VALUES ('{one}', 'a', '', '周敏', '{at}');
INSERT INTO accounts (id, phone_index, phone_sealed, name, created_at) VALUES ('{two}', 'b', '', '孙悦', '{at}');
INSERT INTO memberships (id, account_id, organisation_id, role) VALUES ('{one}', '{one}', '{one}', 'institution')"""
QUALIFIED = """
INSERT INTO qualifications (id, person_id, organisation_id, kind, occupation, level, issuer, issuer_code,
 number_sealed, number_index, issued_on, entered_by, entered_at)
 VALUES ('{id}', '{one}', {place}, 'training', '护理员', NULL, '某校', '', '', '{id}', '2026-01-01', '{one}', '{at}')"""
WORD = """
INSERT INTO qualification_words (id, qualification_id, number, state, way, note, said_by, said_at)
 VALUES ('{id}', '{of}', {number}, '{state}', '', '', '{by}', '{at}')"""


def test_words_on_certificates_are_given_to_whose_they_are(empty: Database) -> None:
    """Who entered it, else where the author works and she learns; the platform's to nobody; and back again."""
    schema.upgrade(empty, "20261129_0950")
    told = {"one": FIRST, "two": SECOND, "at": "2026-11-23 04:00:00+00:00"}
    words = (
        *((FIRST, 1, "seen", FIRST), (FIRST, 2, "verified", SECOND)),
        *((SECOND, 1, "seen", SECOND), (SECOND, 2, "withdrawn", SECOND)),
    )
    with empty.engine.begin() as connection:
        connection.execute(text(PERSON.format(id=FIRST, pid="p1")))
        for each in SPOKEN.split(";"):
            connection.execute(text(each.format(**told)))
        for id_, place in ((FIRST, "NULL"), (SECOND, f"'{SECOND}'")):
            connection.execute(text(QUALIFIED.format(id=id_, place=place, **told)))
        for place, (of, number, state, by) in enumerate(words):
            made = f"000000000000700080000000000000{place:02}"
            connection.execute(text(WORD.format(id=made, of=of, number=number, state=state, by=by, **told)))
    schema.upgrade(empty, "20261129_1000")
    asked = "SELECT state, organisation_id FROM qualification_words ORDER BY id"
    with empty.engine.connect() as connection:
        found = [(state, place and str(place).replace("-", "")) for state, place in connection.execute(text(asked))]
    assert found == [("seen", FIRST), ("verified", None), ("seen", SECOND), ("withdrawn", SECOND)]
    schema.downgrade(empty, "20261129_0950")
    with empty.engine.connect() as connection:
        assert len(connection.execute(text("SELECT id FROM qualification_words")).all()) == 4


def test_a_database_of_another_age_is_refused(empty: Database) -> None:
    with pytest.raises(schema.MigrationsPending, match="upgrade"):
        schema.check_current(empty)
    schema.upgrade(empty)
    schema.check_current(empty)
