"""Versions are published once and for good, by two humans; a class pins the one of its opening day."""

import uuid
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from lms.authoring.subsidy_files import read_text
from lms.db import IntegrityError
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.subsidies import CountScope
from lms.domain.subsidy_policies.drafts import DraftAct, DraftState
from lms.models.audit import AuditEvent
from lms.models.subsidies import SubsidyDraftAct, SubsidyPin, SubsidyVersion
from lms.parts import Parts
from lms.services import subsidies
from tests.support.cast import NOON, Cast
from tests.support.filing import OPENS, Office
from tests.support.humans import one_human
from tests.support.policy_desk import WORDS, PolicyDesk, file_of, policy_desk, shipped, text_of

ATTENDANCE = "  attendance_min:\n    value: 80\n    clause: 某条\n    source: 某处\n    confidence: L\n"


@pytest.fixture
def desk(parts: Parts, cast: Cast) -> PolicyDesk:
    return policy_desk(parts, cast)


@pytest.fixture
def office(parts: Parts, cast: Cast) -> Office:
    return Office(parts, cast)


def rows(desk: PolicyDesk, query: Any) -> list[Any]:
    with desk.parts.database.transaction(write=False) as session:
        return list(session.scalars(query))


# loading


def test_loading_twice_is_loading_once(desk: PolicyDesk) -> None:
    again = desk.load()
    assert (again.added, again.known) == ((), ("CN-2023", "CQ-2024", "LN-2021", "LN-2023"))
    assert len(rows(desk, select(SubsidyVersion))) == 4


def test_another_text_under_a_published_code_is_refused(desk: PolicyDesk) -> None:
    with pytest.raises(Refused, match="subsidy_version_edited"):
        desk.load(file_of("LN-2023", "2023-01-29"))


def test_files_with_faults_load_nothing(desk: PolicyDesk) -> None:
    with pytest.raises(Refused, match="subsidy_faults"):
        desk.load(file_of("LN-2026"), file_of("LN-2027", "2027-02-30"))
    assert len(rows(desk, select(SubsidyVersion))) == 4


def test_what_is_published_is_never_changed(desk: PolicyDesk) -> None:
    for act in (update(SubsidyVersion).values(text="别的"), delete(SubsidyVersion)):
        with pytest.raises(DBAPIError), desk.parts.database.transaction() as session:
            session.execute(act)


def test_two_versions_of_a_place_never_begin_on_the_same_day(desk: PolicyDesk) -> None:
    with pytest.raises(Refused, match="subsidy_faults"):
        desk.load(file_of("LN-2026"), file_of("LN-2026-2"))
    desk.load(file_of("LN-2026"))
    told = {"title": "别的", "origin": "edited", "published_at": NOON, "effective_from": date(2026, 6, 1)}
    with pytest.raises(IntegrityError), desk.parts.database.transaction() as session:
        session.add(SubsidyVersion(code="LN-2026-2", jurisdiction="LN", text="", digest="x", **told))


# pins


def test_an_approved_class_pins_the_policy_of_its_opening_day(desk: PolicyDesk, office: Office) -> None:
    office.approved()
    policy = desk.pinned(office.cohort)[office.cohort]
    assert (policy.code, policy.digest) == ("LN-2023", shipped("LN-2023").digest)
    assert policy.terms.online_share_max.value == 50  # its own
    assert len(policy.catalogue) == 23  # of LN-2021
    limit = policy.terms.count_limit.value
    assert limit
    assert (limit.n, limit.scope) == (3, CountScope.LIFETIME)  # of CN-2023
    assert "181号" in policy.terms.count_limit.clause
    assert set(policy.tensions) == {"allowed_groups"}
    assert not policy.terms.fund.is_known  # LN-2023 inherits none
    assert policy.forbidden_preconditions == {"region", "hukou", "age", "social_insurance"}


def test_a_class_pins_nothing_before_it_is_approved(desk: PolicyDesk, office: Office) -> None:
    office.start()
    office.fill()
    office.file()
    assert desk.pinned(office.cohort, desk.cast.cohort, uuid.uuid4()) == {}


def test_a_version_that_comes_before_the_opening_day_is_pinned_anew_and_one_after_it_is_not(
    desk: PolicyDesk, office: Office
) -> None:
    office.approved()
    desk.load(file_of("LN-2026", OPENS.isoformat()))
    assert desk.pinned(office.cohort)[office.cohort].code == "LN-2026"
    desk.load(file_of("LN-2026-2", "2026-12-02"))  # begins after the class has
    assert desk.pinned(office.cohort)[office.cohort].code == "LN-2026"
    desk.pass_days((OPENS - NOON.date()).days)
    desk.load(file_of("LN-2026-3", "2026-11-30"))
    desk.load(file_of("LN-2026-4", "2026-07-01"))
    desk.load(file_of("CN-2026", "2026-07-01", source="CN-2023"))
    assert desk.pinned(office.cohort)[office.cohort].code == "LN-2026"
    pins = rows(desk, select(SubsidyPin).order_by(SubsidyPin.number))
    assert [(each.number, each.cause) for each in pins] == [(1, "approval"), (2, "publication")]


def test_a_class_approved_before_any_policy_was_there_gets_its_first_one_late(parts: Parts, cast: Cast) -> None:
    office = Office(parts, cast).approved()
    desk = policy_desk(parts, cast)
    assert desk.pinned(office.cohort)[office.cohort].code == "LN-2023"
    assert [each.cause for each in rows(desk, select(SubsidyPin))] == ["late"]
    assert desk.load().pinned == 0


def test_pins_are_on_record_and_for_good(desk: PolicyDesk, office: Office) -> None:
    office.approved()
    (event,) = rows(desk, select(AuditEvent).where(AuditEvent.action == "subsidy.pin"))
    assert (event.subject, event.detail["policy"]) == (str(office.cohort), "LN-2023")
    with pytest.raises(DBAPIError), desk.parts.database.transaction() as session:
        session.execute(delete(SubsidyPin))


# drafts


def test_two_humans_publish_a_version(desk: PolicyDesk) -> None:
    made = desk.asked(text_of("LN-2026"))
    assert desk.read(made).state is DraftState.ASKED
    version = desk.publish(made)
    draft = desk.read(made)
    assert (draft.state, draft.version_id) == (DraftState.PUBLISHED, version)
    assert [each.act for each in draft.acts] == [DraftAct.MAKE, DraftAct.CHANGE, DraftAct.ASK, DraftAct.PUBLISH]
    shown = desk.do(subsidies.get_version, version)
    assert (shown.policy.code, shown.published_by, shown.origin, shown.holds) == ("LN-2026", "冯燕", "edited", True)
    assert not desk.do(subsidies.get_version, desk.id_of("LN-2023")).holds


def test_nobody_publishes_what_she_wrote_or_asked_for(desk: PolicyDesk) -> None:
    made = desk.asked(text_of("LN-2026"))
    assert not desk.read(made).may_publish
    assert desk.read(made, desk.second).may_publish
    with pytest.raises(Forbidden, match="subsidy_second_person"):
        desk.publish(made, desk.cast.admin)
    desk.do(subsidies.send_back, made, WORDS, by=desk.second)
    desk.do(subsidies.change, made, text_of("LN-2026-2"), desk.read(made).edition, by=desk.second)
    desk.do(subsidies.ask, made, WORDS, edition=desk.read(made).edition)
    with pytest.raises(Forbidden, match="subsidy_second_person"):  # she wrote a part of it
        desk.publish(made)


def test_two_accounts_of_one_human_are_one_human(desk: PolicyDesk) -> None:
    made = desk.asked(text_of("LN-2026"))
    _, second = one_human(desk.parts, desk.cast, [desk.cast.admin, desk.second])
    with pytest.raises(Forbidden, match="subsidy_second_person"):
        desk.publish(made, second)


def test_nobody_publishes_what_she_has_not_read(desk: PolicyDesk) -> None:
    made = desk.asked(text_of("LN-2026"))
    with pytest.raises(Conflict, match="subsidy_draft_changed"):
        desk.publish(made, edition=1)


def test_a_draft_with_faults_is_kept_and_cannot_be_asked_for(desk: PolicyDesk) -> None:
    made = desk.draft(text_of("LN-2026") + "max_age: 60\n")
    draft = desk.read(made)
    (problem,) = draft.problems
    assert (problem.code, problem.line) == ("subsidy_precondition", draft.text.count("\n"))
    with pytest.raises(Refused, match="subsidy_faults"):
        desk.do(subsidies.ask, made, WORDS, edition=draft.edition)


def test_a_fresh_draft_says_that_its_code_is_taken(desk: PolicyDesk) -> None:
    draft = desk.read(desk.draft())
    assert draft.policy
    assert [each.code for each in draft.problems] == ["subsidy_code_taken"]


def test_a_step_follows_on_its_state_only(desk: PolicyDesk) -> None:
    made = desk.draft(text_of("LN-2026"))
    with pytest.raises(Conflict, match="subsidy_draft_step"):
        desk.publish(made)
    desk.do(subsidies.ask, made, WORDS, edition=2)
    with pytest.raises(Conflict, match="subsidy_draft_step"):
        desk.do(subsidies.change, made, "别的", 2)
    desk.do(subsidies.withdraw, made)
    assert desk.read(made).state is DraftState.WITHDRAWN
    with pytest.raises(Conflict, match="subsidy_draft_step"):
        desk.do(subsidies.ask, made, WORDS, edition=2)


def test_what_is_refused_changes_nothing_though_its_page_is_shown(desk: PolicyDesk) -> None:
    made = desk.draft(text_of("LN-2026"))
    with desk.parts.database.transaction() as session, suppress(Refused):
        subsidies.ask(session, desk.cast.admin, made, "短", edition=2, now=desk.now)
    assert desk.read(made).state is DraftState.OPEN


def test_a_change_of_an_older_edition_overwrites_nothing(desk: PolicyDesk) -> None:
    made = desk.draft(text_of("LN-2026"))
    with pytest.raises(Conflict, match="subsidy_draft_changed"):
        desk.do(subsidies.change, made, "别的", 1)
    with pytest.raises(Refused, match="subsidy_text_long"):
        desk.do(subsidies.change, made, "长" * 60_001, 2)


def test_strangers_find_nothing(desk: PolicyDesk) -> None:
    for act, told in ((subsidies.list_versions, ()), (subsidies.make, (desk.id_of("LN-2021"),))):
        with pytest.raises(Forbidden, match="role_needed"):
            desk.do(act, *told, by=desk.cast.zhoumin)
    with pytest.raises(NotFound):
        desk.do(subsidies.make, uuid.uuid4())
    with pytest.raises(NotFound):
        desk.do(subsidies.get_version, uuid.uuid4())
    with pytest.raises(NotFound):
        desk.read(uuid.uuid4())
    with pytest.raises(NotFound):
        desk.do(subsidies.withdraw, uuid.uuid4())


def test_acts_are_for_good(desk: PolicyDesk) -> None:
    desk.draft()
    with pytest.raises(DBAPIError), desk.parts.database.transaction() as session:
        session.execute(update(SubsidyDraftAct).values(note="别的"))


# comparing


def test_differences_are_told_by_term(desk: PolicyDesk) -> None:
    new = text_of("LN-2026", **{"    value: 50\n": "    value: 60\n", "  attendance_min:\n": ATTENDANCE})
    desk.load(read_text(new, "LN-2026.yaml"))
    told = desk.do(subsidies.compare, desk.id_of("LN-2023"), desk.id_of("LN-2026"))[2]
    assert [(each.part, each.name) for each in told] == [
        ("header", "code"),
        ("header", "effective_from"),
        ("term", "online_share_max"),
        ("term", "attendance_min"),
    ]
    share, attendance = told[2], told[3]
    assert (share.before.value, share.after.value) == (50, 60)
    assert (attendance.before.value, attendance.after.value) == (None, 80)
    same = desk.do(subsidies.compare, desk.id_of("LN-2023"), desk.id_of("LN-2023"))[2]
    assert same == ()


def test_the_list_says_what_holds_and_how_many_classes_pin_it(desk: PolicyDesk, office: Office) -> None:
    office.approved()
    shown = {each.policy.code: each for each in desk.do(subsidies.list_versions)}
    assert {code: (each.holds, each.classes) for code, each in shown.items()} == {
        "CN-2023": (True, 0),
        "CQ-2024": (True, 0),
        "LN-2021": (False, 0),
        "LN-2023": (True, 1),
    }
    assert shown["LN-2023"].whole.terms.excluded_groups.is_known
    assert not shown["LN-2023"].policy.terms.excluded_groups.is_known
    assert shown["LN-2023"].policy.effective_from == date(2023, 1, 28)
