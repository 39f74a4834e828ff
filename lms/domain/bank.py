"""The question bank of gating exams as frozen values, and the grading of one question.

Practice quizzes are another thing: they travel with the course and stand in `courses` and `quizzes`.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from lms.domain.courses import Asset, Option

FULL = 1000
BLANK = "____"
TRUE, FALSE = "对", "错"
EASIEST, HARDEST, MIDDLE = 1, 5, 3

_BLANK_RUN = re.compile(r"_{3,}")
_SPACES = re.compile(r"[^\S\n]+")
_TAG_ENDS = re.compile("[,，;；、|\n]")
_LINES = re.compile(r"\n{3,}")
# What is drawn as nothing, turns writing around or does not belong into text at all.
_UNCLEAN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


class ItemType(StrEnum):
    """What kind of answer a question of the bank takes."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    ORDERING = "ordering"
    MATCHING = "matching"
    FILL = "fill"
    CASE = "case"


CHOICES = frozenset({ItemType.SINGLE, ItemType.MULTIPLE, ItemType.TRUE_FALSE})


@dataclass(frozen=True, slots=True)
class Pair:
    """What belongs together; a pair without `left` is one more right side, to lead astray."""

    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Item:
    """What a person is asked.

    `options` for single, multiple and true_false (对, 错); `steps` in the right order for ordering; `pairs` for
    matching; `blanks` holds the accepted answers of each `____` of the stem for fill; `parts` for case, whose stem
    is the story. `explanation` is told afterwards. `picture` is shown beside the stem; parts have none of their own.
    """

    type: ItemType
    stem: str
    options: tuple[Option, ...] = ()
    steps: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    blanks: tuple[tuple[str, ...], ...] = ()
    parts: tuple["Item", ...] = ()
    explanation: str = ""
    picture: Asset | None = None

    @property
    def correct_options(self) -> frozenset[int]:
        """The numbers of the right options, from 0."""
        return frozenset(number for number, option in enumerate(self.options) if option.correct)

    @property
    def lefts(self) -> tuple[str, ...]:
        """What a matching question asks about, in order."""
        return tuple(pair.left for pair in self.pairs if pair.left)

    @property
    def rights(self) -> tuple[str, ...]:
        """What can be picked for each left side: every right side once, in order of first mention."""
        return tuple(dict.fromkeys(pair.right for pair in self.pairs))


@dataclass(frozen=True, slots=True)
class Entry:
    """A question as the bank keeps it: difficulty 1 (easy) to 5, `objective` is an id of the course."""

    item: Item
    objective: str = ""
    difficulty: int = MIDDLE
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered: the field of the question's type counts, the others are left alone.

    Numbers count from 0: `picked` options, `order` of the steps, `matched` (left, right) numbers into `lefts` and
    `rights`; `texts` one for each blank; `parts` one for each part of a case.
    """

    picked: frozenset[int] = frozenset()
    order: tuple[int, ...] = ()
    matched: frozenset[tuple[int, int]] = frozenset()
    texts: tuple[str, ...] = ()
    parts: tuple["Answer", ...] = ()


def grade(item: Item, answer: Answer) -> int:
    """The score in ‰ of full marks; total: an answer that makes no sense earns 0 where it makes none.

    Choices are all or nothing, as in practice. Ordering earns the share of steps followed by the right one, matching
    and fill the share of pairs and blanks, a case the mean of its parts; shares are rounded down.
    """
    match item.type:
        case ItemType.ORDERING:
            return _grade_order(len(item.steps), answer.order)
        case ItemType.MATCHING:
            return _grade_matching(item, answer.matched)
        case ItemType.FILL:
            given = (*answer.texts, *([""] * len(item.blanks)))
            return _share(sum(map(fits, item.blanks, given)), len(item.blanks))
        case ItemType.CASE:
            given_parts = (*answer.parts, *([Answer()] * len(item.parts)))
            return sum(map(grade, item.parts, given_parts)) // max(1, len(item.parts))
        case _:
            return FULL if answer.picked and answer.picked == item.correct_options else 0


def _grade_order(steps: int, order: tuple[int, ...]) -> int:
    if sorted(order) != list(range(steps)):
        return 0
    return _share(sum(after == before + 1 for before, after in pairwise(order)), steps - 1)


def _grade_matching(item: Item, matched: frozenset[tuple[int, int]]) -> int:
    rights = item.rights
    asked = [rights.index(pair.right) for pair in item.pairs if pair.left]
    picked = [{right for left, right in matched if left == number} for number in range(len(asked))]
    return _share(sum(mine == {right} for mine, right in zip(picked, asked, strict=True)), len(asked))


def fits(accepted: tuple[str, ...], given: str) -> bool:
    """Whether what was written in a blank is one of the answers it accepts."""
    return bool(fold(given)) and fold(given) in map(fold, accepted)


def _share(right: int, of: int) -> int:
    return FULL * right // of if of > 0 else 0


def fold(text: str) -> str:
    """A text as answers are compared: full and half width, capital and small letters, blanks all the same."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def clean_text(text: str) -> str:
    """A text as the bank keeps it: no signs that nobody sees, one blank where there were several, no empty ends."""
    plain = unicodedata.normalize("NFC", _UNCLEAN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    lines = (_SPACES.sub(" ", line).strip() for line in re.split("[\n\x0b\x0c\x85\u2028\u2029]", plain))
    return _LINES.sub("\n\n", "\n".join(lines)).strip()


def clean_line(text: str) -> str:
    """The same for what stands on one line."""
    return " ".join(clean_text(text).split())


def clean(entry: Entry) -> Entry:
    """An entry as the bank keeps it; cleaning twice changes nothing."""
    told = (piece for tag in entry.tags for piece in _TAG_ENDS.split(clean_text(tag)))
    tags = dict.fromkeys(tag for tag in map(clean_line, told) if tag)
    return Entry(_clean_item(entry.item), clean_line(entry.objective), entry.difficulty, tuple(tags))


def _clean_item(item: Item) -> Item:
    stem = clean_text(item.stem)
    return replace(
        item,
        stem=_BLANK_RUN.sub(BLANK, stem) if item.type is ItemType.FILL else stem,
        options=_clean_options(item),
        steps=tuple(map(clean_text, item.steps)),
        pairs=tuple(Pair(clean_line(pair.left), clean_line(pair.right)) for pair in item.pairs),
        blanks=tuple(tuple(dict.fromkeys(map(clean_line, accepted))) for accepted in item.blanks),
        parts=tuple(map(_clean_item, item.parts)),
        explanation=clean_text(item.explanation),
    )


def _clean_options(item: Item) -> tuple[Option, ...]:
    options = [Option(clean_text(each.text), clean_text(each.feedback), each.correct) for each in item.options]
    if item.type is ItemType.TRUE_FALSE:
        options.sort(key=lambda option: option.text != TRUE)  # 对 comes first, wherever it was written
    return tuple(options)
