"""Completion records against both databases: frozen for good, proved by the log, and whose they are forgotten."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
import rfc8785
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from lms.domain import merkle
from lms.domain.records import RecordState, holder_hash
from lms.models.accounts import Account, Membership
from lms.models.courses import CourseVersion
from lms.models.enrollments import Cohort
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.models.records import Record, RecordHolder, RecordProof, RecordStep
from lms.models.study import LessonProgress
from lms.parts import Parts
from lms.services import records, rights
from lms.services.rights import erasing
from lms.signer import folder_of, run_round
from tests.support import backups
from tests.support.cast import NOON, Cast
from tests.support.certified import certify
from tests.support.chains import PEOPLE, write
from tests.support.edits import unguarded
from tests.support.records import LATER, Shelf, shelve
from tests.support.statements import statements


@pytest.fixture
def shelf(parts: Parts, cast: Cast) -> Shelf:
    return shelve(parts, cast)


def test_what_was_true_is_frozen(parts: Parts, shelf: Shelf) -> None:
    found = shelf.read()
    facts = found.facts
    assert found.body.encode() == rfc8785.dumps(json.loads(found.body))
    assert hashlib.sha256(found.body.encode()).hexdigest() == found.facts_hash
    assert (facts["format"], facts["name_masked"], facts["course_version"]) == (2, "李*", 1)
    assert facts["by_class_ms"]["attended"] == 90 * 60_000
    hours = facts["hours_hundredths"]
    assert hours["total"] == hours["online"] + hours["in_person"] > 200
    assert (facts["attendance"]["held"], facts["attendance"]["attended"]) == (1, 1)
    assert (facts["quiz_score"], facts["exam"], facts["conclusion"]) == (80, {"percent": 82, "tries": 1}, "passed")
    assert [each["points"] for each in facts["skills"] if each["kind"] == "exam"] == [75]
    assert (facts["policy"], len(facts["policy_hash"])) == ("blended-2023", 64)
    assert (found.state, found.intact, len(found.states)) == (RecordState.VALID, True, 1)
    with parts.database.transaction(write=False) as session:
        held = session.scalars(select(RecordHolder)).one()
        person = session.get_one(Person, held.person_id)
        assert facts["holder_hash"] == holder_hash(person.name, person.document_type, person.pid, held.salt)


def test_no_later_edit_changes_a_byte(parts: Parts, cast: Cast, shelf: Shelf) -> None:
    before = shelf.read()
    with parts.database.transaction() as session:
        cohort = session.scalars(select(Cohort.id).where(Cohort.name == before.facts["cohort"])).one()
        session.execute(update(Person).where(Person.id == cast.lifang.person_id).values(name="李方"))
        session.execute(update(Organisation).where(Organisation.id == cast.kangning).values(name="别的名字"))
        session.execute(update(Cohort).where(Cohort.id == cohort).values(name="二班", policy_code="base-2023"))
        session.execute(update(CourseVersion).values(title="别的课", title_en="Another"))
        session.execute(update(LessonProgress).values(credited_ms=0, by_class={}))
        session.execute(delete(Membership).where(Membership.account_id == cast.zhoumin.account_id))
        session.execute(update(Account).where(Account.id == cast.zhoumin.account_id).values(disabled_at=LATER))
    shelf.refresh()
    assert shelf.read() == before
    with parts.database.transaction(write=False) as session:
        assert records.get_holder(session, parts.keyring, shelf.code).name == "李芳"


@pytest.mark.parametrize("table", [Record, RecordStep])
def test_the_database_refuses_to_change_what_is_frozen(
    parts: Parts, shelf: Shelf, table: type[Record | RecordStep]
) -> None:
    shelf.decide(shelf.propose())
    column = table.__table__.c.facts_hash if table is Record else table.__table__.c.reason
    for act in (update(table).values({column.name: "x"}), delete(table)):
        with pytest.raises(DBAPIError, match="evidence is appended"), parts.database.transaction() as session:
            session.execute(act)


def test_a_restored_backup_tells_the_same(parts: Parts, cast: Cast, database_url: str, tmp_path: Path) -> None:
    shelf = proved(parts, cast)
    shelf.decide(shelf.propose())
    before = shelf.read()
    assert (before.intact, before.proof is None) == (True, False)
    backups.keep(database_url, tmp_path / "backup")
    with parts.database.engine.begin() as connection:
        unguarded(connection)
        connection.execute(update(Record).values(body="{}"))
        for table in (RecordStep, RecordProof, RecordHolder):
            connection.execute(delete(table))
    assert not shelf.read().intact
    parts.database.close()
    backups.put_back(database_url, tmp_path / "backup")
    assert shelf.read() == before
    with pytest.raises(DBAPIError, match="evidence is appended"), parts.database.transaction() as session:
        session.execute(update(Record).values(facts_hash="x"))


def test_who_worked_at_the_desk_is_not_needed_to_check(parts: Parts, cast: Cast, shelf: Shelf) -> None:
    shelf.decide(shelf.propose())
    before = shelf.read()
    gone = (cast.zhoumin.account_id, shelf.second.account_id)
    theirs = update(Account).where(Account.id.in_(gone))
    with parts.database.transaction() as session:
        session.execute(delete(Membership).where(Membership.account_id.in_(gone)))
        session.execute(theirs.values(name="", phone_sealed="", password_hash=None, disabled_at=LATER))
    with parts.database.transaction(write=False) as session, pytest.raises(IntegrityError):
        session.execute(delete(Account).where(Account.id.in_(gone)))
    assert shelf.read() == before
    assert before.intact


def test_a_record_that_was_tampered_with_is_not_intact(parts: Parts, shelf: Shelf) -> None:
    with parts.database.engine.begin() as connection:
        unguarded(connection)
        connection.execute(update(Record).values(body=func.replace(Record.body, "82", "92")))
    assert not shelf.read().intact


def test_names_beside_records_go_when_their_rule_says_so(parts: Parts, cast: Cast, shelf: Shelf) -> None:
    before, old = shelf.read(), NOON + timedelta(days=800)

    def forgotten() -> int:
        with parts.database.transaction() as session:
            return rights.keeping.sweep(session, now=old)

    assert forgotten() == 0  # nobody knows the period
    with parts.database.transaction() as session:
        rights.set_period(session, cast.admin, "completion_records", 24, "某市档案办法第三条", "M", now=NOON)
    assert (forgotten(), forgotten()) == (1, 0)
    assert shelf.read() == before
    with parts.database.transaction(write=False) as session:
        assert records.get_holder(session, parts.keyring, shelf.code).is_gone


def proved(parts: Parts, cast: Cast) -> Shelf:
    """Her record, whose evidence a checkpoint covers."""
    assert cast.lifang.person_id
    assert parts.note_signer
    write(parts.database, PEOPLE[0], at_ms=500, entries=2)
    write(parts.database, cast.lifang.person_id, at_ms=1_000, entries=3)
    shelf = shelve(parts, cast)
    write(parts.database, PEOPLE[1], at_ms=2_000, entries=2)
    assert shelf.read().proof is None
    run_round(parts.database, parts.note_signer, folder_of(parts.config), now=LATER)
    with parts.database.transaction() as session:
        assert (records.prove(session), records.prove(session)) == (1, 0)
    return shelf


def test_the_log_proves_the_last_evidence_of_a_record(parts: Parts, cast: Cast) -> None:
    found = proved(parts, cast).read()
    assert found.proof
    leaf, path = bytes.fromhex(found.proof.leaf), [bytes.fromhex(each) for each in found.proof.path]
    root, size = bytes.fromhex(found.proof.checkpoint.root), found.proof.checkpoint.size
    assert merkle.is_included(leaf, found.proof.index, size, path, root)
    assert found.facts["evidence"]["leaf"] == found.proof.leaf
    assert found.facts["evidence"]["entries"] == 3


def test_many_records_are_proved_with_as_many_statements_as_one(parts: Parts, cast: Cast) -> None:
    shelf = proved(parts, cast)

    def counted(*numbers: int) -> int:
        for number in numbers:
            certify(parts, shelf.enrollment, f"ABCDE-FGHJK-MNPQR-STVW{number}", LATER, number=number)
        with parts.database.transaction() as session, statements(parts.database.engine) as sent:
            assert records.prove(session) == len(numbers)
        return len(sent)

    assert counted(2) == counted(3, 4, 5, 6, 7)


def test_erasure_leaves_the_proof_and_takes_the_name(parts: Parts, cast: Cast) -> None:
    shelf = proved(parts, cast)
    shelf.decide(shelf.propose())
    before = shelf.read()
    assert (before.intact, before.proof is None) == (True, False)
    assert cast.lifang.person_id
    with parts.database.transaction() as session:
        erasing.overwrite(session, parts.keyring, cast.lifang.person_id, LATER)
    assert shelf.read() == before
    with parts.database.transaction(write=False) as session:
        holder = records.get_holder(session, parts.keyring, shelf.code)
        assert (holder.is_gone, holder.number) == (True, "")
        assert session.scalars(select(RecordHolder.salt)).all() == [""]
