"""The policy of a class's opening day, and what holds where it is silent."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.errors import Refused
from lms.domain.subsidies import CatalogueItem, Confidence, PersonGroup, SubsidyPolicy, Term, Terms
from lms.domain.subsidy_policies.resolving import Published, chain_of, in_force, pinned, resolved

DAY = date(2026, 3, 2)
SIX = frozenset({PersonGroup.UNEMPLOYED, PersonGroup.HARDSHIP})


def policy(code: str, begins: date = date(2024, 1, 1), *, ends: date | None = None, **terms: Term) -> SubsidyPolicy:
    return SubsidyPolicy(code, code[:2], code, "某厅", "", "某处", begins, ends, "", None, Terms(**terms))


def known(value: object, clause: str = "某条") -> Term:
    return Term(value, clause, Confidence.HIGH, "某处")


def test_the_latest_begun_is_in_force_until_its_last_day() -> None:
    old, new = policy("LN-2021", date(2021, 1, 1)), policy("LN-2025", date(2025, 1, 1), ends=date(2026, 12, 31))
    assert in_force([new, old], "LN", date(2024, 12, 31)) == old
    assert in_force([old, new], "LN", date(2025, 1, 1)) == new
    assert in_force([old, new], "LN", date(2026, 12, 31)) == new
    assert in_force([old, new], "LN", date(2027, 1, 1)) is None
    assert in_force([old, new], "LN", date(2020, 12, 31)) is None
    assert in_force([old, new], "CQ", DAY) is None


def test_silence_is_filled_by_the_frame_and_says_whose_clause_it_is() -> None:
    frame = policy("CN-2023", count_limit=known("three", "第五条"), minutes_per_class_hour=known(60))
    own = policy("LN-2023", minutes_per_class_hour=known(45))
    whole = resolved([own, frame])
    assert whole.code == "LN-2023"
    assert whole.terms.count_limit == frame.terms.count_limit
    assert whole.terms.minutes_per_class_hour.value == 45
    assert whole.terms.attendance_min == Term()


def test_a_term_that_inherits_nothing_stays_unknown_through_the_whole_chain() -> None:
    own, between, frame = policy("LN-2023"), policy("LN-2021"), policy("CN-2023", fund=known("employment"))
    silent = Term(note="没有查到", inherits=False)
    assert resolved([replace(own, terms=Terms(fund=silent)), between, frame]).terms.fund == silent
    assert resolved([own, replace(between, terms=Terms(fund=silent)), frame]).terms.fund == silent


def test_wider_groups_than_the_frames_are_told_as_a_tension() -> None:
    frame = policy("CN-2023", allowed_groups=known(SIX))
    anybody = resolved([policy("LN-2021", allowed_groups=known(frozenset())), frame])
    assert anybody.terms.allowed_groups.value == frozenset()
    assert anybody.tensions == {"allowed_groups": frame.terms.allowed_groups}
    through = resolved([policy("LN-2023"), policy("LN-2021", allowed_groups=known(frozenset())), frame])
    assert through.tensions == anybody.tensions
    narrow = resolved([policy("CQ-2024", allowed_groups=known(frozenset({PersonGroup.HARDSHIP}))), frame])
    assert narrow.tensions == {}
    assert resolved([policy("CQ-2024"), frame]).tensions == {}


def test_catalogue_and_what_is_forbidden_come_down_the_chain() -> None:
    frame = replace(
        policy("LN-2021"),
        catalogue=(CatalogueItem("养老护理员", "occupation"),),
        forbidden_preconditions=frozenset({"age"}),
        forbidden_clause="某条",
    )
    whole = resolved([policy("LN-2023"), frame])
    assert (whole.catalogue, whole.forbidden_preconditions) == (frame.catalogue, frozenset({"age"}))
    assert whole.forbidden_clause == "某条"


def test_a_frame_that_was_not_yet_in_force_is_left_out() -> None:
    frame, own = policy("CN-2023", date(2024, 1, 1)), replace(policy("LN-2021", date(2021, 1, 1)), based_on="CN-2023")
    by_code = {each.code: each for each in (own, frame)}
    assert chain_of(own, by_code, date(2023, 12, 31)) == (own,)
    assert chain_of(own, by_code, date(2024, 1, 1)) == (own, frame)


def test_a_frame_must_be_there_and_must_not_lead_back() -> None:
    own = replace(policy("LN-2021"), based_on="CN-2023")
    with pytest.raises(Refused, match="subsidy_frame_unknown"):
        chain_of(own, {}, DAY)
    frame = replace(policy("CN-2023"), based_on="LN-2021")
    with pytest.raises(Refused, match="subsidy_frame_circle"):
        chain_of(own, {"CN-2023": frame, "LN-2021": own}, DAY)


days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
versions = st.lists(
    st.tuples(st.sampled_from(["LN", "CQ"]), days, st.none() | days, days), max_size=8, unique_by=lambda each: each[:2]
)


def published(rows: list[tuple[str, date, date | None, date]], start: int = 0) -> list[Published]:
    return [
        Published(policy(f"{place}-{2000 + start + n}", begins, ends=ends), on)
        for n, (place, begins, ends, on) in enumerate(rows)
    ]


@given(versions, versions, days)
def test_whatever_is_published_later_the_one_known_on_the_opening_day_decides(
    before: list[tuple[str, date, date | None, date]],
    after: list[tuple[str, date, date | None, date]],
    opens_on: date,
) -> None:
    known_then = published(before)
    late = [replace(each, on=opens_on + timedelta(1 + n)) for n, each in enumerate(published(after, 100))]
    assert pinned(known_then, "LN", opens_on) == pinned([*late, *known_then], "LN", opens_on)
