"""What can be studied, told to a tool: the learner's enrollments and the lessons in them."""

import uuid
from dataclasses import asdict
from typing import Any

from flask import jsonify
from pydantic import BaseModel

from lms import db
from lms.domain.roles import Role
from lms.services import study
from lms.web import access
from lms.web.api.openapi import described

bp = access.blueprint("api_courses", __name__, Role.LEARNER, url_prefix="/api/v1/study")


class LessonOfCourse(BaseModel):
    """One lesson and where it stands; `duration_ms` is null while a video is being made."""

    lesson: uuid.UUID
    title: str
    kind: str
    duration_ms: int | None
    credited_ms: int
    confirmed_ms: int
    position_ms: int


class CourseOfLearner(BaseModel):
    """One enrollment."""

    enrollment: uuid.UUID
    title: str
    lessons: list[LessonOfCourse]


class CoursesAnswer(BaseModel):
    """Everything the learner is enrolled in."""

    courses: list[CourseOfLearner]


@bp.get("/courses")
@described(None, {200: CoursesAnswer}, "study")
def list_courses() -> Any:
    """Your own enrollments with their lessons: how long each is, how much is credited and confirmed."""
    courses = study.list_lessons(db.current(), access.actor())
    answer = jsonify(courses=[asdict(course) for course in courses])
    answer.headers["Cache-Control"] = "no-store"
    return answer
