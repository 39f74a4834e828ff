"""One quiz file: YAML becomes a Lesson that holds a Quiz."""

from dataclasses import replace

from lms.authoring.fields import Fields, Shape, note_repeats, read_mapping
from lms.authoring.lessons import Known, read_heading
from lms.authoring.problems import Notes
from lms.domain.courses import Lesson, LessonKind, Option, Question, QuestionType, Quiz

LEAST_OPTIONS, MOST_OPTIONS = 3, 5
TRUE_FALSE_OPTIONS = {"对", "错"}
MOST_TEXT = 500

_QUIZ = Shape.of("kind title title_en objectives questions", "topics sources expert_review")
_QUESTION = Shape.of("id type objective stem options")
_OPTION = Shape.of("text feedback", "correct")


def read_quiz(text: str, slug: str, known: Known, notes: Notes) -> Lesson | None:
    """A quiz lesson; None if its YAML is no mapping. What is wrong is noted."""
    fields = read_mapping(text, 1, _QUIZ, notes)
    if not fields:
        return None
    fields.choice("kind", (LessonKind.QUIZ,))
    lesson = read_heading(fields, slug, LessonKind.QUIZ, known)
    rows = fields.rows("questions", _QUESTION)
    questions = tuple(_question(row, lesson.objectives) for row in rows)
    note_repeats(rows, (question.id for question in questions), "id")
    return replace(lesson, quiz=Quiz(questions))


def _question(row: Fields, objectives: tuple[str, ...]) -> Question:
    rows = row.rows("options", _OPTION)
    question = Question(
        id=row.slug("id"),
        type=QuestionType(row.choice("type", tuple(QuestionType)) or QuestionType.SINGLE),
        objective=row.choice("objective", objectives, "question_objective"),
        stem=row.text("stem", MOST_TEXT),
        options=tuple(map(_option, rows)),
    )
    note_repeats(rows, (option.text for option in question.options), "text")
    _check_options(question, row)
    return question


def _option(row: Fields) -> Option:
    return Option(row.text("text", MOST_TEXT), row.text("feedback", MOST_TEXT), row.flag("correct"))


def _check_options(question: Question, row: Fields) -> None:
    found = len(question.options)
    if question.type == QuestionType.TRUE_FALSE:
        if found != 2 or {option.text for option in question.options} != TRUE_FALSE_OPTIONS:
            row.note("options", "options_true_false")
    elif not LEAST_OPTIONS <= found <= MOST_OPTIONS:
        row.note("options", "options_count", least=LEAST_OPTIONS, most=MOST_OPTIONS, found=found)
    code = _wrong_count(question.type, len(question.correct_options), found)
    if code:
        row.note("options", code)


def _wrong_count(type: QuestionType, correct: int, found: int) -> str | None:
    if correct == 0:
        return "options_none_correct"
    if type == QuestionType.MULTIPLE:
        return None if 2 <= correct < found else "options_some_correct"
    return None if correct == 1 else "options_one_correct"
