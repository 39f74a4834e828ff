"""Wishes about own data against both databases: rule, restriction, two people, erasure that leaves evidence whole."""

import io
import json
import uuid
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import Column, ForeignKey, MetaData, String, Table, func, select

from lms import models, worker
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.identity import DocumentType
from lms.domain.notices import Purpose
from lms.domain.reveals import RevealField
from lms.domain.rights import Asked, Known, State
from lms.domain.roles import Role
from lms.domain.roster_columns import Field
from lms.models.accounts import Account
from lms.models.audit import AuditEvent
from lms.models.enrollments import Cohort
from lms.models.filings import RosterChange
from lms.models.people import Person
from lms.models.rights import Erasure, MonthlyStatement
from lms.models.rosters import EnrollmentDetail
from lms.parts import Parts
from lms.services import (
    accounts,
    activation,
    cases,
    consents,
    filings,
    jobs,
    media,
    people,
    quizzes,
    reports,
    reveals,
    rights,
    rosters,
)
from lms.services.reports import Selection
from lms.services.rights import gathering
from lms.services.rights.keys import export_key
from lms.services.scopes import Actor
from lms.services.study.sessions import studied as studied_in
from lms.verifier import open_reader, verify
from tests.support import filing, history
from tests.support.cast import NOON, Cast
from tests.support.humans import one_human
from tests.support.identity import CHENMO, LIFANG, NOTE, Office
from tests.support.study import WoundClock

WORDS = "名字里的芳写错了，应该是方向的方"
SOURCE = "某市培训档案管理办法第三条"
AFTER = NOON + timedelta(days=100 * 366)  # the class of the cast closes in 2099
MONTH = date(2026, 11, 1)


@pytest.fixture
def studied(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Parts:
    """A database with a history of every kind."""
    history.study(parts, cast, WoundClock(monkeypatch))
    return parts


def ask(parts: Parts, actor: Actor, asked: Asked, words: str = "") -> uuid.UUID:
    with parts.database.transaction() as session:
        return rights.ask(session, actor, asked, words, now=NOON)


def set_period(parts: Parts, cast: Cast, months: int) -> None:
    with parts.database.transaction() as session:
        rights.set_period(session, cast.admin, "training_records", months, SOURCE, "M", now=NOON)


def state_of(parts: Parts, actor: Actor) -> State:
    with parts.database.transaction(write=False) as session:
        return rights.get_mine(session, actor, now=NOON).requests[0].state


def listed(parts: Parts, actor: Actor, role: Role = Role.INSTITUTION) -> int:
    with parts.database.transaction(write=False) as session:
        return len(
            reports.completion_page(session, parts.keyring, actor, selection=Selection(), role=role, now=NOON).rows
        )


def second_admin(cast: Cast) -> Actor:
    """Another account of the platform's staff."""
    return Actor(cast.liuyang.account_id, None, "刘洋", frozenset({(Role.PLATFORM, None)}))


def erase(parts: Parts, cast: Cast) -> None:
    set_period(parts, cast, 1)
    request = ask(parts, cast.lifang, Asked.DELETION)
    with parts.database.transaction() as session:
        rights.propose(session, cast.zhoumin, Role.INSTITUTION, request, now=AFTER)
    with parts.database.transaction() as session:
        rights.approve(session, parts.keyring, cast.admin, request, now=AFTER)
        due = jobs.pending(session)
    work(parts, due, AFTER)


def work(parts: Parts, due: list[uuid.UUID], when: datetime) -> None:
    """The worker reads the clock itself."""
    with time_machine.travel(when):
        for job_id in due:
            worker.run(parts, job_id)


def test_while_no_period_is_known_her_records_are_archive_only(parts: Parts, cast: Cast) -> None:
    before = listed(parts, cast.zhoumin)
    request = ask(parts, cast.lifang, Asked.DELETION)
    assert state_of(parts, cast.lifang) is State.OPEN
    assert listed(parts, cast.zhoumin) == before - 1 == 0
    assert listed(parts, cast.wujian, Role.INSPECTOR) == 1  # the supervising office
    with parts.database.transaction() as session:
        with pytest.raises(Refused, match="person_restricted"):
            studied_in(session, cast.lifang, cast.enrollment, cast.lessons["say-hello"], NOON)
        with pytest.raises(Refused, match="person_restricted"):
            quizzes.submit_attempt(session, cast.lifang, cast.enrollment, cast.lessons["quiz-hello"], {}, now=NOON)
        with pytest.raises(Refused, match="erasure_too_early"):
            rights.propose(session, cast.zhoumin, Role.INSTITUTION, request, now=AFTER)
        with pytest.raises(Conflict, match="request_running"):
            rights.ask(session, cast.lifang, Asked.CLOSING, "", now=NOON)
    with parts.database.transaction() as session:
        rights.withdraw(session, cast.lifang, request, now=NOON)
    assert listed(parts, cast.zhoumin) == before


def test_within_a_period_the_rule_and_its_last_day_are_named(parts: Parts, cast: Cast) -> None:
    set_period(parts, cast, 12)
    ask(parts, cast.lifang, Asked.DELETION)
    with parts.database.transaction(write=False) as session:
        row = rights.get_mine(session, cast.lifang, now=NOON).requests[0]
    assert (row.state, row.rule, row.until) == (State.RESTRICTED, "training_records", date(2100, 12, 31))


def test_closing_ends_every_login(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        token = accounts.open_session(session, cast.lifang.account_id, method=accounts.PASSWORD, now=NOON)
    ask(parts, cast.lifang, Asked.CLOSING)
    with parts.database.transaction(write=False) as session:
        assert accounts.find_actor(session, token, NOON) is None


def test_two_people_erase_and_the_evidence_stays_whole(studied: Parts, cast: Cast) -> None:
    parts, address = studied, studied.database.engine.url.render_as_string(hide_password=False)
    erase(parts, cast)
    with parts.database.transaction(write=False) as session:
        person = session.get_one(Person, cast.lifang.person_id)
        account = session.get_one(Account, cast.lifang.account_id)
        assert (person.name, account.name, account.password_hash) == ("（已删除）", "（已删除）", None)
        assert parts.keyring.open(person.document_sealed, f"people:{person.id}:document") == ""
        kept = session.get_one(Erasure, person.id)
        assert (kept.proposed_by, kept.approved_by) == (cast.zhoumin.account_id, cast.admin.account_id)
        acts = select(AuditEvent.action).where(AuditEvent.action.startswith("rights."))
        assert {"rights.ask", "rights.propose", "rights.erase"} <= set(session.scalars(acts))
    with open_reader(address) as reader:
        assert [str(each) for each in verify(reader).findings] == []
    assert canary(parts, cast) == []
    assert listed(parts, cast.zhoumin) == 0


def canary(parts: Parts, cast: Cast) -> list[str]:
    """The columns of the database in which her name, number or phone can still be read."""
    found = []
    with parts.database.engine.connect() as connection:
        for table in models.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                told = {name: str(value) for name, value in row._mapping.items()}
                for name, value in told.items():
                    if any(each in value for each in ("李芳", "219999198501010026", cast.phones["lifang"])):
                        found.append(f"{table.name}.{name}")
    return found


def test_one_person_alone_erases_nobody(parts: Parts, cast: Cast) -> None:
    set_period(parts, cast, 1)
    request = ask(parts, cast.lifang, Asked.DELETION)
    with parts.database.transaction() as session:
        rights.propose(session, cast.admin, Role.PLATFORM, request, now=AFTER)
        with pytest.raises(Forbidden, match="erasure_second_person"):
            rights.approve(session, parts.keyring, cast.admin, request, now=AFTER)
        with pytest.raises(Refused, match="erasure_too_early"):
            rights.approve(session, parts.keyring, second_admin(cast), request, now=NOON)
        with pytest.raises(Forbidden, match="role_needed"):
            rights.approve(session, parts.keyring, cast.zhoumin, request, now=AFTER)
        rights.approve(session, parts.keyring, second_admin(cast), request, now=AFTER)


def test_a_restored_backup_does_not_bring_her_back(parts: Parts, cast: Cast) -> None:
    before = snapshot(parts, cast)
    erase(parts, cast)
    with parts.database.transaction() as session:  # as if the backup from before had come back
        person = session.get_one(Person, cast.lifang.person_id)
        person.name, person.pid, person.document_sealed = before
    entries = rights.erasing.read_ledger(parts.store)
    for again in (1, 0):
        with parts.database.transaction() as session:
            assert rights.erasing.reapply(session, parts.keyring, entries, now=AFTER) == again
    with parts.database.transaction() as session:
        assert session.get_one(Person, cast.lifang.person_id).name == "（已删除）"
        made = people.register(
            session,
            parts.keyring,
            name="李芳",
            document_type=DocumentType.RESIDENT_ID,
            number="219999198501010026",
            now=AFTER,
        )
        assert made.id != cast.lifang.person_id  # she can come back as somebody new


def snapshot(parts: Parts, cast: Cast) -> tuple[str, str, str]:
    with parts.database.transaction(write=False) as session:
        person = session.get_one(Person, cast.lifang.person_id)
        return person.name, person.pid, person.document_sealed


def test_a_correction_is_answered_by_her_own_institution(parts: Parts, cast: Cast) -> None:
    request = ask(parts, cast.lifang, Asked.CORRECTION, WORDS)
    with parts.database.transaction() as session:
        assert rights.list_desk(session, cast.sunyue, Role.INSTITUTION, now=NOON) == []
        with pytest.raises(NotFound):
            rights.answer(session, cast.sunyue, Role.INSTITUTION, request, done=True, note=WORDS, now=NOON)
        with pytest.raises(NotFound):
            rights.withdraw(session, cast.chenmo, request, now=NOON)
        late = NOON + timedelta(days=60)
        assert [row.late for row in rights.list_desk(session, cast.zhoumin, Role.INSTITUTION, now=late)] == [True]
        rights.answer(
            session, cast.zhoumin, Role.INSTITUTION, request, done=True, note="核对证件，已更正姓名", now=NOON
        )
    assert state_of(parts, cast.lifang) is State.ANSWERED


def test_her_export_holds_her_data_and_nobody_elses(studied: Parts, cast: Cast) -> None:
    parts = studied
    with parts.database.transaction() as session:
        export = rights.exporting.ask(session, cast.lifang, now=NOON)
        assert rights.exporting.ask(session, cast.lifang, now=NOON) == export
        [job_id] = jobs.pending(session)
    worker.run(parts, job_id)
    with parts.database.transaction() as session:
        view = rights.exporting.get_own(session, cast.lifang, export, now=NOON)
        assert (view.ready, view.progress) == (True, 100)
        with pytest.raises(NotFound):
            rights.exporting.open_own(session, parts.store, cast.chenmo, export, now=NOON)
        with rights.exporting.open_own(session, parts.store, cast.lifang, export, now=NOON) as body:
            content = body.read()
        fetched = select(func.count(AuditEvent.id)).where(AuditEvent.action == "rights.export.fetch")
        assert session.scalar(fetched) == 1
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        data, page = json.loads(archive.read("data.json")), archive.read("data.html").decode()
    assert (data["person"]["name"], data["person"]["document_number"]) == ("李芳", "219999198501010026")
    assert len(data["study_intervals"]) > 3
    assert data["rules"][0]["months"] is None
    for told in (json.dumps(data, ensure_ascii=False), page):
        assert "陈默" not in told
        assert str(cast.chenmo.person_id) not in told
    assert "<script" not in page
    sweep_away(parts, cast, export)


def sweep_away(parts: Parts, cast: Cast, export: uuid.UUID) -> None:
    """A day later the file is gone from the store."""
    later = NOON + timedelta(days=3650)
    with parts.database.transaction() as session:
        assert rights.exporting.sweep(session, now=later) == 1
        due = jobs.pending(session)
    work(parts, due, later)
    assert parts.store.stat(export_key(export)) is None
    with parts.database.transaction(write=False) as session:
        assert rights.exporting.get_own(session, cast.lifang, export, now=later).gone


def exported(parts: Parts, actor: Actor) -> dict[str, Any]:
    """What the file of somebody holds, made as the worker makes it."""
    with parts.database.transaction() as session:
        export = rights.exporting.ask(session, actor, now=NOON)
        due = jobs.pending(session)
    work(parts, due, NOON)
    with parts.store.open(export_key(export)) as body, zipfile.ZipFile(io.BytesIO(body.read())) as archive:
        data: dict[str, Any] = json.loads(archive.read("data.json"))
        assert "<td>219999198501010018</td>" in archive.read("data.html").decode()
    return data


def test_her_export_tells_who_she_is_and_who_looked(parts: Parts, cast: Cast) -> None:
    """Her documents and names, what was changed of them, what the roster said, who saw her number."""
    office = Office(parts, cast)
    office.decide(office.name("李方芳"), actor=office.colleague(), desk=Role.INSTITUTION)
    office.decide(office.number(CHENMO), living=cast.lifang.person_id)
    with parts.database.transaction() as session:
        told = {Field.EDUCATION: "初中"}
        session.add(EnrollmentDetail(**rosters.details.row(parts.keyring, cast.enrollment, told)))
        number, why = RevealField.NUMBER, reveals.Purpose.CLAIM
        reveals.reveal(session, parts.keyring, cast.zhoumin, cast.enrollment, number, why, NOTE, now=NOON)
    data = exported(parts, cast.lifang)
    assert {row["number"] for row in data["person_documents"]} == {LIFANG, CHENMO}
    assert [row["name"] for row in data["person_names"]] == ["李芳", "陈默", "李方芳"]
    assert [(row["before"], row["after"]) for row in data["identity_changes"]] == [("李芳", "李方芳"), ("", CHENMO)]
    assert data["enrollment_details"] == [{"enrollment": str(cast.enrollment), "education": "初中"}]
    assert [(row["who"], row["field"], row["reason"]) for row in data["reveals"]] == [("周敏", "number", NOTE)]
    assert [row["document_number"] for row in data["other_persons"]] == [CHENMO]
    assert {row["institution"] for row in data["classes"]} == {"康宁养老服务中心", "安和护理院"}
    assert [row["document_number"] for row in exported(parts, cast.chenmo)["other_persons"]] == [LIFANG]


def test_one_human_on_record_as_two_is_erased_as_one(parts: Parts, cast: Cast) -> None:
    Office(parts, cast).join()
    with parts.database.transaction() as session:
        token = accounts.open_session(session, cast.chenmo.account_id, method=accounts.PASSWORD, now=NOON)
    erase(parts, cast)
    with parts.database.transaction() as session:
        assert accounts.find_actor(session, token, AFTER) is None
        bodies = {cast.lifang.person_id, cast.chenmo.person_id}
        assert {row.person_id for row in session.scalars(select(Erasure))} == bodies
        assert {entry["person"] for entry in rights.erasing.read_ledger(parts.store)} == set(map(str, bodies))
        for name, number in (("李芳", LIFANG), ("陈默", CHENMO)):
            kind = DocumentType.RESIDENT_ID
            made = people.register(session, parts.keyring, name=name, document_type=kind, number=number, now=AFTER)
            assert made.id not in bodies


def test_what_one_of_two_persons_asks_holds_for_both(parts: Parts, cast: Cast) -> None:
    Office(parts, cast).join()
    before = listed(parts, cast.zhoumin), listed(parts, cast.sunyue)
    request = ask(parts, cast.chenmo, Asked.DELETION)
    assert (listed(parts, cast.zhoumin), listed(parts, cast.sunyue)) == (before[0] - 1, before[1] - 1)
    with pytest.raises(Conflict, match="request_running"):
        ask(parts, cast.lifang, Asked.CLOSING)
    with parts.database.transaction() as session:
        rights.withdraw(session, cast.chenmo, request, now=NOON)
    assert (listed(parts, cast.zhoumin), listed(parts, cast.sunyue)) == before


def test_who_was_to_be_added_is_forgotten_with_her_documents(parts: Parts, cast: Cast) -> None:
    office = filing.Office(parts, cast).approved()
    with parts.database.transaction() as session:
        asked: dict[str, Any] = {"name": "李芳", "document_type": DocumentType.RESIDENT_ID, "number": LIFANG}
        who = (session, parts.keyring, cast.zhoumin, office.cohort)
        hers = filings.propose_addition(*who, **asked, phone=cast.phones["lifang"], reason=filing.REASON, now=NOON)
        others = filings.propose_addition(*who, **filing.NEW, reason=filing.REASON, now=NOON)
    erase(parts, cast)
    with parts.database.transaction() as session:
        found = {each.id: each for each in session.scalars(select(RosterChange))}
        assert (found[hers].person_sealed, found[hers].label, found[hers].decision) == (None, "（已删除）", "rejected")
        assert found[others].person_sealed is not None
        with pytest.raises(Conflict, match="filing_change_decided"):
            filings.decide_change(
                session, parts.keyring, cast.admin, hers, role=Role.PLATFORM, approved=True, now=AFTER
            )


def test_no_table_about_a_person_is_forgotten_in_the_export() -> None:
    assert gathering.undeclared(models.metadata.sorted_tables) == set()


def test_no_sealed_field_is_forgotten_in_an_erasure() -> None:
    assert rights.erasing.undeclared(models.metadata.sorted_tables) == set()
    invented = Table("invented", MetaData(), Column("number_sealed", String))
    assert rights.erasing.undeclared([invented]) == {"invented"}


def test_a_new_table_about_a_document_is_asked_about() -> None:
    schema = MetaData()
    Table("person_documents", schema, Column("id", String, primary_key=True))
    scans = Table("scans", schema, Column("document_id", ForeignKey("person_documents.id")))
    assert gathering.undeclared([scans]) == {"scans"}


def test_a_file_that_comes_too_late_is_forgotten(parts: Parts, cast: Cast) -> None:
    """It was given up, or she was erased, while it was being made."""
    later = NOON + timedelta(days=2)
    with parts.database.transaction() as session:
        export = rights.exporting.ask(session, cast.lifang, now=NOON)
        made = jobs.pending(session)
    with parts.database.transaction() as session:
        assert rights.exporting.sweep(session, now=later) == 1
    work(parts, made, later)
    assert parts.store.stat(export_key(export)) is not None
    with parts.database.transaction(write=False) as session:
        assert rights.exporting.get_own(session, cast.lifang, export, now=later).gone
        due = jobs.list_due(session, [media.FORGET], now=later, limit=9)
    work(parts, due, later)
    assert parts.store.stat(export_key(export)) is None


def test_a_statement_is_written_once_a_person_and_month(studied: Parts, cast: Cast) -> None:
    parts, after = studied, NOON + timedelta(days=14)
    for _again in range(2):
        with parts.database.transaction() as session:
            rights.statements.ask(session, now=after)
            job = jobs.find(session, "statements:2026-11")
            assert job is not None
        work(parts, [job.id], after)
        with parts.database.transaction() as session:
            jobs.retry(session, job.id, now=after)
    with parts.database.transaction() as session:
        hers = select(func.count(MonthlyStatement.id)).where(MonthlyStatement.person_id == cast.lifang.person_id)
        assert session.scalar(hers) == 1
        assert rights.statements.list_due(session, MONTH) == []
        found = rights.statements.find_new(session, cast.lifang)
        assert found is not None
        [line] = [each for each in found.rows if each["enrollment"] == str(cast.enrollment)]
        assert (line["institution"], line["credited_ms"] > 0) == ("康宁养老服务中心", True)
        case = rights.statements.dispute(session, cast.lifang, found.id, line["enrollment"], WORDS, now=after)
        with pytest.raises(Conflict, match="statement_disputed"):
            rights.statements.dispute(session, cast.lifang, found.id, line["enrollment"], WORDS, now=after)
        with pytest.raises(NotFound):
            rights.statements.open_own(session, cast.chenmo, found.id, now=after)
        assert cases.get_case(session, cast.zhoumin, Role.INSTITUTION, case).steps[-1].words == WORDS
        assert cases.count(session).anybody == []  # no honest person is counted as flagged for it


def test_not_me_opens_a_case_for_her_institution_only(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        with pytest.raises(Refused, match="activation_what"):
            activation.dispute(session, cast.lifang, "nothing", "", now=NOON)
        activation.dispute(session, cast.lifang, "name", WORDS, now=NOON)
        assert set(activation.list_of_cohort(session, cast.zhoumin, cast.cohort).values()) == {Known.DISPUTED}
        assert len(cases.list_cases(session, cast.zhoumin, Role.INSTITUTION)) == 1
        assert cases.list_cases(session, cast.sunyue, Role.INSTITUTION) == []
        activation.confirm(session, cast.lifang, now=NOON + timedelta(minutes=1))
        assert set(activation.list_of_cohort(session, cast.zhoumin, cast.cohort).values()) == {Known.CONFIRMED}
        assert activation.list_of_cohort(session, cast.sunyue, cast.cohort) == {}


def test_study_waits_for_her_only_where_the_policy_says_so(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        activation.dispute(session, cast.lifang, "person", "", now=NOON)
        studied_in(session, cast.lifang, cast.enrollment, cast.lessons["say-hello"], NOON)
        session.get_one(Cohort, cast.cohort).policy_code = "base-activated-2023"
        session.flush()
        with pytest.raises(Refused, match="activation_needed"):
            studied_in(session, cast.lifang, cast.enrollment, cast.lessons["say-hello"], NOON)
        activation.confirm(session, cast.lifang, now=NOON + timedelta(minutes=1))
        studied_in(session, cast.lifang, cast.enrollment, cast.lessons["say-hello"], NOON)


def test_without_her_consent_the_full_list_hides_her_number(parts: Parts, cast: Cast) -> None:
    def shown() -> str:
        with parts.database.transaction(write=False) as session:
            told = (session, parts.keyring, cast.zhoumin)
            return next(reports.completion_rows(*told, unmasked=True, now=NOON)).number

    assert cast.lifang.person_id
    assert shown() == "219999198501010026"
    for given, number in ((False, "219999********0026"), (True, "219999198501010026")):
        with parts.database.transaction() as session:
            consents.record(session, cast.lifang, cast.lifang.person_id, Purpose.IDENTITY, given=given, now=NOON)
            row = consents.last(session, cast.lifang.person_id, Purpose.IDENTITY)
            assert row is not None
            assert row.text_hash == consents.text(Purpose.IDENTITY, "zh").digest
        assert shown() == number


def test_two_accounts_of_one_human_are_not_two_people(parts: Parts, cast: Cast) -> None:
    set_period(parts, cast, 1)
    first, again = one_human(parts, cast, [cast.admin, second_admin(cast)])
    request = ask(parts, cast.lifang, Asked.DELETION)
    with parts.database.transaction() as session:
        rights.propose(session, first, Role.PLATFORM, request, now=AFTER)
        with pytest.raises(Forbidden, match="erasure_second_person"):
            rights.approve(session, parts.keyring, again, request, now=AFTER)
        assert rights.get_desk(session, again, Role.PLATFORM, request, now=AFTER).is_first


def test_nobody_answers_her_own_wish_by_another_account(parts: Parts, cast: Cast) -> None:
    request = ask(parts, cast.lifang, Asked.CORRECTION, WORDS)
    _, again = one_human(parts, cast, [cast.lifang, second_admin(cast)])
    with parts.database.transaction() as session, pytest.raises(Refused, match="request_own"):
        rights.answer(session, again, Role.PLATFORM, request, done=True, note="已经改好了，请您看一看", now=NOON)
