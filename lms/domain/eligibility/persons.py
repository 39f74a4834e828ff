"""Who she is: her document, the groups that funds are for, the groups that they are not for."""

from collections.abc import Iterable
from datetime import date

from lms.domain.eligibility.facts import Facts, GroupFact, IdentityState, Known
from lms.domain.eligibility.findings import Evidence, Finding
from lms.domain.eligibility.telling import FUNDS_RULE, REAL_NAME_RULE, by, met, silent, unmet, unsure
from lms.domain.subsidies import ExcludedGroup, Fund, PersonGroup, ReasonCode, SubsidyKind, SubsidyPolicy, Term

SIX = frozenset(PersonGroup) - {PersonGroup.EMPLOYEE}
LATER_RULES_FROM = date(2022, 1, 1)
"""From when the plan of Liaoning defers to later national and provincial rules (domain.md 4)."""
FORBIDDEN_GROUNDS = {ExcludedGroup.PENSIONER: frozenset({"age", "social_insurance"})}
"""Exclusions that rest on something a policy may forbid to ask: there they send to a person and never refuse."""


def open_to_all(facts: Facts, policy: SubsidyPolicy) -> Finding:  # noqa: ARG001
    """Whether a rule of the policy stands in the way of training: no policy file can hold one."""
    if policy.forbidden_preconditions:
        return met("open_to_all", "training_for_anybody", policy.document_number)
    return silent("open_to_all", "training_not_restricted")


def real_name(facts: Facts, policy: SubsidyPolicy) -> Finding:  # noqa: ARG001
    """Training is under a real name; who has no document on record is looked at, not sent away."""
    if facts.identity is IdentityState.MISSING:
        return unsure("real_name", "document_missing", ReasonCode.IDENTITY_INVALID, REAL_NAME_RULE)
    return met("real_name", "document_on_record", REAL_NAME_RULE, _document(facts))


def identity(facts: Facts, policy: SubsidyPolicy) -> Finding:  # noqa: ARG001
    """E01, E02: money goes to whom an authority knows by this number; a program can check no more than its form."""
    found = _document(facts)
    if facts.identity is IdentityState.CONFIRMED:
        return met("identity", "identity_confirmed", REAL_NAME_RULE, found)
    if facts.identity is IdentityState.MISMATCH:
        return unmet("identity", "identity_mismatch", ReasonCode.IDENTITY_INVALID, REAL_NAME_RULE, found)
    if facts.identity is IdentityState.MISSING:
        return unmet("identity", "document_missing", ReasonCode.IDENTITY_INVALID, REAL_NAME_RULE)
    return unsure("identity", "identity_unverified", ReasonCode.IDENTITY_UNVERIFIED, REAL_NAME_RULE, found)


def _document(facts: Facts) -> tuple[Evidence, ...]:
    return (Evidence("document", facts.document_id),) if facts.document_id else ()


def judged_on(facts: Facts, policy: SubsidyPolicy) -> tuple[date, ...]:
    """The day on which status is judged; where the policy names none, all that it could be."""
    certified = max((each.issued_on for each in facts.certificates if _since(each.issued_on, facts)), default=None)
    days = {
        "opening": facts.training.opens_on,
        "certificate": certified or facts.training.closes_on,
        "claim": facts.today,
    }
    named = policy.terms.group_judged_on.value
    return (days[named],) if named in days else tuple(sorted(set(days.values())))


def _since(day: date, facts: Facts) -> bool:
    return facts.training.opens_on <= day <= facts.today


def group(facts: Facts, policy: SubsidyPolicy, kind: SubsidyKind) -> Finding:
    """E10: whether she is of a group that this kind of subsidy is for, on the day on which that is judged."""
    term = policy.terms.living_groups if kind is SubsidyKind.LIVING else policy.terms.allowed_groups
    if term.value is None:
        return unsure("group", "group_rule_unknown", ReasonCode.GROUP_NOT_COVERED, term.clause)
    days = judged_on(facts, policy)
    if not term.value:
        return _anybody(facts, policy, term, days)
    hers = [each for each in facts.groups if each.group in term.value]
    found = _shown(hers, days, term)
    if found is not None:
        return found
    values = {"groups": sorted(term.value)}
    if policy.forbidden_preconditions:  # groups rest on hukou and age in part: such a policy may not refuse by them
        return unsure("group", "group_not_shown", ReasonCode.GROUP_NOT_COVERED, term.clause, **values)
    return by(term, unmet("group", "group_not_shown", ReasonCode.GROUP_NOT_COVERED, **values))


def _shown(hers: Iterable[GroupFact], days: tuple[date, ...], term: Term[frozenset[PersonGroup]]) -> Finding | None:
    """What evidence of a group says: it holds, a person must look at it, or there is none."""
    holding = [each for each in hers if any(each.holds(day) for day in days)]
    if not holding:
        return None
    verified = [each for each in holding if each.known is Known.VERIFIED]
    if all(any(each.holds(day) for each in verified) for day in days):
        told = verified[0]
        return met("group", "group_shown", term.clause, _entries(verified), group=told.group.value)
    code = "group_day_unknown" if verified else "group_unverified"
    values = {"group": holding[0].group.value}
    return unsure("group", code, ReasonCode.GROUP_NOT_COVERED, term.clause, _entries(holding), **values)


def _anybody(
    facts: Facts, policy: SubsidyPolicy, term: Term[frozenset[PersonGroup]], days: tuple[date, ...]
) -> Finding:
    """A policy for anybody willing, which was written for the fund of the action. Since 2022 later national rules come
    first, and the employment fund is for six groups: who is of none of them is shown to a person, never refused
    (domain.md 4, the tension)."""
    of_six = _shown([each for each in facts.groups if each.group in SIX], days, term)
    if of_six is not None and of_six.code == "group_shown":
        return of_six
    fund = policy.terms.fund.value
    if fund is not None and fund is not Fund.EMPLOYMENT and facts.training.opens_on < LATER_RULES_FROM:
        return met("group", "group_anybody", term.clause)
    both = f"{term.clause}；{FUNDS_RULE}" if term.clause else FUNDS_RULE
    return unsure("group", "group_tension", ReasonCode.GROUP_NOT_COVERED, both)


def exclusion(facts: Facts, policy: SubsidyPolicy) -> Finding:
    """E11: whether she is of a group that is not funded. Nobody can prove a negative: no sign of it is enough."""
    term, days = policy.terms.excluded_groups, judged_on(facts, policy)
    signs = [each for each in facts.groups if isinstance(each.group, ExcludedGroup)]
    signs = [each for each in signs if any(each.holds(day) for day in days)]
    if term.value is not None:
        signs = [each for each in signs if each.group in term.value]
    if not signs:
        known = term.is_known
        return met("exclusion", "exclusion_no_sign", term.clause) if known else silent("exclusion", "exclusion_silent")
    sign = next((each for each in signs if each.known is Known.VERIFIED), signs[0])
    values, entries = {"group": sign.group.value}, _entries(signs)
    if not term.is_known:
        return unsure("exclusion", "exclusion_rule_unknown", ReasonCode.GROUP_EXCLUDED, "", entries, **values)
    if isinstance(sign.group, ExcludedGroup) and _is_forbidden(sign.group, policy):
        code = "exclusion_forbidden_ground"
        return unsure("exclusion", code, ReasonCode.GROUP_EXCLUDED, policy.document_number, entries, **values)
    if sign.known is Known.PENDING or not all(sign.holds(day) for day in days):
        return unsure("exclusion", "exclusion_unverified", ReasonCode.GROUP_EXCLUDED, term.clause, entries, **values)
    return by(term, unmet("exclusion", "excluded", ReasonCode.GROUP_EXCLUDED, "", entries, **values))


def _is_forbidden(group: ExcludedGroup, policy: SubsidyPolicy) -> bool:
    return bool(FORBIDDEN_GROUNDS.get(group, frozenset()) & policy.forbidden_preconditions)


def _entries(entries: Iterable[GroupFact]) -> tuple[Evidence, ...]:
    return tuple(Evidence("group", each.id) for each in entries)
