"""One practice file: YAML becomes a Lesson that holds a Practice, the checklist an assessor goes through."""

from dataclasses import replace

from lms.authoring.fields import Fields, Shape, read_mapping
from lms.authoring.lessons import Known, read_heading
from lms.authoring.problems import Notes
from lms.domain.courses import Lesson, LessonKind, Practice, Step

LEAST_STEPS, MOST_STEPS = 3, 30
ALL_POINTS = 100

_PRACTICE = Shape.of("kind title title_en objectives prepare steps pass_points", "topics sources expert_review")
_STEP = Shape.of("text points", "critical")


def read_practice(text: str, slug: str, known: Known, notes: Notes) -> Lesson | None:
    """A practice lesson; None if its YAML is no mapping. What is wrong is noted."""
    fields = read_mapping(text, 1, _PRACTICE, notes)
    if not fields:
        return None
    fields.choice("kind", (LessonKind.PRACTICE,))
    lesson = read_heading(fields, slug, LessonKind.PRACTICE, known)
    rows = fields.rows("steps", _STEP)
    practice = Practice(
        prepare=tuple(said.text for said in fields.entries("prepare")),
        steps=tuple(map(_step, rows)),
        pass_points=fields.number("pass_points", 1, ALL_POINTS),
    )
    _check_steps(practice, fields)
    return replace(lesson, practice=practice)


def _step(row: Fields) -> Step:
    return Step(row.text("text"), row.number("points", 1, ALL_POINTS), row.flag("critical"))


def _check_steps(practice: Practice, fields: Fields) -> None:
    found, points = len(practice.steps), sum(step.points for step in practice.steps)
    if not LEAST_STEPS <= found <= MOST_STEPS:
        fields.note("steps", "steps_count", least=LEAST_STEPS, most=MOST_STEPS, found=found)
    elif points != ALL_POINTS:
        fields.note("steps", "steps_points", all=ALL_POINTS, found=points)
