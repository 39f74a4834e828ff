"""The two made-up versions of a policy: the second holds for classes that open after it came into force.

Their figures are of the plan alone; no document says them. What a real policy would be asked about is written as sure,
so that the rules refuse where they would refuse.
"""

from datetime import date

from lms.authoring.subsidy_files import PolicyFile, read_text
from lms.domain.levels import GRADES, Level
from lms.domain.subsidies import SubsidyKind
from lms.domain.subsidy_policies.values import NAMES
from lms.services.demo.year.plan import AMOUNTS_FEN, CHANGE_ON, LEVELS, OCCUPATIONS, POLICIES, YEAR

SOURCE = "编造的政策，只用于演练"
PROGRAMME = "LN-2021"
CODES = dict(zip(POLICIES, (f"LN-{YEAR}-1", f"LN-{YEAR}-2"), strict=True))
FIRST_DAYS = dict(zip(POLICIES, (date(YEAR, 1, 1), CHANGE_ON), strict=True))
NOTICE_DAYS = 5
VALUES = {
    "allowed_groups": "anybody",
    "same_occupation_level_once": "true",
    "higher_blocks_lower": "true",
    "certificate_kinds": "[skill_level, special_skill, training]",
    "review_working_days": "10",
    "notice_working_days": str(NOTICE_DAYS),
    "payment_working_days": "30",
    "group_judged_on": "opening",
    "fund": "employment",
}


def file_of(name: str) -> PolicyFile:
    """The version of this name in the plan."""
    return read_text(_text(name), f"{CODES[name]}.yaml")


def _text(name: str) -> str:
    head = [
        f"code: {CODES[name]}",
        "jurisdiction: LN",
        f"title: {SOURCE}",
        f"issuer: {SOURCE}",
        "document_number:",
        f"source: {SOURCE}",
        "effective:",
        f"  from: {FIRST_DAYS[name]}",
        "  confidence: H",
        "terms:",
    ]
    terms = [line for term in NAMES for line in _term(term)]
    return "\n".join([*head, *terms, "catalogue:", *(line for each in OCCUPATIONS for line in _item(each, name)), ""])


def _term(name: str) -> list[str]:
    if name not in VALUES:
        return [f"  {name}:"]
    return [
        f"  {name}:",
        f"    value: {VALUES[name]}",
        f"    clause: {SOURCE}",
        f"    source: {SOURCE}",
        "    confidence: H",
    ]


def _item(occupation: str, name: str) -> list[str]:
    grades = [GRADES[Level(each)] for each in LEVELS]
    lines = [
        f"  - name: {occupation}",
        "    kind: occupation",
        "    shortage: false",
        f"    levels: [{', '.join(grades)}]",
    ]
    lines.append("    amounts:")
    for grade in grades:
        lines += [f"      - kind: {SubsidyKind.TRAINING.value}", f"        level: {grade}"]
        lines += [f"        fen: {AMOUNTS_FEN[name]}", f"        clause: {SOURCE}", f"        source: {SOURCE}"]
        lines.append("        confidence: H")
    return lines
