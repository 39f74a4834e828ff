"""A lesson file as a form: read without losing what somebody wrote, or left to be edited as text."""

from dataclasses import replace

from lms.authoring.lessons import Known, read_lesson
from lms.authoring.outline import Outline
from lms.authoring.practices import read_practice
from lms.authoring.problems import Notes, Problem
from lms.authoring.quizzes import read_quiz
from lms.domain.courses import Asset, Lesson, LessonKind

# A form shows these as they stand; any other fault would be lost if the file were written from the form.
_HARMLESS = frozenset(
    {
        "body_empty",
        "body_too_long",
        "heading_level",
        "key_missing",
        "link_not_http",
        "list_empty",
        "markdown_bold",
        "markdown_code",
        "markdown_html",
        "markdown_image",
        "markdown_link",
        "markdown_table",
        "minutes_far_from_text",
        "number_outside",
        "options_count",
        "options_none_correct",
        "options_one_correct",
        "options_some_correct",
        "options_true_false",
        "picture_without_words",
        "slide_before_title",
        "slide_block",
        "slide_narration_missing",
        "slide_point_empty",
        "slide_point_too_long",
        "slide_points_too_many",
        "slide_title_empty",
        "slides_missing",
        "steps_count",
        "steps_points",
        "text_empty",
    }
)


def known_of(outline: Outline) -> Known:
    """The ids that lessons of this course may refer to."""
    goals = (goal.id for shelf in outline.shelves for goal in shelf.module.objectives)
    return Known(tuple(goals), tuple(source.id for source in outline.course.sources))


def open_lesson(path: str, slug: str, text: str, known: Known) -> Lesson | None:
    """The lesson a form can show and write back whole; None where only text editing loses nothing."""
    problems: list[Problem] = []
    read = {"quizzes": read_quiz, "practices": read_practice}.get(path.partition("/")[0], read_lesson)
    lesson = read(text, slug, known, Notes(path, problems))
    if lesson is None or any(problem.code not in _HARMLESS for problem in problems):
        return None
    return lesson


def with_paper(lesson: Lesson, name: str) -> Lesson:
    """A file lesson that hands out the paper of that name; the writer of files needs no more than the name."""
    return replace(lesson, assets=(Asset(name, "", "", 0),)) if lesson.kind is LessonKind.FILE and name else lesson
