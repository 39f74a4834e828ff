"""还差什么: a verdict as one list for every reader, each reason with what to do next and where."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import get_locale

from lms.domain.verdicts import Reason, Verdict
from lms.web.training_words import ADVICE
from lms.web.wording import filled, sentence

Place = Callable[[Reason], str | None]


@dataclass(frozen=True)
class Missing:
    """One reason in words. `href`: where the reader can do something about it; `doubt`: a person has to look."""

    sentence: str
    advice: str
    href: str | None
    doubt: bool


IN_PERSON = ("online_share_over", "in_person_time_missing", "attendance_low", "class_day_low")
"""Reasons that only classes in person help against."""


def nowhere(_reason: Reason) -> None:
    """For readers who have nothing to open."""
    return


def missing(verdict: Verdict, place: Place = nowhere) -> list[Missing]:
    """Everything that stands between a learner and her record, in the order of the verdict."""
    told = [*((reason, False) for reason in verdict.unmet), *((reason, True) for reason in verdict.unsure)]
    return [Missing(*words(reason), place(reason), doubt) for reason, doubt in told]


def words(reason: Reason) -> tuple[str, str]:
    """What is missing, and what to do next."""
    return _words(str(get_locale()), reason.code, tuple(reason.values.items()))


@lru_cache(maxsize=4096)  # a report says the same few sentences to thousands: translating is half its time
def _words(_language: str, code: str, values: tuple[tuple[str, object], ...]) -> tuple[str, str]:
    return sentence(code, dict(values)), filled(ADVICE[code], dict(values))
