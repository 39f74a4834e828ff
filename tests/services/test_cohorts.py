"""Cohorts are opened by their own institution, under the policy of their opening day."""

import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from lms.db import Database
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.models.audit import AuditEvent
from lms.models.enrollments import Cohort
from lms.services import cohorts, organisations
from lms.services.cohorts import CohortView
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast

TODAY = date(2026, 11, 23)


def create(database: Database, actor: Actor, cast: Cast, **changes: Any) -> CohortView:
    asked: dict[str, Any] = {
        "organisation_id": cast.kangning,
        "course_version_id": cast.version,
        "name": "2026年冬季二班",
        "opens_on": date(2026, 12, 1),
        "closes_on": date(2027, 1, 31),
        "now": NOON,
    }
    with database.transaction() as session:
        return cohorts.create(session, actor, **asked | changes)


def test_a_cohort_pins_version_and_policy_and_is_audited(database: Database, cast: Cast) -> None:
    made = create(database, cast.zhoumin, cast, name="  2026年 冬季二班 ")
    assert (made.name, made.organisation, made.learners) == ("2026年 冬季二班", "康宁养老服务中心", 0)
    assert (made.version_number, made.policy_code) == (1, "base-2023")
    with database.transaction(write=False) as session:
        row = session.get_one(Cohort, made.id)
        assert (row.course_version_id, row.opens_on, row.created_at) == (cast.version, made.opens_on, NOON)
        act = session.scalars(select(AuditEvent).where(AuditEvent.action == "cohort.create")).one()
    assert (act.subject, act.account_id) == (str(made.id), cast.zhoumin.account_id)
    assert act.organisation_id == cast.kangning
    assert act.detail == {"course_version": str(cast.version), "policy": "base-2023"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"closes_on": date(2026, 11, 30)}, "cohort_closes_before_opening"),
        ({"opens_on": date(2026, 10, 1), "closes_on": date(2026, 11, 22)}, "cohort_already_over"),
        ({"opens_on": date(2022, 12, 31)}, "policy_not_in_force"),
        ({"name": "  "}, "cohort_name_length"),
        ({"name": "班" * 121}, "cohort_name_length"),
        ({"name": "一\u202e班"}, "cohort_name_strange_sign"),
        ({"name": "2026年冬季一班"}, "cohort_name_taken"),
    ],
)
def test_what_cannot_be_a_cohort(database: Database, cast: Cast, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused, match=code):
        create(database, cast.zhoumin, cast, **changes)


def test_a_cohort_may_open_and_close_today(database: Database, cast: Cast) -> None:
    made = create(database, cast.zhoumin, cast, opens_on=TODAY, closes_on=TODAY)
    assert (made.opens_on, made.closes_on) == (TODAY, TODAY)


def test_two_institutions_may_use_the_same_name(database: Database, cast: Cast) -> None:
    create(database, cast.sunyue, cast, organisation_id=cast.anhe, name="2026年冬季一班")
    with pytest.raises(Conflict):
        create(database, cast.sunyue, cast, organisation_id=cast.anhe, name="2026年冬季一班")


@pytest.mark.parametrize("who", ["sunyue", "lifang", "wanglei", "admin"])
def test_a_stranger_opens_nothing_for_kangning(database: Database, cast: Cast, who: str) -> None:
    with pytest.raises(NotFound):
        create(database, getattr(cast, who), cast)


def test_an_unknown_course_version_is_not_found(database: Database, cast: Cast) -> None:
    with pytest.raises(NotFound):
        create(database, cast.zhoumin, cast, course_version_id=uuid.uuid4())


def test_the_list_holds_ones_own_with_the_newest_first(database: Database, cast: Cast) -> None:
    newer = create(database, cast.zhoumin, cast)
    with database.transaction(write=False) as session:
        assert [one.id for one in cohorts.list_own(session, cast.zhoumin)] == [newer.id, cast.cohort]
        assert [one.learners for one in cohorts.list_own(session, cast.zhoumin)] == [0, 1]
        assert [one.id for one in cohorts.list_own(session, cast.sunyue)] == [cast.foreign_cohort]
        assert cohorts.list_own(session, cast.lifang) == []


def test_a_strangers_cohort_is_not_found(database: Database, cast: Cast) -> None:
    with database.transaction(write=False) as session:
        assert cohorts.get(session, cast.zhoumin, cast.cohort).name == "2026年冬季一班"
        for stranger in (cast.sunyue, cast.chenmo, cast.wanglei):
            with pytest.raises(NotFound):
                cohorts.get(session, stranger, cast.cohort)


def test_the_platform_enters_institutions(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        made = organisations.create(session, cast.admin, name=" 春晖 护理院 ", now=NOON)
    assert made.name == "春晖 护理院"
    with database.transaction(write=False) as session:
        act = session.scalars(select(AuditEvent).where(AuditEvent.action == "organisation.create")).one()
    assert (act.organisation_id, act.account_id) == (made.id, cast.admin.account_id)


@pytest.mark.parametrize("name", ["", "院" * 201, "安和护理院"])
def test_what_cannot_be_an_institution(database: Database, cast: Cast, name: str) -> None:
    with database.transaction() as session, pytest.raises(Refused):
        organisations.create(session, cast.admin, name=name, now=NOON)


def test_an_institution_enters_no_other(database: Database, cast: Cast) -> None:
    with database.transaction() as session, pytest.raises(Forbidden):
        organisations.create(session, cast.zhoumin, name="春晖护理院", now=NOON)


def test_staff_see_their_own_institution(database: Database, cast: Cast) -> None:
    with database.transaction(write=False) as session:
        assert [one.name for one in organisations.list_own(session, cast.zhoumin)] == ["康宁养老服务中心"]
        assert organisations.list_own(session, cast.chenmo) == []
