"""Quizzes: the questions, the submission, the result with feedback for each answer."""

import uuid
from typing import Any

from flask import redirect, request, url_for

from lms import clock, db
from lms.domain.roles import Role
from lms.services import learning, notebook, quizzes
from lms.web import access
from lms.web.forms import option_number
from lms.web.learner.navigation import page
from lms.web.learner.notebook import offer

bp = access.blueprint("learner_quizzes", __name__, Role.LEARNER, url_prefix="/learn")
PLACE = "/courses/<uuid:enrollment_id>/quizzes/<uuid:lesson_id>"
FIELD = "q-"


@bp.get(PLACE)
def show(enrollment_id: uuid.UUID, lesson_id: uuid.UUID) -> str:
    """All questions of a quiz on one page."""
    sheet = quizzes.get_sheet(db.current(), access.actor(), enrollment_id, lesson_id)
    return page("learner/quiz.html", "learn", sheet=sheet, answers={}, gaps=[])


@bp.post(f"{PLACE}/attempts")
def create_attempt(enrollment_id: uuid.UUID, lesson_id: uuid.UUID) -> Any:
    """Grades what was picked and shows the result."""
    answers = {
        name.removeprefix(FIELD): frozenset(option_number(value) for value in values)
        for name, values in request.form.lists()
        if name.startswith(FIELD)
    }
    sheet = quizzes.get_sheet(db.current(), access.actor(), enrollment_id, lesson_id)
    if gaps := [number for number, asked in enumerate(sheet.quiz.questions, 1) if not answers.get(asked.id)]:
        return page("learner/quiz.html", "learn", sheet=sheet, answers=answers, gaps=gaps), 422
    attempt_id = quizzes.submit_attempt(
        db.current(), access.actor(), enrollment_id, lesson_id, answers, now=clock.now()
    )
    return redirect(url_for(".attempt", attempt_id=attempt_id), 303)


@bp.get("/attempts/<uuid:attempt_id>")
def attempt(attempt_id: uuid.UUID) -> str:
    """One attempt: the score, each question with what was picked and why it is right or wrong."""
    view = quizzes.get_attempt(db.current(), access.actor(), attempt_id)
    card = learning.get_course(db.current(), access.actor(), view.sheet.enrollment_id, now=clock.now())
    wrong = [question for question in view.sheet.quiz.questions if view.is_wrong(question.id)]
    return page(
        "learner/attempt.html",
        "learn",
        view=view,
        card=card,
        wrong=wrong,
        teaches=notebook.list_teaching(db.current(), view.sheet.lesson_id, wrong),
        waiting=offer(view.sheet.enrollment_id),
    )
