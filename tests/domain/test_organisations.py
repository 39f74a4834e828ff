"""What may stand under what; who may work where; and a tree that only the rules have grown is always a tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain import organisations as rules
from lms.domain.errors import Refused
from lms.domain.organisations import BODIES, DEEPEST, GOVERNMENT, Department, Kind, Tier, in_order, may_stand, tier_of
from lms.domain.roles import STAFF, Role


def refused(act: object, *arguments: object, **named: object) -> str:
    """The code of the refusal; empty when there is none."""
    try:
        act(*arguments, **named)  # type: ignore[operator]
    except Refused as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize(
    ("kind", "above"),
    [
        (Kind.CITY, {None}),
        (Kind.DISTRICT, {None, Kind.CITY}),
        (Kind.DEPARTMENT, {Kind.CITY, Kind.DISTRICT}),
        (Kind.BRANCH, set(BODIES)),
        *((body, {None, Kind.CITY, Kind.DISTRICT}) for body in BODIES),
    ],
)
def test_what_may_stand_under_what(kind: Kind, above: set[Kind | None]) -> None:
    assert {each for each in (None, *Kind) if may_stand(kind, each)} == above
    for each in (None, *Kind):
        told = refused(rules.check_place, kind, each)
        assert told == ("" if each in above else "organisation_place_wrong")


def test_the_kinds_of_the_programme_are_all_there() -> None:
    """domain.md 8.1: 政府/院校/企业/社会团体/培训机构/公共实训基地/养老服务机构/儿童福利机构, and six departments."""
    named = {"department", "school", "enterprise", "social_group", "training", "training_base", "elder_care"}
    assert {*named, "child_welfare"} <= {each.value for each in Kind}
    assert len(Department) == 6
    assert set(BODIES).isdisjoint(GOVERNMENT)


@given(st.sampled_from(Kind), st.sampled_from(Kind))
def test_whatever_stands_under_another_is_of_a_later_tier(kind: Kind, above: Kind) -> None:
    """So no walk up ever comes back, and none is longer than there are tiers."""
    if may_stand(kind, above):
        assert tier_of(kind) > tier_of(above)


@given(st.lists(st.tuples(st.sampled_from(Kind), st.integers(-1, 20)), max_size=20), st.data())
def test_a_tree_grown_and_moved_by_the_rules_has_no_cycle_and_is_not_deep(
    wanted: list[tuple[Kind, int]], data: st.DataObject
) -> None:
    kinds, above = [kind for kind, _ in wanted], dict.fromkeys(range(len(wanted)))
    moves = data.draw(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=30))
    for node, place in [(node, place) for node, (_, place) in enumerate(wanted)] + moves:
        if node < len(kinds) and 0 <= place < len(kinds) and may_stand(kinds[node], kinds[place]):
            above[node] = place
    placed = in_order(above)
    assert sorted(node for node, _ in placed) == sorted(above)  # what is in a cycle would not be reached
    assert all(depth < DEEPEST for _, depth in placed)
    depths = dict(placed)
    for node, parent in above.items():
        assert depths[node] == (0 if parent is None else depths[parent] + 1)


def test_each_stands_below_its_own_parent_and_siblings_as_they_were_given() -> None:
    above = {"b": "city", "a": None, "city": None, "x": "b", "c": "city", "lost": "elsewhere"}
    assert in_order(above) == [("a", 0), ("city", 0), ("b", 1), ("x", 2), ("c", 1), ("lost", 0)]
    assert in_order({}) == []


def test_nothing_goes_under_what_is_closed() -> None:
    assert refused(rules.check_place, Kind.BRANCH, Kind.SCHOOL, above_is_closed=True) == "organisation_above_closed"


def test_a_department_says_which_and_nobody_else_does() -> None:
    for kind in Kind:
        for department in (None, Department.HEALTH):
            fits = (kind is Kind.DEPARTMENT) == (department is not None)
            assert refused(rules.check_department, kind, department) == ("" if fits else "organisation_department")


@given(st.sampled_from(Kind), st.sampled_from(Kind))
def test_a_new_kind_never_changes_where_it_may_stand(old: Kind, new: Kind) -> None:
    if refused(rules.check_new_kind, old, new):
        assert not {old, new} <= set(BODIES)
        return
    places = (None, *Kind)
    assert [may_stand(old, each) for each in places] == [may_stand(new, each) for each in places]
    assert [may_stand(each, old) for each in Kind] == [may_stand(each, new) for each in Kind]
    assert rules.posts_at(old) == rules.posts_at(new)


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "missing"), (" \n", "missing"), ("换了主管", ""), ("长" * 200, ""), ("长" * 201, "long")],
)
def test_reasons(text: str, code: str) -> None:
    assert refused(rules.check_reason, text) == (f"organisation_reason_{code}" if code else "")


def test_a_reason_is_kept_without_loose_space() -> None:
    assert rules.check_reason("  区划 \n 调整 ") == "区划 调整"


@pytest.mark.parametrize(
    ("below", "running", "code"),
    [(0, 0, ""), (1, 0, "organisation_has_open_below"), (0, 2, "organisation_has_cohorts")],
)
def test_closing(below: int, running: int, code: str) -> None:
    assert refused(rules.check_closing, open_below=below, running_cohorts=running) == code


def test_where_a_role_can_be_given() -> None:
    """Whoever changes records never stands above institutions; officers and statisticians never inside one."""
    for kind in Kind:
        given_there = {role for role in Role if not refused(rules.check_post, role, kind)}
        assert given_there == set(rules.posts_at(kind))
        assert given_there <= STAFF - {Role.PLATFORM, Role.INSPECTOR}
        assert (Role.INSTITUTION in given_there) == (tier_of(kind) >= Tier.INSTITUTION and kind is not Kind.DEPARTMENT)
        assert (Role.OFFICER in given_there) == (kind in (Kind.CITY, Kind.DISTRICT))
        assert (Role.STATISTICS in given_there) == (kind is Kind.DEPARTMENT)


def test_what_a_form_below_a_city_offers() -> None:
    assert Kind.CITY not in rules.kinds_below([Kind.CITY, *BODIES])
    assert rules.kinds_below([Kind.SCHOOL]) == [Kind.BRANCH]
