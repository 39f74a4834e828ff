"""Tasks at work (工学一体化) on a mentor's phone: her learners, their tasks, her signature."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, crypto, db
from lms.domain.roles import Role
from lms.services import practice
from lms.services.practice import Signing
from lms.web import access
from lms.web.examiner.navigation import page
from lms.web.forms import told

bp = access.blueprint("mentor_tasks", __name__, Role.MENTOR, url_prefix="/mentor")


@bp.get("/cohorts/<uuid:cohort_id>")
def cohort(cohort_id: uuid.UUID) -> str:
    """The learners of a class and how many of their tasks are signed."""
    people = practice.list_learners(db.current(), access.actor(), Role.MENTOR, cohort_id)
    return page("examiner/task_cohort.html", "mentor", people=people)


@bp.get("/learners/<uuid:enrollment_id>")
def learner(enrollment_id: uuid.UUID) -> str:
    """One learner and her tasks."""
    found = practice.get_learner(db.current(), access.actor(), Role.MENTOR, enrollment_id)
    return page("examiner/learner.html", "mentor", learner=found)


@bp.get("/learners/<uuid:enrollment_id>/tasks/<uuid:lesson_id>")
def skill(enrollment_id: uuid.UUID, lesson_id: uuid.UUID) -> str:
    """One task: what it is made of, and the form to sign it, or her signature."""
    return _page(enrollment_id, lesson_id)


@bp.post("/learners/<uuid:enrollment_id>/tasks/<uuid:lesson_id>/signatures")
def create(enrollment_id: uuid.UUID, lesson_id: uuid.UUID) -> Any:
    """Signs that the learner did it herself; nothing happens without the box ticked."""
    if request.form.get("sure") != "1":
        return _page(enrollment_id, lesson_id, [_("请先在最后一行打勾，再签字。")]), 422
    wrong = list[str]()
    with told(wrong) as outcome:
        practice.sign_task(db.current(), access.actor(), enrollment_id, lesson_id, _signing(), now=clock.now())
    if outcome.failed:
        return _page(enrollment_id, lesson_id, wrong), 422
    flash(_("已签字，不能再改。"), "success")
    return redirect(url_for(".skill", enrollment_id=enrollment_id, lesson_id=lesson_id), 303)


def _signing() -> Signing:
    minutes = request.form.get("minutes", 0, type=int)
    return Signing(request.form.get("client_key", ""), note=request.form.get("note", ""), minutes=minutes)


def _page(enrollment_id: uuid.UUID, lesson_id: uuid.UUID, wrong: list[str] | None = None) -> str:
    found = practice.get_skill(db.current(), access.actor(), Role.MENTOR, enrollment_id, lesson_id)
    key = request.form.get("client_key") or crypto.token()
    return page("examiner/task.html", "mentor", found=found, wrong=wrong or [], said=request.form, key=key)
