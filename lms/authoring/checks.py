"""What only shows when the whole course lies on the table."""

from lms.authoring.manifest import Manifest, Part
from lms.authoring.problems import Notes
from lms.domain.courses import Course, Module


def check_course(course: Course, manifest: Manifest, notes: Notes) -> None:
    """Note on course.yaml: objectives no question asks about, modules without quiz."""
    asked = _asked(course)
    for module, part in zip(course.modules, manifest.parts, strict=True):
        _check_module(module, part, asked, notes)


def _check_module(module: Module, part: Part, asked: set[str], notes: Notes) -> None:
    if not any(file.text.startswith("quizzes/") for file in part.files):
        notes.add(part.row.line, "module_without_quiz", module=module.slug)
    for objective, row in zip(module.objectives, part.objective_rows, strict=True):
        if objective.id and objective.id not in asked:
            notes.add(row.line, "objective_not_asked", objective=objective.id)


def _asked(course: Course) -> set[str]:
    quizzes = (lesson.quiz for lesson in course.lessons if lesson.quiz)
    return {question.objective for quiz in quizzes for question in quiz.questions}
