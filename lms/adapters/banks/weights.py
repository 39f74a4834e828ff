"""What GIFT and Moodle say in percentages, brought to right and wrong; what is lost by that is remarked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lms.domain.bank import FALSE, TRUE, ItemType
from lms.domain.bank_rules import Fault
from lms.domain.courses import Option


@dataclass(frozen=True)
class Weighed:
    """One answer with what it earns, in percent."""

    text: str
    percent: float
    feedback: str = ""


def choice(answers: Sequence[Weighed], *, single: bool) -> tuple[ItemType, tuple[Option, ...], tuple[Fault, ...]]:
    """Options of a choice. Of a single choice only the full answer is right; of several, all that earn anything."""
    if single:
        right = [answer.percent >= 99.9 for answer in answers]
        halves = any(0 < answer.percent < 99.9 for answer in answers)
    else:
        right = [answer.percent > 0 for answer in answers]
        earned = {round(answer.percent, 1) for answer in answers if answer.percent > 0}
        halves = len(earned) > 1
    options = tuple(Option(each.text, each.feedback, good) for each, good in zip(answers, right, strict=True))
    kind = ItemType.SINGLE if single or (sum(right) == 1 and not halves) else ItemType.MULTIPLE
    return kind, options, (Fault("bank_partial_credit", "answer"),) if halves else ()


_WILD = re.compile(r"(?<!\\)\*")


def has_star(answers: Sequence[Weighed]) -> bool:
    """Whether `*` stands for anything in an answer that earns something: we know no such answers."""
    return any(answer.percent > 0 and _WILD.search(answer.text) for answer in answers)


def guard_stars(text: str) -> str:
    """A text in which `*` is only itself."""
    return text.replace("*", "\\*")


def accepted(answers: Sequence[Weighed]) -> tuple[tuple[str, ...], tuple[Fault, ...]]:
    """The texts that a blank accepts; what earns less is not accepted, feedback to a text is not kept."""
    full = tuple(answer.text.replace("\\*", "*") for answer in answers if answer.percent >= 99.9)
    remarks = []
    if any(0 < answer.percent < 99.9 for answer in answers):
        remarks.append(Fault("bank_partial_credit", "answer"))
    if any(answer.feedback for answer in answers):
        remarks.append(Fault("bank_feedback_left", "answer"))
    return full, tuple(remarks)


def true_false(truth: bool, if_true: str, if_false: str) -> tuple[Option, ...]:
    """The two options, with what is told to whoever picks them."""
    return Option(TRUE, if_true, truth), Option(FALSE, if_false, not truth)
