"""The learner's home and a course's outline."""

import uuid
from typing import Any

from flask import redirect, url_for

from lms import clock, db
from lms.domain.roles import Role
from lms.services import activation, exams, learning, notebook, practice, renewals, rights
from lms.web import access, renewal_words
from lms.web.learner.navigation import page
from lms.web.learner.notebook import sum_up
from lms.web.learner.places import missing_of

bp = access.blueprint("learner_courses", __name__, Role.LEARNER, url_prefix="/learn")


@bp.get("/")
def home() -> Any:
    """What to go on with, and all her courses."""
    session, actor, now = db.current(), access.actor(), clock.now()
    if activation.next_step(session, actor) is not None:
        return redirect(url_for("learner_welcome.index"), 303)
    cards = learning.list_courses(session, actor, now=now)
    books = sum_up(notebook.list_own(session, actor, now=now))
    return page(
        "learner/home.html",
        "learn",
        cards=cards,
        books=books,
        missing_of=missing_of,
        statement=rights.statements.find_new(session, actor),
        renewal=renewals.most_pressing(session, actor, now=now),
        renewal_told=renewal_words,
    )


@bp.get("/courses/<uuid:enrollment_id>")
def outline(enrollment_id: uuid.UUID) -> str:
    """One course: its lessons, what is done, what is missing."""
    session, actor, now = db.current(), access.actor(), clock.now()
    card = learning.get_course(session, actor, enrollment_id, now=now)
    hers = practice.get_learner(session, actor, Role.LEARNER, enrollment_id)
    return page(
        "learner/course.html",
        "learn",
        card=card,
        missing=missing_of(card),
        exam=exams.find_door(session, actor, enrollment_id, now=now),
        skills={row.skill.lesson_id: row for row in hers.rows},
        waiting=len(notebook.get_own(session, actor, enrollment_id, now=now).due),
    )
