"""The learner's home and a course's outline."""

import uuid

from lms import clock, db
from lms.domain.roles import Role
from lms.services import exams, learning, notebook, practice
from lms.web import access
from lms.web.learner.navigation import page
from lms.web.learner.notebook import sum_up

bp = access.blueprint("learner_courses", __name__, Role.LEARNER, url_prefix="/learn")


@bp.get("/")
def home() -> str:
    """What to go on with, and all her courses."""
    cards = learning.list_courses(db.current(), access.actor())
    books = notebook.list_own(db.current(), access.actor(), now=clock.now())
    return page("learner/home.html", "learn", cards=cards, books=sum_up(books))


@bp.get("/courses/<uuid:enrollment_id>")
def outline(enrollment_id: uuid.UUID) -> str:
    """One course: its lessons, what is done, what is missing."""
    card = learning.get_course(db.current(), access.actor(), enrollment_id)
    exam = exams.find_door(db.current(), access.actor(), enrollment_id, now=clock.now())
    hers = practice.get_learner(db.current(), access.actor(), Role.LEARNER, enrollment_id)
    skills = {row.skill.lesson_id: row for row in hers.rows}
    book = notebook.get_own(db.current(), access.actor(), enrollment_id, now=clock.now())
    waiting = len(book.due)
    return page("learner/course.html", "learn", card=card, exam=exam, skills=skills, waiting=waiting)
