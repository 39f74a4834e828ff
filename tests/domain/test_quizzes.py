"""Grading is pure: the same answers in any order give the same grade, and guessing all gives none."""

from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.courses import Option, Question, QuestionType, Quiz
from lms.domain.errors import Refused
from lms.domain.quizzes import Grade, Mark, grade

CORRECT, INCORRECT, UNANSWERED = Mark.CORRECT, Mark.INCORRECT, Mark.UNANSWERED


def question(id: str, type: QuestionType, *correct: bool) -> Question:
    options = tuple(Option(str(number), "", right) for number, right in enumerate(correct))
    return Question(id, type, "greet", "？", options)


QUIZ = Quiz(
    (
        question("one", QuestionType.SINGLE, False, True, False),
        question("some", QuestionType.MULTIPLE, True, True, False, False),
        question("yes", QuestionType.TRUE_FALSE, True, False),
    )
)
RIGHT = {"one": frozenset({1}), "some": frozenset({0, 1}), "yes": frozenset({0})}


@pytest.mark.parametrize(
    ("answers", "marks", "score_percent"),
    [
        ({}, (UNANSWERED, UNANSWERED, UNANSWERED), 0),
        ({"one": set(), "some": set()}, (UNANSWERED, UNANSWERED, UNANSWERED), 0),
        ({"one": {1}}, (CORRECT, UNANSWERED, UNANSWERED), 33),
        ({"one": {0}, "yes": {0}}, (INCORRECT, UNANSWERED, CORRECT), 33),
        ({"one": {1}, "some": {0, 1}}, (CORRECT, CORRECT, UNANSWERED), 66),
        ({"one": {1}, "some": {0}, "yes": {1}}, (CORRECT, INCORRECT, INCORRECT), 33),
        ({"some": {0, 1, 2}}, (UNANSWERED, INCORRECT, UNANSWERED), 0),
        ({"some": {0, 1, 2, 3}}, (UNANSWERED, INCORRECT, UNANSWERED), 0),
        ({"some": {2, 3}}, (UNANSWERED, INCORRECT, UNANSWERED), 0),
        (RIGHT, (CORRECT, CORRECT, CORRECT), 100),
    ],
)
def test_answers_earn_marks(answers: Mapping[str, set[int]], marks: tuple[Mark, ...], score_percent: int) -> None:
    given_grade = grade(QUIZ, {id: frozenset(picked) for id, picked in answers.items()})
    assert given_grade == Grade(tuple(zip(("one", "some", "yes"), marks, strict=True)), score_percent)


@pytest.mark.parametrize(
    ("answers", "code", "values"),
    [
        ({"two": {0}}, "answer_unknown_question", {"question": "two"}),
        ({"two": set()}, "answer_unknown_question", {"question": "two"}),
        ({"z": {0}, "a": {0}}, "answer_unknown_question", {"question": "a"}),
        ({"one": {3}}, "answer_unknown_option", {"question": "one", "option": 3}),
        ({"some": {0, 9, -1}}, "answer_unknown_option", {"question": "some", "option": -1}),
        ({"one": {0, 1}}, "answer_one_option_only", {"question": "one"}),
        ({"yes": {0, 1}}, "answer_one_option_only", {"question": "yes"}),
    ],
)
def test_answers_to_what_was_not_asked_are_refused(
    answers: Mapping[str, set[int]], code: str, values: dict[str, object]
) -> None:
    with pytest.raises(Refused) as refused:
        grade(QUIZ, {id: frozenset(picked) for id, picked in answers.items()})
    assert (refused.value.code, refused.value.values) == (code, values)


@pytest.mark.parametrize(("pass_mark_percent", "passed"), [(0, True), (66, True), (67, False), (100, False)])
def test_reaching_the_bar_is_passing(pass_mark_percent: int, passed: bool) -> None:
    assert Grade((), 66).passed(pass_mark_percent) is passed


def test_a_grade_counts_its_marks() -> None:
    given_grade = grade(QUIZ, {"one": frozenset({1}), "yes": frozenset({1})})
    assert [given_grade.count(mark) for mark in Mark] == [1, 1, 1]


def test_a_quiz_without_questions_earns_nothing() -> None:
    assert grade(Quiz(()), {}) == Grade((), 0)


@st.composite
def quizzes(draw: st.DrawFn) -> Quiz:
    """Any quiz the course check would let pass."""
    made = []
    for number in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(QuestionType))
        size = 2 if kind == QuestionType.TRUE_FALSE else draw(st.integers(3, 5))
        right = draw(st.integers(2, size - 1)) if kind == QuestionType.MULTIPLE else 1
        correct = draw(st.permutations([place < right for place in range(size)]))
        made.append(question(f"q{number}", kind, *correct))
    return Quiz(tuple(made))


@st.composite
def answered(draw: st.DrawFn) -> tuple[Quiz, dict[str, frozenset[int]]]:
    """A quiz, and answers to some of its questions that are not refused."""
    quiz = draw(quizzes())
    answers = {}
    for asked in draw(st.lists(st.sampled_from(quiz.questions), unique=True)):
        most = len(asked.options) if asked.type == QuestionType.MULTIPLE else 1
        numbers = st.integers(0, len(asked.options) - 1)
        answers[asked.id] = draw(st.frozensets(numbers, max_size=most))
    return quiz, answers


@given(answered(), st.randoms())
def test_the_order_of_answers_and_questions_does_not_matter(
    pair: tuple[Quiz, dict[str, frozenset[int]]], random: Random
) -> None:
    quiz, answers = pair
    shuffled = random.sample(list(answers.items()), len(answers))
    turned = Quiz(tuple(reversed(quiz.questions)))
    assert grade(quiz, dict(shuffled)) == grade(quiz, answers)
    assert grade(turned, answers).score_percent == grade(quiz, answers).score_percent
    assert set(grade(turned, answers).marks) == set(grade(quiz, answers).marks)


@given(answered())
def test_each_question_is_marked_and_the_score_is_the_share_of_right_ones(
    pair: tuple[Quiz, dict[str, frozenset[int]]],
) -> None:
    quiz, answers = pair
    given_grade = grade(quiz, answers)
    assert [id for id, _ in given_grade.marks] == [asked.id for asked in quiz.questions]
    right = sum(answers.get(asked.id) == asked.correct_options for asked in quiz.questions)
    assert given_grade.count(CORRECT) == right
    assert given_grade.score_percent * len(quiz.questions) <= 100 * right
    assert (given_grade.score_percent + 1) * len(quiz.questions) > 100 * right


@given(quizzes())
def test_only_all_right_is_100(quiz: Quiz) -> None:
    answers = {asked.id: asked.correct_options for asked in quiz.questions}
    assert grade(quiz, answers).score_percent == 100
    for asked in quiz.questions:
        assert grade(quiz, answers | {asked.id: frozenset()}).score_percent < 100


@given(quizzes())
def test_ticking_all_earns_nothing(quiz: Quiz) -> None:
    multiple = Quiz(tuple(asked for asked in quiz.questions if asked.type == QuestionType.MULTIPLE))
    answers = {asked.id: frozenset(range(len(asked.options))) for asked in multiple.questions}
    assert grade(multiple, answers).score_percent == 0


any_id = st.sampled_from([f"q{number}" for number in range(9)]) | st.text(max_size=3)


@given(quizzes(), st.dictionaries(any_id, st.frozensets(st.integers(-1, 5), max_size=3), max_size=3))
def test_any_answers_are_graded_or_refused(quiz: Quiz, answers: dict[str, frozenset[int]]) -> None:
    options = {asked.id: range(len(asked.options)) for asked in quiz.questions}
    strange = any(id not in options or not picked <= set(options[id]) for id, picked in answers.items())
    single = {asked.id for asked in quiz.questions if asked.type != QuestionType.MULTIPLE}
    if strange or any(len(picked) > 1 for id, picked in answers.items() if id in single):
        with pytest.raises(Refused, match="answer_"):
            grade(quiz, answers)
    else:
        assert 0 <= grade(quiz, answers).score_percent <= 100
