"""How the questions of a quiz did at the first try: how hard they are, whom they part, what draws people away.

Classical test theory. Only a person's first attempt counts: later ones know the feedback.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from lms.domain.analytics import FEWEST
from lms.domain.courses import Question, Quiz
from lms.domain.discrimination import discrimination
from lms.domain.quizzes import Answers, Mark, grade

HARD_PERCENT = 40  # our own choice


class Trouble(StrEnum):
    """Why a question should be read again."""

    AGAINST = "against"  # those who do well elsewhere fail it: the key may be wrong, or the words mislead
    LURE = "lure"  # one wrong option is picked by at least as many as answer right
    HARD = "hard"  # fewer than HARD_PERCENT answer right


@dataclass(frozen=True, slots=True)
class Item:
    """One question at the first try, in persons. `picked`: by option, how many ticked it.

    `discrimination`, in ‰: how many more are right among the 27 % who do best in the rest of the quiz than among
    the 27 % who do worst; None for fewer than LEAST_PERSONS persons, or where the rest is the same for all.
    `lure`: the wrong option most ticked.
    """

    question: Question
    persons: int
    right: int
    unanswered: int
    picked: tuple[int, ...]
    discrimination: int | None
    lure: int | None

    @property
    def right_percent(self) -> int:
        """How many in a hundred answer right, rounded down."""
        return 100 * self.right // max(1, self.persons)

    @property
    def lured(self) -> int:
        """How many ticked the wrong option that draws most."""
        return 0 if self.lure is None else self.picked[self.lure]

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """Why it should be read again, the gravest first."""
        found = {
            Trouble.AGAINST: self.discrimination is not None and self.discrimination < 0,
            Trouble.LURE: self.lured > 0 and self.lured >= self.right,
            Trouble.HARD: self.persons > 0 and self.right_percent < HARD_PERCENT,
        }
        return tuple(trouble for trouble, is_so in found.items() if is_so)


@dataclass(slots=True)
class _Sums:
    """What one question adds up to. `by_rest`: by how many of the others are right."""

    picked: Counter[int] = field(default_factory=Counter)
    persons: int = 0
    right: int = 0
    unanswered: int = 0
    by_rest: dict[int, tuple[int, int]] = field(default_factory=dict)

    def add(self, mark: Mark, rest: int, picked: frozenset[int]) -> None:
        right = mark is Mark.CORRECT
        self.persons += 1
        self.right += right
        self.unanswered += mark is Mark.UNANSWERED
        known = self.by_rest.get(rest, (0, 0))
        self.by_rest[rest] = (known[0] + 1, known[1] + 1000 * right)
        self.picked.update(picked)

    def discrimination(self) -> int | None:
        return discrimination(self.by_rest) if len(self.by_rest) > 1 else None


def items(quiz: Quiz, firsts: Iterable[Answers]) -> tuple[Item, ...] | None:
    """The questions in their order, from everybody's first attempt, taken one by one.

    None for fewer than FEWEST persons, whose numbers are withheld. Refused as `grade` does.
    """
    sums = {question.id: _Sums() for question in quiz.questions}
    persons = 0
    for answers in firsts:
        persons += 1
        marks = dict(grade(quiz, answers).marks)
        right = sum(mark is Mark.CORRECT for mark in marks.values())
        for question_id, mark in marks.items():
            rest = right - (mark is Mark.CORRECT)
            sums[question_id].add(mark, rest, answers.get(question_id, frozenset()))
    return None if persons < FEWEST else tuple(_item(question, sums[question.id]) for question in quiz.questions)


def _item(question: Question, sums: _Sums) -> Item:
    numbers = range(len(question.options))
    wrong = [number for number in numbers if number not in question.correct_options and sums.picked[number]]
    return Item(
        question=question,
        persons=sums.persons,
        right=sums.right,
        unanswered=sums.unanswered,
        picked=tuple(sums.picked[number] for number in numbers),
        discrimination=sums.discrimination(),
        lure=max(wrong, key=lambda number: (sums.picked[number], -number), default=None),
    )
