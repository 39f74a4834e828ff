"""Grading a quiz: answers in, a grade with a mark for each question out."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lms.domain.courses import Question, QuestionType, Quiz
from lms.domain.errors import Refused

Answers = Mapping[str, frozenset[int]]
"""Question id → the numbers (from 0) of the options picked; nothing picked is unanswered."""


class Mark(StrEnum):
    """What became of one question."""

    CORRECT = "correct"
    INCORRECT = "incorrect"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Grade:
    """The marks by question id, in the order of the quiz, and the score in whole percent, rounded down."""

    marks: tuple[tuple[str, Mark], ...]
    score_percent: int

    def passed(self, pass_mark_percent: int) -> bool:
        """Whether the score reaches the bar; reaching it exactly is enough."""
        return self.score_percent >= pass_mark_percent

    def count(self, mark: Mark) -> int:
        """How many questions have this mark."""
        return sum(given == mark for _, given in self.marks)


def grade(quiz: Quiz, answers: Answers) -> Grade:
    """Grade answers, in whatever order they come; each question weighs the same.

    A question is right only if exactly the right options are picked, so ticking all earns nothing.
    Refused: answer_unknown_question, answer_unknown_option, answer_one_option_only.
    """
    _refuse_strangers(quiz, answers)
    marks = tuple((question.id, _mark(question, answers.get(question.id))) for question in quiz.questions)
    right = sum(mark == Mark.CORRECT for _, mark in marks)
    return Grade(marks, 100 * right // max(1, len(marks)))


def is_right(question: Question, picked: frozenset[int]) -> bool:
    """Whether exactly the right options are picked; whatever else is picked, it is not right."""
    return picked == question.correct_options


def _refuse_strangers(quiz: Quiz, answers: Answers) -> None:
    known = {question.id for question in quiz.questions}
    for stranger in sorted(set(answers) - known):
        raise Refused("answer_unknown_question", question=stranger)


def _mark(question: Question, picked: frozenset[int] | None) -> Mark:
    if not picked:
        return Mark.UNANSWERED
    for number in sorted(picked - set(range(len(question.options)))):
        raise Refused("answer_unknown_option", question=question.id, option=number)
    if len(picked) > 1 and question.type != QuestionType.MULTIPLE:
        raise Refused("answer_one_option_only", question=question.id)
    return Mark.CORRECT if is_right(question, picked) else Mark.INCORRECT
