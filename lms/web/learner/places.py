"""Where a learner can do something about what she still lacks."""

import uuid

from flask import url_for

from lms.domain.verdicts import Reason
from lms.services.learning import CourseCard
from lms.web.missing import IN_PERSON, Missing, missing

QUIZZES = ("quiz_not_tried", "quiz_not_passed")


def missing_of(card: CourseCard) -> list[Missing]:
    """还差什么 of one course; nothing once her record is there."""
    return [] if card.code else missing(card.standing.verdict, lambda reason: _place(card.enrollment_id, reason))


def _place(enrollment_id: uuid.UUID, reason: Reason) -> str | None:
    lesson_id = reason.values.get("lesson_id")
    if reason.code in IN_PERSON:
        return url_for("learner_classes.index")
    if reason.code.startswith("exam_"):
        return url_for("learner_exams.door", enrollment_id=enrollment_id)
    if lesson_id is None or reason.code == "video_not_ready":
        return None
    endpoint = "learner_quizzes.show" if reason.code in QUIZZES else "learner_lessons.show"
    return url_for(endpoint, enrollment_id=enrollment_id, lesson_id=lesson_id)
