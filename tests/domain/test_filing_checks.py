"""What a filing must hold before it can be handed in, and what whoever reviews it must look at."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lms.domain import filing_checks
from lms.domain.filing_checks import Filing, Mode, PlanItem
from lms.domain.policies import FilingRules, policy_named

TODAY = date(2026, 11, 23)
ONLINE = PlanItem("沟通", "theory", Mode.ONLINE, 8, "", "", None)
MEETING = PlanItem("翻身", "practice", Mode.IN_PERSON, 12, "王磊", "三楼", date(2026, 12, 5))
SAID = dict.fromkeys(
    ("training_kind", "occupation", "level", "certificate", "place", "manager", "phone", "materials", "resources"), "有"
) | {"exam_plan": "有"}
WHOLE = Filing(date(2026, 12, 1), date(2027, 1, 31), SAID, 30, 2, (ONLINE, MEETING))
POLICY = policy_named("blended-2023")


def codes(filing: Filing, policy: Any = POLICY) -> tuple[list[tuple[str, object]], list[str]]:
    verdict = filing_checks.completeness(filing, policy, TODAY)
    unmet = [(each.code, each.values["field"]) for each in verdict.unmet]
    return unmet, [each.code for each in verdict.unsure if each.code != "filing_holidays_unconfirmed"]


def test_a_whole_filing_lacks_nothing() -> None:
    assert codes(WHOLE) == ([], [])
    sums = filing_checks.totals(WHOLE.plan)
    assert (sums.theory, sums.practice, sums.online, sums.all) == (8, 12, 8, 20)


@pytest.mark.parametrize("field", list(SAID))
def test_every_field_is_asked_for(field: str) -> None:
    assert codes(replace(WHOLE, said=SAID | {field: " "}))[0] == [("filing_missing", field)]


@pytest.mark.parametrize(
    ("changes", "unmet"),
    [
        ({"size": None}, [("filing_missing", "size")]),
        ({"roster": 0}, [("filing_missing", "roster")]),
        ({"plan": ()}, [("filing_missing", "plan")]),
        ({"plan": (ONLINE,)}, [("filing_missing", "teachers")]),
        ({"roster": 31}, [("filing_roster_over_size", "roster")]),
        ({"opens_on": date(2026, 11, 22)}, [("filing_opens_past", "days")]),
        ({"plan": (ONLINE, replace(MEETING, held_on=None))}, [("filing_plan_incomplete", "plan")]),
        ({"plan": (MEETING, replace(MEETING, teacher=""))}, [("filing_plan_incomplete", "plan")]),
        ({"plan": (MEETING, replace(MEETING, place=""))}, [("filing_plan_incomplete", "plan")]),
        ({"plan": (MEETING, replace(MEETING, held_on=date(2026, 11, 30)))}, [("filing_plan_outside", "plan")]),
        ({"plan": (MEETING, replace(MEETING, held_on=date(2027, 2, 1)))}, [("filing_plan_outside", "plan")]),
    ],
)
def test_what_is_missing_or_wrong(changes: dict[str, Any], unmet: list[tuple[str, str]]) -> None:
    assert codes(replace(WHOLE, **changes))[0] == unmet


@pytest.mark.parametrize(
    ("opens_on", "doubts"), [(date(2026, 11, 30), ["filing_short_notice"]), (date(2026, 12, 1), [])]
)
def test_short_notice_is_looked_at_and_not_refused(opens_on: date, doubts: list[str]) -> None:
    assert codes(replace(WHOLE, opens_on=opens_on)) == ([], doubts)


def test_too_much_online_is_looked_at() -> None:
    plan = (replace(ONLINE, hours=12, teacher="王磊"), replace(MEETING, hours=11))
    assert codes(replace(WHOLE, plan=plan))[1] == ["filing_online_share"]
    assert codes(replace(WHOLE, plan=plan), policy_named("base-2023"))[1] == []


def test_a_large_class_is_looked_at_where_a_policy_has_a_figure() -> None:
    policy = replace(POLICY, filing=FilingRules(class_size_max=29))
    assert codes(WHOLE, policy)[1] == ["filing_class_too_large"]


def test_an_unconfirmed_calendar_is_told() -> None:
    found = filing_checks.completeness(WHOLE, POLICY, TODAY).unsure
    assert [each.code for each in found] == ["filing_holidays_unconfirmed"]
