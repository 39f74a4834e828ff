"""Gating exams: the door with its rules, and the paper behind it."""

import secrets
import uuid
from typing import Any

from flask import redirect, url_for

from lms import clock, db
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.services import exams
from lms.web import access, examining
from lms.web.learner.navigation import page

bp = access.blueprint("learner_exams", __name__, Role.LEARNER, url_prefix="/learn")
PLACE = "/courses/<uuid:enrollment_id>/exam"

examining.routes(bp, page, "learn", "layouts/phone.html")


@bp.get(PLACE)
def door(enrollment_id: uuid.UUID) -> str:
    """The rules, the tries so far, and the way in."""
    found = exams.find_door(db.current(), access.actor(), enrollment_id, now=clock.now())
    if found is None:
        raise NotFound
    return page("learner/exam.html", "learn", door=found)


@bp.post(f"{PLACE}/sittings")
def open_sitting(enrollment_id: uuid.UUID) -> Any:
    """Opens a sitting, or goes on with the one that is open."""
    seed = secrets.token_hex(16)
    made = exams.open_sitting(db.current(), access.actor(), enrollment_id, seed=seed, now=clock.now())
    return redirect(url_for(".paper", sitting_id=made), 303)
