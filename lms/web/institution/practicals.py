"""The practicals of a class as its institution sees them: who passed, who waits, what is disputed."""

import uuid

from flask import Response

from lms import clock, db
from lms.domain.practice import Outcome
from lms.domain.roles import Role
from lms.services import cohorts, practice
from lms.web import access
from lms.web.institution.navigation import page
from lms.web.practical_pictures import send

bp = access.blueprint("institution_practicals", __name__, Role.INSTITUTION, url_prefix="/institution")


@bp.get("/cohorts/<uuid:cohort_id>/practicals")
def cohort(cohort_id: uuid.UUID) -> str:
    """What is disputed and what waits for signatures first, then every learner."""
    session, actor = db.current(), access.actor()
    found = cohorts.get(session, actor, cohort_id)
    people = practice.list_learners(session, actor, Role.INSTITUTION, cohort_id)
    rows = [(learner, row) for learner in people for row in learner.rows]
    return page(
        "institution/practicals.html",
        "cohorts",
        cohort=found,
        people=people,
        disputed=[each for each in rows if each[1].exam.outcome is Outcome.DISPUTED],
        waiting=[each for each in rows if each[1].exam.outcome is Outcome.WAITING],
    )


@bp.get("/practicals/<uuid:enrollment_id>")
def learner(enrollment_id: uuid.UUID) -> str:
    """All skills of one learner."""
    found = practice.get_learner(db.current(), access.actor(), Role.INSTITUTION, enrollment_id)
    return page("institution/practicals_learner.html", "cohorts", learner=found)


@bp.get("/practicals/<uuid:enrollment_id>/skills/<uuid:lesson_id>")
def skill(enrollment_id: uuid.UUID, lesson_id: uuid.UUID) -> str:
    """One skill of one learner with every sheet and picture."""
    found = practice.get_skill(db.current(), access.actor(), Role.INSTITUTION, enrollment_id, lesson_id)
    return page("institution/practicals_skill.html", "cohorts", found=found)


@bp.get("/practicals/pictures/<uuid:picture_id>")
@access.writes
def picture(picture_id: uuid.UUID) -> Response:
    """One picture; the look is on record."""
    return send(practice.open_picture(db.current(), access.actor(), Role.INSTITUTION, picture_id, now=clock.now()))
