"""A class is filed, returned, mended, approved, changed by two people, closed and archived; and nothing else works."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from lms.domain import filings as rules
from lms.domain.attendance import ClassContent
from lms.domain.documents import Sex
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.filing_checks import Mode
from lms.domain.roles import Role
from lms.models.audit import AuditEvent
from lms.models.courses import Lesson
from lms.models.enrollments import Cohort, Enrollment
from lms.models.filings import Filing, FilingEvent, RosterChange, RosterVersion
from lms.models.study import LessonProgress
from lms.parts import Parts
from lms.services import attendance, completion, enrollments, filings
from lms.services.attendance import Plan
from lms.services.filings import books
from lms.services.filings.writing import Described
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast
from tests.support.filing import CLOSES, NEW, OPENS, REASON, SAID, WANGHONG, ZHANGLI, Office, colleague
from tests.support.humans import one_human


@pytest.fixture
def office(parts: Parts, cast: Cast) -> Office:
    return Office(parts, cast)


def state(office: Office) -> str:
    with office.parts.database.transaction(write=False) as session:
        return session.get_one(Cohort, office.cohort).filing


def enroll(office: Office, told: dict[str, Any]) -> Enrollment:
    with office.parts.database.transaction() as session:
        who = (session, office.parts.keyring, office.cast.zhoumin, office.cohort)
        return enrollments.enroll(*who, **told, now=office.now)


def rename(office: Office, **changes: Any) -> None:
    days: dict[str, Any] = {"name": "补贴一班", "opens_on": OPENS, "closes_on": CLOSES} | changes
    with office.parts.database.transaction() as session:
        filings.rename(session, office.cast.zhoumin, office.cohort, **days, now=office.now)


def propose(office: Office, told: dict[str, Any] = NEW) -> uuid.UUID:
    with office.parts.database.transaction() as session:
        who = (session, office.parts.keyring, office.cast.zhoumin, office.cohort)
        return filings.propose_addition(*who, **told, reason=REASON, now=office.now)


def decide(office: Office, change: uuid.UUID, actor: Actor, role: Role, *, approved: bool = True) -> None:
    with office.parts.database.transaction() as session:
        who = (session, office.parts.keyring, actor, change)
        filings.decide_change(*who, role=role, approved=approved, now=office.now)


def versions(office: Office) -> list[filings.VersionRow]:
    with office.parts.database.transaction(write=False) as session:
        return filings.list_versions(session, office.cast.zhoumin, office.cohort, Role.INSTITUTION)


def test_from_draft_to_archive(office: Office) -> None:
    office.start()
    assert (state(office), office.read().number) == ("draft", None)
    office.fill()
    office.file()
    assert (state(office), office.read().review_by) == ("filed", date(2026, 11, 30))
    office.send_back(remarks={"plan": "第二行没有老师"}, note="")
    assert dict(office.read().remarks) == {"plan": "第二行没有老师"}
    office.add_item("压疮", Mode.ONLINE)
    assert office.read().changed == ("plan",)
    office.file()
    seen = office.read(office.cast.admin, Role.PLATFORM)
    assert (seen.changed, seen.version, len(seen.facts["plan"])) == (("plan",), 2, 3)
    office.approve()
    found = office.read()
    assert (found.state, found.number) == ("approved", "KX-20261123-0001")
    office.pass_days(8)
    assert office.read().state == "running"
    office.pass_days(70)
    office.close("全部结束")
    office.archive()
    with office.parts.database.transaction(write=False) as session:
        history = filings.timeline(session, office.cast.admin, office.cohort, Role.PLATFORM)
    acts = ["draft", "file", "return", "file", "approve", "close", "archive"]
    assert [each.act for each in reversed(history)] == acts
    assert [each.by for each in reversed(history)][:3] == ["周敏", "周敏", "管理员"]
    assert all(each.digest == rules.digest(each.facts) for each in history)


def test_a_filing_with_gaps_is_not_taken(office: Office) -> None:
    office.start()
    with pytest.raises(Refused, match="filing_incomplete"):
        office.file()
    assert state(office) == "draft"


def test_each_step_of_the_form_is_kept_by_itself(office: Office) -> None:
    office.start()
    with office.parts.database.transaction() as session:
        who = (session, office.parts.keyring, office.cast.zhoumin, office.cohort)
        filings.describe(*who, Described(place="三楼", phone="199 0000 0044"), now=NOON)
        filings.describe(*who, Described(materials="课本"), now=NOON)
    facts = office.read().facts
    assert (facts["place"], facts["materials"], facts["phone"]) == ("三楼", "课本", "199****0044")
    with office.parts.database.transaction(write=False) as session:
        assert "0044" not in session.get_one(Filing, office.cohort).phone_sealed


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Described(programme="LN-2021", training_kind="rotation"), "filing_kind"),
        (Described(programme="?", training_kind="rotation"), "filing_programme"),
        (Described(level="9"), "filing_level"),
        (Described(certificate="diploma"), "filing_certificate"),
        (Described(size=0), "filing_size"),
        (Described(phone="123"), "mobile_shape"),
        (Described(place="院" * 81), "filing_text"),
        (Described(exam_plan="找 13800000001 报名"), "words_personal"),
    ],
)
def test_what_a_filing_cannot_say(office: Office, said: Described, code: str) -> None:
    office.start()
    with pytest.raises(Refused, match=code):
        office.fill(said)
    assert office.read().facts["place"] == ""


def test_what_is_handed_in_is_closed_to_changes(office: Office) -> None:
    office.start()
    office.fill()
    office.file()
    with pytest.raises(Conflict, match="filing_not_open"):
        office.add_item()
    with pytest.raises(Conflict, match="filing_not_open"):
        office.fill(SAID)
    with pytest.raises(Refused, match="filing_in_review"):
        enroll(office, ZHANGLI)
    with pytest.raises(Conflict, match="filing_not_open"):
        rename(office)


def test_a_returned_filing_takes_other_days_and_pins_their_policy(office: Office) -> None:
    office.start()
    rename(office, opens_on=date(2026, 12, 8))
    assert office.read().opens_on == date(2026, 12, 8)
    with pytest.raises(Conflict, match="cohort_name_taken"):
        rename(office, name="2026年冬季一班")


def test_nobody_approves_what_she_has_not_read_or_filed_herself_or_too_late(office: Office) -> None:
    office.start()
    office.fill()
    office.file()
    with pytest.raises(Conflict, match="filing_changed"):
        office.approve(version=0)
    with pytest.raises(Forbidden, match="role_needed"):
        office.approve(role=Role.INSTITUTION)
    both = office.cast.zhoumin
    twofold = Actor(both.account_id, None, both.name, both.roles | {(Role.PLATFORM, None)})
    with pytest.raises(Forbidden, match="filing_second_person"):
        office.approve(twofold)
    office.pass_days(9)
    with pytest.raises(Refused, match="filing_opens_before_approval"):
        office.approve()
    assert (state(office), versions(office)) == ("filed", [])


def test_a_number_of_the_authority_is_given_once(office: Office) -> None:
    office.start()
    office.fill()
    office.file()
    office.approve(number="沈人社备〔2026〕8号")
    assert office.read().number == "沈人社备〔2026〕8号"
    office.start("补贴二班")
    with office.parts.database.transaction() as session:
        who = (session, office.parts.keyring, office.cast.zhoumin, office.cohort)
        filings.describe(*who, SAID, now=NOON)
    enroll(office, ZHANGLI | {"number": "219999198501010026", "name": "李芳", "phone": "19900000001"})
    office.add_item()
    office.file()
    with pytest.raises(Conflict, match="filing_number_taken"):
        office.approve(number="沈人社备〔2026〕8号")


def test_nothing_is_earned_before_the_approval(office: Office) -> None:
    office.start(opens_on=date(2026, 11, 23))
    office.fill()
    with office.parts.database.transaction(write=False) as session:
        enrollment = session.scalars(select(Enrollment).where(Enrollment.cohort_id == office.cohort)).one()
        with pytest.raises(Refused, match="cohort_not_approved"):
            completion.require_running(session, enrollment, now=NOON)
    office.cohort = office.cast.cohort  # opened directly: not filed, and runs as ever
    with office.parts.database.transaction(write=False) as session:
        enrollment = session.get_one(Enrollment, office.cast.enrollment)
        completion.require_running(session, enrollment, now=NOON)


def test_the_roster_is_frozen_at_approval_and_grows_by_two_people(office: Office) -> None:
    office.approved()
    first = versions(office)
    assert [(each.number, each.people, each.reason) for each in first] == [(1, 1, "")]
    assert first[0].rows[0]["name"] == "王*"
    assert first[0].rows[0]["number"] == "509999********0033"
    assert first[0].digest == rules.digest(list(first[0].rows))
    with pytest.raises(Refused, match="filing_roster_frozen"):
        enroll(office, ZHANGLI)
    change = propose(office)
    with pytest.raises(Forbidden, match="filing_second_person"):
        decide(office, change, office.cast.zhoumin, Role.INSTITUTION)
    decide(office, change, colleague(office.parts, office.cast), Role.INSTITUTION)
    found = versions(office)
    assert [(each.number, each.people, each.reason) for each in found] == [(2, 2, REASON), (1, 1, "")]
    with office.parts.database.transaction(write=False) as session:
        assert session.get_one(RosterChange, change).person_sealed is None
    with pytest.raises(Conflict, match="filing_change_decided"):
        decide(office, change, office.cast.admin, Role.PLATFORM)


def test_a_change_that_is_refused_leaves_everything(office: Office) -> None:
    office.approved()
    change = propose(office)
    with office.parts.database.transaction(write=False) as session:
        assert "赵梅" not in (session.get_one(RosterChange, change).person_sealed or "")
    decide(office, change, office.cast.admin, Role.PLATFORM, approved=False)
    assert len(versions(office)) == 1


def test_somebody_is_taken_out_by_two_people_unless_she_has_studied(office: Office) -> None:
    office.approved()
    with office.parts.database.transaction() as session:
        mine = session.scalars(select(Enrollment.id).where(Enrollment.cohort_id == office.cohort)).one()
        with pytest.raises(Refused, match="filing_roster_frozen"):
            enrollments.remove(session, office.cast.zhoumin, office.cohort, mine, now=NOON)
        told = {"reason": REASON, "now": NOON}
        change = filings.propose_removal(session, office.cast.zhoumin, office.cohort, mine, **told)  # type: ignore[arg-type]
    with office.parts.database.transaction() as session:
        lesson = session.scalars(select(Lesson.id)).first()
        facts = {"covered": [[0, 1]], "credited_ms": 1, "updated_at": NOON}
        session.add(LessonProgress(enrollment_id=mine, lesson_id=lesson, **facts))
    with pytest.raises(Refused, match="learner_has_study"):
        decide(office, change, office.cast.admin, Role.PLATFORM)
    with office.parts.database.transaction() as session:
        session.delete(session.scalars(select(LessonProgress).where(LessonProgress.enrollment_id == mine)).one())
    decide(office, change, office.cast.admin, Role.PLATFORM)
    assert [each.people for each in versions(office)] == [0, 1]


def test_history_and_frozen_rosters_are_never_changed(office: Office) -> None:
    office.approved()
    for table in (FilingEvent, RosterVersion):
        for change in (update(table).values(digest=""), delete(table)):
            with pytest.raises(DBAPIError), office.parts.database.transaction() as session:
                session.execute(change)


def test_closing_says_what_is_left_and_the_archive_is_for_reading(office: Office) -> None:
    office.approved()
    change = propose(office)
    assert [each.code for each in office.read().left] == ["filing_days_left", "filing_waiting_changes"]
    with pytest.raises(Refused, match="filing_unfinished"):
        office.close()
    decide(office, change, office.cast.admin, Role.PLATFORM, approved=False)
    office.now = NOON + timedelta(days=80)
    office.close()
    with pytest.raises(Refused, match="filing_over"):
        enroll(office, ZHANGLI)
    with pytest.raises(Conflict, match="filing_no_change"):
        propose(office)
    office.archive()
    late = Plan("补课", ClassContent.THEORY, "三楼", office.cast.wanglei.account_id, CLOSES, NOON.time(), NOON.time())
    with office.parts.database.transaction() as session, pytest.raises(Refused, match="filing_archived"):
        attendance.add(session, office.cast.zhoumin, office.cohort, late, now=NOON)


def test_strangers_find_nothing(office: Office) -> None:
    office.approved()
    change, cast = propose(office), office.cast
    for stranger in (cast.sunyue, cast.chenmo, cast.wanglei):
        with pytest.raises(NotFound):
            office.read(stranger)
        with pytest.raises(NotFound):
            decide(office, change, stranger, Role.INSTITUTION)
        with office.parts.database.transaction(write=False) as session:
            assert filings.timeline(session, stranger, office.cohort, Role.INSTITUTION) == []
            assert filings.list_versions(session, stranger, office.cohort, Role.INSTITUTION) == []
            assert filings.list_changes(session, stranger, office.cohort, Role.INSTITUTION) == []
            with pytest.raises(NotFound):
                books.read(session, office.parts.keyring, stranger, office.cohort)
    office.cohort = cast.cohort
    with pytest.raises(NotFound):  # not filed at all
        office.read()


def test_who_reviews_sees_what_was_handed_in_and_no_drafts(office: Office) -> None:
    office.start()
    with pytest.raises(NotFound):
        office.read(office.cast.admin, Role.PLATFORM)
    office.fill()
    office.file()
    office.send_back()
    with office.parts.database.transaction() as session:
        who = (session, office.parts.keyring, office.cast.zhoumin, office.cohort)
        filings.describe(*who, Described(place="四楼"), now=NOON)
        rows = filings.list_all(session, office.cast.admin, Role.PLATFORM, now=NOON)
        assert [(row.name, row.state) for row in rows] == [("补贴一班", "returned")]
    assert office.read(office.cast.admin, Role.PLATFORM).facts["place"] == SAID.place


def test_papers_are_masked_unless_a_purpose_is_given(office: Office) -> None:
    office.approved()
    with office.parts.database.transaction() as session:
        who = (session, office.parts.keyring, office.cast.zhoumin, office.cohort)
        masked, whole = books.read(*who), books.read(*who, unmasked=True)
        asked: dict[str, Any] = {"paper": "roster", "file_format": "xlsx", "now": NOON}
        with pytest.raises(Refused, match="export_purpose_missing"):
            books.record_export(session, office.cast.zhoumin, whole, **asked, unmasked=True)
        books.record_export(session, office.cast.zhoumin, masked, **asked)
    assert (masked.lines[0].number, masked.lines[0].phone) == ("509999********0033", "138****0001")
    assert masked.facts["phone"] == "199****0044"
    assert (whole.lines[0].number, whole.facts["phone"]) == (WANGHONG["number"], SAID.phone)
    assert (masked.lines[0].born_on, masked.lines[0].sex) == (date(1990, 6, 15), Sex.MALE)
    with office.parts.database.transaction(write=False) as session:
        acts = session.scalars(select(AuditEvent).where(AuditEvent.subject == "filing_roster")).all()
    assert [act.detail["rows"] for act in acts] == [1]


def test_every_act_is_on_record_without_personal_data(office: Office) -> None:
    office.approved()
    propose(office)
    with office.parts.database.transaction(write=False) as session:
        acts = session.scalars(select(AuditEvent)).all()
        told = " ".join(str(act.detail) for act in acts)
    names = {act.action for act in acts}
    assert {"filing.draft", "filing.write", "filing.file", "filing.approve", "roster.propose"} <= names
    assert not any(secret in told for secret in ("王红", "赵梅", "1380000", "509999", "1990000"))


def test_two_accounts_of_one_human_are_not_two_people(office: Office) -> None:
    _, again = one_human(office.parts, office.cast, [office.cast.zhoumin, office.cast.admin])
    office.start()
    office.fill()
    office.file()
    with pytest.raises(Forbidden, match="filing_second_person"):
        office.approve(again)


def test_nobody_answers_her_institution_by_another_account(office: Office) -> None:
    _, again = one_human(office.parts, office.cast, [office.cast.wanglei, office.cast.admin])
    office.start()
    office.fill()
    office.file()
    with pytest.raises(Forbidden, match="filing_reviewer_works_there"):
        office.approve(again)


def test_a_roster_does_not_change_by_two_accounts_of_one_human(office: Office) -> None:
    office.approved()
    change = propose(office)
    other = colleague(office.parts, office.cast)
    _, again = one_human(office.parts, office.cast, [office.cast.zhoumin, other])
    with pytest.raises(Forbidden, match="filing_second_person"):
        decide(office, change, again, Role.INSTITUTION)
