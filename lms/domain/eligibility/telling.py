"""How a criterion tells its finding, and how sure a term must be before it may say no."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from lms.domain.eligibility.findings import Evidence, Finding, Outcome
from lms.domain.subsidies import Confidence, ReasonCode, Term

FIRM = frozenset({Confidence.HIGH, Confidence.MEDIUM})
"""Confidences on which a refusal may rest (decision 0156)."""

FUNDS_RULE = "财社〔2023〕181号 第五条"
APPRAISAL_RULE = "财社〔2023〕181号 第六条"
TRAINING_RULE = "人社部发〔2024〕5号"
REAL_NAME_RULE = "人社部“互联网+职业技能培训”问答：实名制"


def met(criterion: str, code: str, clause: str = "", evidence: Iterable[Evidence] = (), /, **values: object) -> Finding:
    """Yes."""
    return Finding(criterion, Outcome.MET, code, None, clause, values, tuple(evidence))


def silent(criterion: str, code: str, clause: str = "", /, **values: object) -> Finding:
    """The policy does not ask, and nothing in the facts makes it matter."""
    return Finding(criterion, Outcome.SILENT, code, None, clause, values)


def unsure(
    criterion: str,
    code: str,
    reason: ReasonCode,
    clause: str = "",
    evidence: Iterable[Evidence] = (),
    /,
    **values: object,
) -> Finding:
    """A person must look."""
    return Finding(criterion, Outcome.UNSURE, code, reason, clause, values, tuple(evidence))


def unmet(
    criterion: str,
    code: str,
    reason: ReasonCode,
    clause: str = "",
    evidence: Iterable[Evidence] = (),
    /,
    **values: object,
) -> Finding:
    """No, because."""
    return Finding(criterion, Outcome.UNMET, code, reason, clause, values, tuple(evidence))


def by(term: Term[Any], finding: Finding) -> Finding:
    """The finding as this term may make it: one that nobody confirmed sends to a person where it would say no."""
    told = replace(finding, clause=finding.clause or term.clause)
    if told.outcome is Outcome.UNMET and term.confidence not in FIRM:
        return replace(told, outcome=Outcome.UNSURE, values={**told.values, "unconfirmed": True})
    return told
