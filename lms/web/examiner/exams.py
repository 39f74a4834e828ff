"""Oral exams: an examiner asks, and enters what the learner says."""

import secrets
import uuid
from typing import Any

from flask import redirect, url_for

from lms import clock, db
from lms.domain.roles import Role
from lms.services import cohorts, exams
from lms.web import access, examining
from lms.web.examiner.navigation import page

bp = access.blueprint("examiner_exams", __name__, Role.EXAMINER, url_prefix="/examine")

examining.routes(bp, page, "examine", "layouts/desk.html")


@bp.get("/cohorts/<uuid:cohort_id>/exams")
def index(cohort_id: uuid.UUID) -> str:
    """The learners of a class, and where each stands."""
    session, actor = db.current(), access.actor()
    cohort = cohorts.get(session, actor, cohort_id, role=Role.EXAMINER)
    return page("examiner/exams.html", "examine", cohort=cohort, rows=exams.list_oral(session, actor, cohort_id))


@bp.post("/learners/<uuid:enrollment_id>/exams")
def open_oral(enrollment_id: uuid.UUID) -> Any:
    """Opens an oral sitting."""
    seed = secrets.token_hex(16)
    made = exams.open_oral(db.current(), access.actor(), enrollment_id, seed=seed, now=clock.now())
    return redirect(url_for(".paper", sitting_id=made), 303)
