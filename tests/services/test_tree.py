"""The tree of organisations: how far each role reaches, who keeps it, and what stays of each change."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.organisations import Department, Kind
from lms.domain.roles import Role
from lms.models.accounts import Account, Membership
from lms.models.enrollments import Cohort
from lms.models.organisations import Organisation, OrganisationChange
from lms.parts import Parts
from lms.services import accounts, cohorts, inspectors, organisations, rollup, scopes, tree
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast, Stage
from tests.support.places import Places, add, place

WHY = "区划调整"


@pytest.fixture
def places(parts: Parts, cast: Cast) -> Places:
    with parts.database.transaction() as session:
        return place(session, parts.keyring, cast)


def actor(role: Role, where: uuid.UUID | None) -> Actor:
    """Somebody with one role."""
    return Actor(uuid.uuid4(), None, "", frozenset({(role, where)}))


def reached(session: Session, who: Actor, role: Role) -> set[uuid.UUID]:
    return set(session.scalars(scopes.places_of(who, role)))


def test_how_far_each_role_reaches(parts: Parts, cast: Cast, places: Places) -> None:
    home, whole_east = {cast.kangning, places.branch}, {places.east, cast.kangning, places.branch}
    everything = whole_east | {places.city, places.bureau, places.west, cast.anhe}
    told = [
        (actor(Role.INSTITUTION, cast.kangning), Role.INSTITUTION, home),
        (actor(Role.INSTITUTION, places.branch), Role.INSTITUTION, {places.branch}),
        (actor(Role.TRAINER, cast.kangning), Role.TRAINER, {cast.kangning}),
        (actor(Role.EXAMINER, cast.kangning), Role.EXAMINER, {cast.kangning}),
        (actor(Role.INSPECTOR, cast.kangning), Role.INSPECTOR, home),
        (actor(Role.INSPECTOR, places.east), Role.INSPECTOR, whole_east),
        (actor(Role.INSPECTOR, None), Role.INSPECTOR, everything),
        (places.gaoyuan, Role.INSPECTOR, whole_east),
        (places.gaoyuan, Role.INSTITUTION, set()),
        (places.linlan, Role.OFFICER, everything),
        (places.majing, Role.STATISTICS, everything),
        (places.majing, Role.INSPECTOR, set()),
        (places.majing, Role.INSTITUTION, set()),
        (actor(Role.INSTITUTION, None), Role.INSTITUTION, set()),
    ]
    with parts.database.transaction(write=False) as session:
        assert [reached(session, who, role) for who, role, _ in told] == [found for _, _, found in told]


def test_an_officer_reads_cohorts_below_and_no_others(parts: Parts, cast: Cast, places: Places) -> None:
    with parts.database.transaction(write=False) as session:
        for who, theirs in ((places.gaoyuan, {cast.cohort}), (places.linlan, {cast.cohort, cast.foreign_cohort})):
            assert {each.id for each in cohorts.list_own(session, who, role=Role.INSPECTOR)} == theirs
        with pytest.raises(NotFound):
            cohorts.get(session, places.gaoyuan, cast.foreign_cohort, role=Role.INSPECTOR)
        for role in (Role.INSTITUTION, Role.TRAINER):  # she reads; nothing that writes starts at her node
            assert cohorts.list_own(session, places.linlan, role=role) == []


def test_a_move_takes_everything_below_along(parts: Parts, cast: Cast, places: Places) -> None:
    with parts.database.transaction() as session:
        told = {"parent_id": places.west, "reason": f" {WHY} ", "now": NOON}
        tree.move(session, places.linlan, Role.OFFICER, cast.kangning, **told)
    with parts.database.transaction(write=False) as session:
        assert reached(session, places.gaoyuan, Role.INSPECTOR) == {places.east}
        assert {cast.kangning, places.branch} <= reached(session, places.weiguang, Role.INSPECTOR)
        (change,) = tree.list_changes(session, cast.admin, Role.PLATFORM, cast.kangning)
    assert (change.what, change.before, change.after, change.reason) == ("place", "东湖区", "西岭区", WHY)
    assert (change.by, change.at) == ("林岚", NOON)


def test_what_a_move_refuses(parts: Parts, cast: Cast, places: Places) -> None:
    with parts.database.transaction() as session:
        session.get_one(Organisation, places.west).closed_at = NOON
    for node, parent, reason, code in (
        (cast.kangning, places.city, "", "organisation_reason_missing"),
        (cast.kangning, places.branch, WHY, "organisation_place_wrong"),
        (places.city, places.east, WHY, "organisation_place_wrong"),
        (places.branch, places.east, WHY, "organisation_place_wrong"),
        (cast.kangning, places.east, WHY, "organisation_same_place"),
        (cast.kangning, places.west, WHY, "organisation_above_closed"),
    ):
        with parts.database.transaction() as session, pytest.raises(Refused) as refusal:
            tree.move(session, cast.admin, Role.PLATFORM, node, parent_id=parent, reason=reason, now=NOON)
        assert refusal.value.code == code


def test_a_city_officer_keeps_what_is_below_her_city_and_nobody_else_keeps_anything(
    parts: Parts, cast: Cast, places: Places
) -> None:
    with parts.database.transaction() as session:
        other = add(session, "别的市", Kind.CITY, None)
        far = add(session, "别的区", Kind.DISTRICT, other)
        kept = {each.id for each in tree.list_nodes(session, places.linlan, Role.OFFICER)}
        assert kept == {places.bureau, places.east, places.west, cast.kangning, cast.anhe, places.branch}
        assert places.city in {each.id for each in tree.list_above(session, places.linlan, Role.OFFICER)}
        for who in (places.gaoyuan, places.majing, cast.zhoumin, cast.wujian):
            assert tree.list_nodes(session, who, Role.OFFICER) == []
            with pytest.raises(NotFound):
                tree.get(session, who, Role.OFFICER, places.east)
            with pytest.raises(Forbidden):
                tree.list_nodes(session, who, Role.PLATFORM)
        told = {"reason": WHY, "now": NOON}
        for node, parent in ((far, places.city), (places.city, None), (places.east, other)):
            with pytest.raises(NotFound):
                tree.move(session, places.linlan, Role.OFFICER, node, parent_id=parent, **told)
        with pytest.raises(Forbidden):  # out of the city altogether
            tree.move(session, places.linlan, Role.OFFICER, cast.kangning, parent_id=None, **told)


def test_a_city_officer_adds_below_her_city_only(parts: Parts, cast: Cast, places: Places) -> None:
    told = {"desk": Role.OFFICER, "now": NOON}
    with parts.database.transaction() as session:
        south = organisations.create(
            session, places.linlan, name="南山区", kind=Kind.DISTRICT, parent_id=places.city, **told
        )
        school = organisations.create(session, places.linlan, name="技校", kind=Kind.SCHOOL, parent_id=south.id, **told)
        assert tree.get(session, cast.admin, Role.PLATFORM, school.id).above == "南山区"
        with pytest.raises(NotFound):
            organisations.create(session, places.gaoyuan, name="新", kind=Kind.SCHOOL, parent_id=places.east, **told)
        with pytest.raises(Forbidden):
            organisations.create(session, places.linlan, name="新市", kind=Kind.CITY, **told)
        for wrong in ({"kind": Kind.DEPARTMENT}, {"kind": Kind.SCHOOL, "department": Department.FINANCE}):
            with pytest.raises(Refused, match="organisation_department"):
                organisations.create(session, places.linlan, name="新", parent_id=places.city, **wrong, **told)


def test_names_and_kinds(parts: Parts, cast: Cast, places: Places) -> None:
    told = {"now": NOON}
    with parts.database.transaction() as session:
        keeper = (session, places.linlan, Role.OFFICER, cast.kangning)
        tree.rename(*keeper, name=" 康宁 护理院 ", kind=Kind.ELDER_CARE, **told)
        tree.rename(*keeper, name="康宁 护理院", kind=Kind.ELDER_CARE, **told)  # nothing changed
        with pytest.raises(Conflict, match="organisation_name_taken"):
            tree.rename(*keeper, name="安和护理院", kind=Kind.ELDER_CARE, **told)
        with pytest.raises(Refused, match="organisation_kind_fixed"):
            tree.rename(*keeper, name="康宁", kind=Kind.DISTRICT, **told)
        changes = tree.list_changes(*keeper)
    ends = sorted((each.what, each.before, each.after) for each in changes)
    assert ends == [("kind", "institution", "elder_care"), ("name", "康宁养老服务中心", "康宁 护理院")]


def test_closing_waits_for_what_is_open_and_stops_what_is_new(parts: Parts, cast: Cast, places: Places) -> None:
    told = {"reason": WHY, "now": NOON}
    with parts.database.transaction() as session:
        keeper = (session, places.linlan, Role.OFFICER)
        with pytest.raises(Refused, match="organisation_has_open_below"):
            tree.close(*keeper, cast.kangning, **told)
        tree.close(*keeper, places.branch, **told)
        with pytest.raises(Refused, match="organisation_closed"):
            tree.close(*keeper, places.branch, **told)
        with pytest.raises(Refused, match="organisation_has_cohorts"):
            tree.close(*keeper, cast.kangning, **told)
        session.get_one(Cohort, cast.cohort).closes_on = date(2026, 11, 22)
        tree.close(*keeper, cast.kangning, **told)
        with pytest.raises(Refused, match="organisation_above_closed"):
            tree.reopen(*keeper, places.branch, **told)
        days = {"opens_on": date(2026, 11, 23), "closes_on": date(2026, 12, 23)}
        place = {"organisation_id": cast.kangning, "course_version_id": cast.version}
        with pytest.raises(Refused, match="organisation_closed"):
            cohorts.create(session, cast.zhoumin, name="新班", now=NOON, **place, **days)
        with pytest.raises(Refused, match="organisation_closed"):
            hire(session, parts, Role.TRAINER, cast.kangning)
        assert [each.id for each in cohorts.list_own(session, cast.zhoumin)] == [cast.cohort]  # still hers to read
        tree.reopen(*keeper, cast.kangning, **told)
        tree.reopen(*keeper, places.branch, **told)
        with pytest.raises(Refused, match="organisation_open"):
            tree.reopen(*keeper, places.branch, **told)
        assert [each.what for each in tree.list_changes(*keeper, places.branch)] == ["opened", "closed"]


def hire(session: Session, parts: Parts, role: Role, where: uuid.UUID) -> None:
    told = {"phone": "19912345678", "name": "钱进", "organisation_id": where, "now": NOON}
    accounts.create_staff(session, parts.keyring, role=role, **told)


def test_changes_are_never_edited(parts: Parts, cast: Cast, places: Places) -> None:
    with parts.database.transaction() as session:
        tree.close(session, cast.admin, Role.PLATFORM, places.branch, reason=WHY, now=NOON)
    for act in (update(OrganisationChange).values(reason="别的"), delete(OrganisationChange)):
        with pytest.raises(DBAPIError), parts.database.transaction() as session:
            session.execute(act)


def test_no_role_is_given_where_it_would_reach_too_far(parts: Parts, cast: Cast, places: Places) -> None:
    for role, where in ((Role.INSTITUTION, places.east), (Role.OFFICER, cast.kangning), (Role.STATISTICS, places.city)):
        with parts.database.transaction() as session, pytest.raises(Refused, match="organisation_role_elsewhere"):
            hire(session, parts, role, where)


@pytest.mark.parametrize("place_of_work", ["kangning", "branch"])
def test_nobody_inspects_above_or_below_where_she_works(
    parts: Parts, cast: Cast, places: Places, place_of_work: str
) -> None:
    work = cast.kangning if place_of_work == "kangning" else places.branch
    with parts.database.transaction() as session:
        mine = select(Membership).join(Account).where(Account.id == cast.zhoumin.account_id)
        session.scalars(mine).one().organisation_id = work
    told = {"name": "周敏", "phone": cast.phones["zhoumin"], "last_day": date(2026, 11, 30), "now": NOON}
    near = [places.city, places.east, cast.kangning, None] + [places.branch] * (place_of_work == "kangning")
    for where in near:
        with parts.database.transaction() as session, pytest.raises(Refused, match="inspector_works_there"):
            inspectors.grant(session, parts.keyring, cast.admin, organisation_id=where, **told)
    with parts.database.transaction() as session:
        assert inspectors.grant(session, parts.keyring, cast.admin, organisation_id=places.west, **told)


def test_sums_over_the_tree_count_nobody_twice(parts: Parts, cast: Cast, places: Places) -> None:
    assert cast.lifang.person_id
    with parts.database.transaction() as session:
        on = Stage(session)
        on.cohort(places.branch, cast.version, "城南班", cast.lifang.person_id)  # 李芳, a second time in the east
        on.enroll(cast.foreign_cohort, cast.lifang.person_id, NOON + timedelta(days=1))
    with parts.database.transaction(write=False) as session:
        top = rollup.tops(session, places.linlan, Role.INSPECTOR)
        city = rollup.place(session, places.linlan, places.city, Role.INSPECTOR)
        east = rollup.place(session, places.gaoyuan, places.east, Role.INSPECTOR)
        branch = rollup.place(session, places.linlan, places.branch, Role.INSPECTOR)
        with pytest.raises(NotFound):
            rollup.place(session, places.gaoyuan, places.west, Role.INSPECTOR)
    assert [(each.name, each.figures) for each in top] == [("云川市", city.figures)]
    counts = (city.figures.institutions, city.figures.cohorts, city.figures.enrollments, city.figures.people)
    assert counts == (3, 3, 4, 2)
    assert [each.name for each in city.rows] == ["东湖区", "西岭区"]
    assert [(each.figures.enrollments, each.figures.people) for each in city.rows] == [(2, 1), (2, 2)]
    assert (east.path, east.figures) == ((), city.rows[0].figures)
    assert [name for _, name in branch.path] == ["云川市", "东湖区", "康宁养老服务中心"]


def test_a_grant_below_another_is_no_second_beginning(parts: Parts, cast: Cast, places: Places) -> None:
    both = Actor(uuid.uuid4(), None, "", frozenset({(Role.INSPECTOR, places.branch), (Role.OFFICER, places.east)}))
    with parts.database.transaction(write=False) as session:
        assert [each.id for each in rollup.tops(session, both, Role.INSPECTOR)] == [places.east]
        everywhere = rollup.tops(session, actor(Role.INSPECTOR, None), Role.INSPECTOR)
        assert [each.id for each in everywhere] == [places.city]
