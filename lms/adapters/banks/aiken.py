"""Aiken: a question, its options `A.` or `A)`, and `ANSWER: B`."""

import re

from lms.adapters.banks.found import MOST_QUESTIONS, Found, Raw, Reading
from lms.adapters.banks.telling import LETTERS, tell
from lms.domain.bank_rules import Fault
from lms.domain.errors import Refused

_OPTION = re.compile(r"([A-L])[.)]\s*(.*)")
_ANSWER = re.compile(r"ANSWER\s*[:：]\s*(.*)", re.IGNORECASE)
_STARTS = re.compile(r"^ANSWER\s*[:：]", re.MULTILINE | re.IGNORECASE)


def is_aiken(text: str) -> bool:
    """Whether a text looks like Aiken, which has a line ANSWER: for each question."""
    return bool(_STARTS.search(text)) and "{" not in text


def read(text: str) -> Reading:
    """All questions of an Aiken file. Refused: bank_no_questions, bank_too_many_questions."""
    found: list[Found] = []
    stem: list[str] = []
    options: list[str] = []
    begun = 0
    for number, line in enumerate(text.splitlines(), start=1):
        told = line.strip()
        option, answer = _OPTION.fullmatch(told), _ANSWER.fullmatch(told)
        if answer:
            found.append(_found(begun or number, stem, options, answer[1]))
            stem, options, begun = [], [], 0
        elif option and stem and option[1] == LETTERS[len(options) % 12]:
            options.append(option[2])
        elif options and told:
            found.append(_unanswered(begun, stem, options))
            stem, options, begun = [told], [], number
        elif told:
            stem.append(told)
            begun = begun or number
        if len(found) > MOST_QUESTIONS:
            raise Refused("bank_too_many_questions", most=MOST_QUESTIONS)
    if stem and options:
        found.append(_unanswered(begun, stem, options))
    if not found:
        raise Refused("bank_no_questions")
    return Reading(tuple(found))


def _found(place: int, stem: list[str], options: list[str], answer: str) -> Found:
    several = len(re.findall("[A-L]", answer)) > 1
    kind = "多选题" if several else "单选题"
    return tell([Raw(place, kind, "\n".join(stem), tuple(options), answer=answer)])


def _unanswered(place: int, stem: list[str], options: list[str]) -> Found:
    raw = Raw(place, "单选题", "\n".join(stem), tuple(options))
    return Found(place, (raw,), None, (Fault("bank_aiken_no_answer", "answer"),))
