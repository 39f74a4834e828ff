"""A course that begins with the modules of another: the shared core stands in one place."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from lms.authoring.fields import Said
from lms.authoring.problems import Notes
from lms.domain.courses import Course


def including(
    course: Course, includes: Iterable[Said], library: Callable[[str], Course | None], notes: Notes
) -> Course:
    """The course with the modules and sources of those it includes before its own; what cannot be is noted."""
    whole = course
    for said in includes:
        other = library(said.text)
        if other is None:
            notes.add(said.line, "include_missing", slug=said.text)
        elif taken := sorted(_names(other) & _names(whole)):
            notes.add(said.line, "include_collides", slug=said.text, name=taken[0])
        else:
            whole = replace(whole, sources=other.sources + whole.sources, modules=other.modules + whole.modules)
    return whole


def _names(course: Course) -> set[str]:
    """Everything that must be one of a kind in a course, each with a word for its kind."""
    return (
        {f"source {source.id}" for source in course.sources}
        | {f"module {module.slug}" for module in course.modules}
        | {f"objective {objective.id}" for objective in course.objectives}
        | {f"lesson {lesson.slug}" for lesson in course.lessons}
    )
