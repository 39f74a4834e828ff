"""What a filing of a class (开班申请) holds, what is missing in it, and what whoever reviews it must look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.domain import workdays
from lms.domain.filings import FIELDS
from lms.domain.policies import Policy
from lms.domain.verdicts import Reason, Verdict


class Mode(StrEnum):
    """How a part of the plan is taught."""

    ONLINE = "online"
    IN_PERSON = "in_person"


@dataclass(frozen=True)
class PlanItem:
    """One line of the plan: `hours` are class hours (课时); a day and a place only where people meet."""

    subject: str
    content: str
    mode: Mode
    hours: int
    teacher: str
    place: str
    held_on: date | None


@dataclass(frozen=True)
class Totals:
    """Class hours of a plan: theory, practice, and how many of both are online."""

    theory: int
    practice: int
    online: int

    @property
    def all(self) -> int:
        """All class hours."""
        return self.theory + self.practice


@dataclass(frozen=True)
class Filing:
    """Everything that is filed. `said`: the free fields by name; `size`: people planned; `roster`: people entered."""

    opens_on: date
    closes_on: date
    said: Mapping[str, str]
    size: int | None
    roster: int
    plan: tuple[PlanItem, ...]


def totals(plan: Sequence[PlanItem]) -> Totals:
    """The class hours of a plan, as the form sums them up."""
    by_content = {each: sum(item.hours for item in plan if item.content == each) for each in ("theory", "practice")}
    online = sum(item.hours for item in plan if item.mode is Mode.ONLINE)
    return Totals(by_content["theory"], by_content["practice"], online)


def completeness(filing: Filing, policy: Policy, today: date) -> Verdict:
    """What keeps it from being filed (`unmet`), and what whoever reviews it must look at (`unsure`)."""
    return Verdict((*_missing(filing), *_wrong(filing, today)), tuple(_doubts(filing, policy, today)))


def _missing(filing: Filing) -> list[Reason]:
    gaps = [field for field in FIELDS if field in filing.said and not filing.said[field].strip()]
    gaps += ["size"] if not filing.size else []
    gaps += ["roster"] if not filing.roster else []
    gaps += ["plan"] if not filing.plan else []
    gaps += ["teachers"] if filing.plan and not any(item.teacher for item in filing.plan) else []
    return [Reason("filing_missing", {"field": field}) for field in sorted(gaps, key=FIELDS.index)]


def _wrong(filing: Filing, today: date) -> list[Reason]:
    found = []
    if filing.opens_on < today:
        found.append(Reason("filing_opens_past", {"field": "days", "day": filing.opens_on.isoformat()}))
    if filing.size and filing.roster > filing.size:
        found.append(Reason("filing_roster_over_size", {"field": "roster", "have": filing.roster, "size": filing.size}))
    return found + [reason for item in filing.plan for reason in _item(item, filing)]


def _item(item: PlanItem, filing: Filing) -> list[Reason]:
    about = {"field": "plan", "subject": item.subject}
    if item.mode is Mode.IN_PERSON and not (item.teacher and item.place and item.held_on):
        return [Reason("filing_plan_incomplete", about)]
    if item.held_on and not filing.opens_on <= item.held_on <= filing.closes_on:
        return [Reason("filing_plan_outside", about)]
    return []


def _doubts(filing: Filing, policy: Policy, today: date) -> list[Reason]:
    rules, found = policy.filing, []
    between = workdays.working_days_between(today, filing.opens_on)
    if between < rules.file_before_days:
        values = {"field": "days", "have": between, "asked": rules.file_before_days}
        found.append(Reason("filing_short_notice", values))
    if not workdays.is_certain(today, filing.opens_on):
        found.append(Reason("filing_holidays_unconfirmed", {"field": "days"}))
    if rules.class_size_max and (filing.size or 0) > rules.class_size_max:
        found.append(Reason("filing_class_too_large", {"field": "size", "most": rules.class_size_max}))
    most, sums = policy.blended.online_share_max if policy.blended else None, totals(filing.plan)
    if most is not None and sums.online * 100 > most * sums.all:
        found.append(Reason("filing_online_share", {"field": "plan", "most": most}))
    return found
