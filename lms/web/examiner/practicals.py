"""Practicals on an examiner's phone: the class, a learner, a skill, and the sheet."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, crypto, db
from lms.domain import practice as rules
from lms.domain.courses import Practice
from lms.domain.roles import Role
from lms.services import practice
from lms.services.practice import Signing, SittingPage
from lms.web import access
from lms.web.examiner.navigation import page
from lms.web.forms import told

bp = access.blueprint("examiner_practicals", __name__, Role.EXAMINER, url_prefix="/examine/practicals")

SAID = {"1": True, "0": False}


@bp.get("/cohorts/<uuid:cohort_id>")
def cohort(cohort_id: uuid.UUID) -> str:
    """What waits for her in a class, and its learners."""
    people = practice.list_learners(db.current(), access.actor(), Role.EXAMINER, cohort_id)
    return page("examiner/cohort.html", "examine", people=people)


@bp.get("/learners/<uuid:enrollment_id>")
def learner(enrollment_id: uuid.UUID) -> str:
    """One learner and her skills."""
    found = practice.get_learner(db.current(), access.actor(), Role.EXAMINER, enrollment_id)
    return page("examiner/learner.html", "examine", learner=found)


@bp.get("/learners/<uuid:enrollment_id>/skills/<uuid:lesson_id>")
def skill(enrollment_id: uuid.UUID, lesson_id: uuid.UUID) -> str:
    """One skill of a learner: how her sittings went, and whether one may be opened."""
    found = practice.get_skill(db.current(), access.actor(), Role.EXAMINER, enrollment_id, lesson_id)
    return page("examiner/skill.html", "examine", found=found)


@bp.post("/learners/<uuid:enrollment_id>/skills/<uuid:lesson_id>/sittings")
def create_sitting(enrollment_id: uuid.UUID, lesson_id: uuid.UUID) -> Any:
    """Opens a sitting, or finds the one that another examiner opened."""
    made = practice.open_sitting(db.current(), access.actor(), enrollment_id, lesson_id, now=clock.now())
    return redirect(url_for(".show", sitting_id=made), 303)


@bp.get("/sittings/<uuid:sitting_id>")
def show(sitting_id: uuid.UUID) -> str:
    """The checklist to be marked, or her own sheet once it is signed."""
    return _page(practice.get_sitting(db.current(), access.actor(), sitting_id))


@bp.post("/sittings/<uuid:sitting_id>/sheets")
def create_sheet(sitting_id: uuid.UUID) -> Any:
    """Shows what she marked once more; signed it is when she says she is sure."""
    session, actor = db.current(), access.actor()
    found, wrong = practice.get_sitting(session, actor, sitting_id), list[str]()
    signing = _signing(found.skill.text)
    if not request.form.get("sure"):
        with told(wrong) as outcome:
            sheet = rules.score(found.skill.text, signing.marks)
            rules.check_note(signing.note)
        return (_page(found, wrong), 422) if outcome.failed else _summary(found, signing, sheet)
    with told(wrong) as outcome:
        practice.submit_sheet(session, actor, sitting_id, signing, now=clock.now())
    if outcome.failed:
        return _page(found, wrong), 422
    flash(_("打分单已提交，不能再改。"), "success")
    return redirect(url_for(".show", sitting_id=sitting_id), 303)


def _signing(text: Practice) -> Signing:
    answers = [request.form.get(f"step-{number}", "") for number in range(1, len(text.steps) + 1)]
    return Signing(
        client_key=request.form.get("client_key", ""),
        marks=tuple(SAID.get(answer) for answer in answers),
        note=request.form.get("note", ""),
    )


def _page(found: SittingPage, wrong: list[str] | None = None) -> str:
    key = request.form.get("client_key") or crypto.token()
    return page(
        "examiner/sitting.html",
        "examine",
        found=found,
        wrong=wrong or [],
        said=request.form,
        key=key,
        account_id=access.actor().account_id,
    )


def _summary(found: SittingPage, signing: Signing, sheet: rules.Sheet) -> str:
    text = found.skill.text
    return page(
        "examiner/summary.html",
        "examine",
        found=found,
        sheet=sheet,
        is_pass=sheet.passed(text.pass_points),
        missed=[step for step, is_done in zip(text.steps, signing.marks, strict=True) if not is_done],
        said=request.form,
    )
