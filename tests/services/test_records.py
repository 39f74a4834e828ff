"""Completion records against both databases: frozen for good, taken back by two people, proved by the log."""

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import rfc8785
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from lms.domain import merkle
from lms.domain.errors import NotFound, Refused
from lms.domain.records import Decision, ProposalKind, RecordState, StateReason, holder_hash
from lms.domain.roles import Role
from lms.models.accounts import Account, Membership
from lms.models.courses import CourseVersion
from lms.models.enrollments import Cohort
from lms.models.exchange import ChangeMark
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.models.records import Record, RecordHolder, RecordProof, RecordStep
from lms.models.renewals import Validity
from lms.models.study import LessonProgress
from lms.parts import Parts
from lms.services import audit, records, reporting, reports, rights
from lms.services.rights import erasing
from lms.services.selections import EVERYBODY, Selection
from lms.signer import folder_of, run_round
from tests.support.cast import NOON, Cast
from tests.support.chains import PEOPLE, write
from tests.support.edits import unguarded
from tests.support.records import LATER, Shelf, shelve

TABLES = (Record, RecordHolder, RecordStep, RecordProof)


@pytest.fixture
def shelf(parts: Parts, cast: Cast) -> Shelf:
    return shelve(parts, cast)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code


def recorded(parts: Parts, cast: Cast) -> int:
    with parts.database.transaction(write=False) as session:
        return reporting.count_registered(session, cast.zhoumin, EVERYBODY, now=LATER)


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


def test_a_restored_backup_tells_the_same(parts: Parts, shelf: Shelf) -> None:
    shelf.decide(shelf.propose())
    before = shelf.read()
    with parts.database.engine.begin() as connection:
        unguarded(connection)
        kept = {table: connection.execute(select(table.__table__)).mappings().all() for table in TABLES}
        for table in reversed(TABLES):
            connection.execute(delete(table))
        for table, rows in kept.items():
            if rows:
                connection.execute(insert(table), [dict(row) for row in rows])
    assert shelf.read() == before


def test_a_record_that_was_tampered_with_is_not_intact(parts: Parts, shelf: Shelf) -> None:
    with parts.database.engine.begin() as connection:
        unguarded(connection)
        connection.execute(update(Record).values(body=func.replace(Record.body, "82", "92")))
    assert not shelf.read().intact


def test_two_people_take_a_record_back_and_everybody_reads_why(parts: Parts, cast: Cast, shelf: Shelf) -> None:
    before = shelf.read()
    proposal = shelf.propose()
    assert shelf.read() == before
    assert refused(shelf.propose) == "record_proposal_waits"
    assert refused(lambda: shelf.decide(proposal, cast.zhoumin)) == "record_second_person"
    her = replace(cast.lifang, roles=frozenset({(Role.INSTITUTION, cast.kangning)}))
    assert refused(lambda: shelf.decide(proposal, her)) == "record_own"
    assert recorded(parts, cast) == 1
    shelf.decide(proposal)
    after = shelf.read()
    assert (after.body, after.facts_hash) == (before.body, before.facts_hash)
    assert (after.state, after.last.reason, after.last.at) == (RecordState.REVOKED, StateReason.FRAUD, LATER)
    assert after.intact
    assert refused(lambda: shelf.decide(proposal)) == "record_decided"
    assert refused(shelf.propose) == "record_state_closed"
    assert recorded(parts, cast) == 0
    shelf.refresh()
    assert shelf.last() == shelf.code  # the same verdict brings no new record
    with parts.database.transaction(write=False) as session:
        assert audit.knows(session, "record.decide", shelf.enrollment)
        assert records.find_code(session, shelf.enrollment) is None


def test_what_is_turned_down_changes_nothing(shelf: Shelf) -> None:
    before = shelf.read()
    shelf.decide(shelf.propose(), decision=Decision.REJECTED)
    assert shelf.read() == before
    shelf.decide(shelf.propose())  # may be asked for again


def test_reports_of_a_day_before_the_revocation_still_count_the_record(parts: Parts, cast: Cast, shelf: Shelf) -> None:
    shelf.decide(shelf.propose(now=LATER), now=NOON + timedelta(days=2))
    days = [NOON.date(), NOON.date() + timedelta(days=2)]
    with parts.database.transaction(write=False) as session:
        told = [Selection(as_of=day) for day in days]
        now = NOON + timedelta(days=9)
        found = [reporting.count_registered(session, cast.zhoumin, each, now=now) for each in told]
    assert found == [1, 0]


def test_a_record_is_issued_anew_from_what_is_true_today(parts: Parts, cast: Cast, shelf: Shelf) -> None:
    with parts.database.transaction() as session:
        session.execute(update(Person).where(Person.id == cast.lifang.person_id).values(name="欧阳芳"))
    before = shelf.read()
    shelf.decide(shelf.propose(ProposalKind.REISSUE, now=NOON), now=NOON)
    old, new = shelf.read(), shelf.read(shelf.last())
    assert (old.state, old.last.reason, old.last.successor) == (
        RecordState.SUPERSEDED,
        StateReason.CORRECTED,
        new.code,
    )
    assert (old.body, new.state) == (before.body, RecordState.VALID)
    assert (old.facts["name_masked"], new.facts["name_masked"]) == ("李*", "欧**")
    assert recorded(parts, cast) == 1
    with parts.database.transaction(write=False) as session:
        assert records.find_code(session, shelf.enrollment) == new.code
        rows = list(reports.completion_rows(session, parts.keyring, cast.zhoumin, selection=EVERYBODY, now=LATER))
        assert [row.record_code for row in rows if row.record_code] == [new.code]
    assert refused(lambda: shelf.propose(ProposalKind.REISSUE)) == "record_state_closed"


def test_what_is_not_earned_any_more_is_not_issued_anew(parts: Parts, shelf: Shelf) -> None:
    proposal = shelf.propose(ProposalKind.REISSUE, now=NOON)
    with parts.database.transaction() as session:
        session.execute(update(LessonProgress).values(credited_ms=0))
    before = shelf.read()
    assert refused(lambda: shelf.decide(proposal, now=NOON)) == "record_not_earned"
    assert (shelf.read(), shelf.last()) == (before, shelf.code)


def test_after_a_revocation_a_new_record_leaves_the_old_one_revoked(shelf: Shelf) -> None:
    shelf.decide(shelf.propose(now=NOON), now=NOON)
    shelf.decide(shelf.propose(ProposalKind.REISSUE, now=NOON), now=NOON)
    assert shelf.read().state is RecordState.REVOKED
    assert shelf.read(shelf.last()).state is RecordState.VALID


def test_time_ends_a_record_the_day_after_its_last(parts: Parts, cast: Cast, shelf: Shelf) -> None:
    with parts.database.transaction() as session:
        session.execute(update(Validity).values(valid_until=NOON.date()))
        assert records.lapse(session, now=NOON) == 0
    with parts.database.transaction() as session:
        assert records.lapse(session, now=LATER) == 1
        assert records.lapse(session, now=LATER) == 0
    found = shelf.read()
    assert (found.state, found.last.reason, found.intact) == (RecordState.EXPIRED, StateReason.LAPSED, True)
    assert recorded(parts, cast) == 1  # the training was completed


def test_validity_ends_with_the_last_record_and_goes_on_with_a_new_one(parts: Parts, shelf: Shelf) -> None:
    def ended() -> bool:
        with parts.database.transaction(write=False) as session:
            return session.get_one(Validity, shelf.enrollment).ended_at is not None

    shelf.decide(shelf.propose(now=NOON), now=NOON)
    assert ended()
    shelf.decide(shelf.propose(ProposalKind.REISSUE, now=NOON), now=NOON)
    assert not ended()


def test_erasure_leaves_the_proof_and_takes_the_name(parts: Parts, cast: Cast, shelf: Shelf) -> None:
    before = shelf.read()
    assert cast.lifang.person_id
    with parts.database.transaction() as session:
        erasing.overwrite(session, parts.keyring, cast.lifang.person_id, LATER)
    assert shelf.read() == before
    with parts.database.transaction(write=False) as session:
        holder = records.get_holder(session, parts.keyring, shelf.code)
        assert (holder.is_gone, holder.number) == (True, "")
        assert session.scalars(select(RecordHolder.salt)).all() == [""]


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


def test_the_log_proves_the_last_evidence_of_a_record(parts: Parts, cast: Cast) -> None:
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
    found = shelf.read()
    assert found.proof
    leaf, path = bytes.fromhex(found.proof.leaf), [bytes.fromhex(each) for each in found.proof.path]
    root, size = bytes.fromhex(found.proof.checkpoint.root), found.proof.checkpoint.size
    assert merkle.is_included(leaf, found.proof.index, size, path, root)
    assert found.facts["evidence"]["leaf"] == found.proof.leaf
    assert found.facts["evidence"]["entries"] == 3


def test_strangers_find_nothing(parts: Parts, cast: Cast, shelf: Shelf) -> None:
    proposal = shelf.propose()
    for act in (
        lambda: shelf.propose(actor=cast.sunyue),
        lambda: shelf.decide(proposal, cast.sunyue),
        lambda: shelf.decide(uuid.uuid4()),
    ):
        with pytest.raises(NotFound):
            act()
    with parts.database.transaction(write=False) as session:
        with pytest.raises(NotFound):
            records.get_of_desk(session, cast.sunyue, Role.INSTITUTION, shelf.record)
        assert records.find_of_code(session, cast.sunyue, Role.INSTITUTION, shelf.code) is None
        assert records.find_of_enrollment(session, cast.sunyue, Role.INSTITUTION, shelf.enrollment) is None
        assert records.list_proposals(session, cast.sunyue, Role.INSTITUTION) == []
        assert records.list_own(session, cast.chenmo) == []
        assert [each.code for each in records.list_own(session, cast.lifang)] == [shelf.code]
        assert len(records.list_proposals(session, cast.admin, Role.PLATFORM)) == 1
        with pytest.raises(NotFound):
            records.get_public(session, "01ABC-DEFGH-JKMNP-QRSTV")


def test_other_systems_hear_of_a_change_of_state(parts: Parts, shelf: Shelf) -> None:
    shelf.decide(shelf.propose())
    with parts.database.transaction(write=False) as session:
        marks = session.execute(select(ChangeMark.kind).where(ChangeMark.subject_id == shelf.enrollment))
        assert {"certificate", "record_state"} <= set(marks.scalars())
