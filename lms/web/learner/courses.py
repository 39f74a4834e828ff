"""The learner's home and a course's outline."""

import uuid

from lms import clock, db
from lms.domain.roles import Role
from lms.services import learning
from lms.web import access
from lms.web.learner.navigation import page
from lms.web.learner.places import missing_of

bp = access.blueprint("learner_courses", __name__, Role.LEARNER, url_prefix="/learn")


@bp.get("/")
def home() -> str:
    """What to go on with, and all her courses."""
    cards = learning.list_courses(db.current(), access.actor(), now=clock.now())
    return page("learner/home.html", "learn", cards=cards, missing_of=missing_of)


@bp.get("/courses/<uuid:enrollment_id>")
def outline(enrollment_id: uuid.UUID) -> str:
    """One course: its lessons, what is done, what is missing."""
    card = learning.get_course(db.current(), access.actor(), enrollment_id, now=clock.now())
    return page("learner/course.html", "learn", card=card, missing=missing_of(card))
