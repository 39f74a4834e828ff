"""How long records must be kept, and what a wish to be forgotten leads to (domain.md, Deletion vs archive).

PIPL 47: where the law's period has not run out, other processing stops instead. Periods are policy data with a
source and a confidence (H wording of the law, M one paraphrase, L weak). What nobody could confirm is empty, and is
said to be.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from lms.domain.days import later
from lms.domain.errors import Refused

MOST_MONTHS = 1200
CONFIDENCES = ("H", "M", "L")


@dataclass(frozen=True)
class Rule:
    """How long one kind of record is kept. `months` None: not known. `source`: where it stands, "" where nowhere.

    needs_identity: whether the records are worth nothing without name and number, so that these stay with them.
    """

    code: str
    months: int | None
    source: str
    confidence: str
    needs_identity: bool


RULES = (
    Rule("training_records", None, "", "", needs_identity=True),
    Rule("completion_records", None, "", "", needs_identity=False),
    Rule("network_logs", 6, "网络安全法第二十一条", "H", needs_identity=False),
    Rule("sharing_records", 36, "网络数据安全管理条例第十二条", "H", needs_identity=False),
    Rule("outside_certificates", None, "", "", needs_identity=False),
    Rule("share_links", None, "", "", needs_identity=False),
)
"""No national figure for training records was found (domain.md 1.3): it stays empty until an officer sets it. Neither
was one for completion records; they can be proved without the name beside them, so no erasure waits for them. For
certificates from elsewhere and for links nothing was found either: unconfirmed, and no erasure waits for them."""
RULE_OF_CLASS: Mapping[str, str] = {"completion": "completion_records"}
"""By class of record: the rule that says how long it is kept whose it was."""


@dataclass(frozen=True)
class Setting:
    """A period that the platform's staff entered, with where it stands."""

    months: int
    source: str
    confidence: str


@dataclass(frozen=True)
class Holding:
    """Records of a person under a rule, whose period runs from `since`."""

    rule: Rule
    since: date

    @property
    def until(self) -> date | None:
        """The last day of the period; None where it is not known."""
        return None if self.rule.months is None else later(self.since, self.rule.months)


class Outcome(StrEnum):
    """What a wish for deletion leads to: archive only; erasure; or archive only until somebody knows the period."""

    RESTRICT = "restrict"
    ERASE = "erase"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Decision:
    """The outcome, the rule it rests on ("" for none), and the last day it holds."""

    outcome: Outcome
    rule: str
    until: date | None


def decide(holdings: Sequence[Holding], today: date) -> Decision:
    """Whether name and number may go: not before the last day of every period that needs them."""
    tied = [each for each in holdings if each.rule.needs_identity]
    unknown = next((each for each in tied if each.until is None), None)
    if unknown is not None:
        return Decision(Outcome.UNSURE, unknown.rule.code, None)
    last = max(tied, key=lambda each: each.until or date.min, default=None)
    if last is None or last.until is None or last.until < today:
        return Decision(Outcome.ERASE, last.rule.code if last else "", last.until if last else None)
    return Decision(Outcome.RESTRICT, last.rule.code, last.until)


def in_force(settings: Mapping[str, Setting], rules: Iterable[Rule] = RULES) -> tuple[Rule, ...]:
    """The rules with the periods that staff have set in their place."""
    return tuple(
        replace(rule, months=found.months, source=found.source, confidence=found.confidence)
        if (found := settings.get(rule.code))
        else rule
        for rule in rules
    )


def check_setting(code: str, months: int, source: str, confidence: str) -> Setting:
    """A period as staff may set it. Refused: retention_rule, retention_months, retention_source."""
    known = {rule.code: rule for rule in RULES}
    if code not in known or confidence not in CONFIDENCES:
        raise Refused("retention_rule")
    least = known[code].months or 1
    if not least <= months <= MOST_MONTHS:  # what the law sets can be made longer, never shorter
        raise Refused("retention_months", least=least, most=MOST_MONTHS)
    words = " ".join(source.split())
    if not 4 <= len(words) <= 200:
        raise Refused("retention_source")
    return Setting(months, words, confidence)


def is_over(since: date, months: int, today: date) -> bool:
    """Whether the last day of a period has passed."""
    return later(since, months) < today
