"""A filing (开班申请) as the institution writes it: a few steps that are kept, what is missing, handing in, closing."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from lms import clock, db
from lms.domain.roles import Role
from lms.services import attendance, filings
from lms.services.filings import FilingView
from lms.web import access, filing_words
from lms.web.forms import errors_of, refusals, told
from lms.web.institution.filing_forms import BasicsForm, MeansForm, PlanForm, TrainingForm
from lms.web.institution.forms import choices
from lms.web.institution.navigation import page

bp = access.blueprint("institution_filings", __name__, Role.INSTITUTION, url_prefix="/institution/cohorts")

BASICS_REFUSALS = {
    "cohort_name_length": "name",
    "cohort_name_strange_sign": "name",
    "cohort_name_taken": "name",
    "policy_not_in_force": "opens_on",
    "cohort_closes_before_opening": "closes_on",
    "cohort_already_over": "closes_on",
    "filing_size": "size",
    "filing_text": "place",
    "words_personal": "place",
    "mobile_shape": "phone",
}
TRAINING_REFUSALS = {"filing_text": "occupation", "words_personal": "occupation", "filing_kind": "kind"}
MEANS_REFUSALS = {"filing_text": "materials", "words_personal": "materials"}
PLAN_REFUSALS = {"filing_line": "subject", "filing_hours": "hours", "filing_plan_full": "subject"}


@bp.get("/<uuid:cohort_id>/filing")
def show(cohort_id: uuid.UUID) -> str:
    """The filing: where it stands, what is missing, what was sent back, its history."""
    return _overview(cohort_id)


def _overview(cohort_id: uuid.UUID, wrong: tuple[str, ...] = ()) -> str:
    history = filings.timeline(db.current(), access.actor(), cohort_id, Role.INSTITUTION)
    return page(
        "institution/filing.html",
        "cohorts",
        filing=_read(cohort_id),
        history=history,
        words=filing_words,
        wrong=wrong,
    )


def _read(cohort_id: uuid.UUID) -> FilingView:
    keyring = access.parts().keyring
    return filings.get(db.current(), keyring, access.actor(), cohort_id, Role.INSTITUTION, now=clock.now())


@bp.route("/<uuid:cohort_id>/filing/basics", methods=["GET", "POST"])
def basics(cohort_id: uuid.UUID) -> Any:
    """Name, days, size, place, and who is in charge."""
    found = _read(cohort_id)
    known = {name: found.facts[name] for name in ("name", "size", "place", "manager")}
    form = BasicsForm(data={**known, "opens_on": found.opens_on, "closes_on": found.closes_on})
    if form.validate_on_submit():
        with refusals(form, BASICS_REFUSALS) as outcome:
            days = {"name": form.name.data, "opens_on": form.opens_on.data, "closes_on": form.closes_on.data}
            filings.rename(db.current(), access.actor(), cohort_id, **days, now=clock.now())
            _keep(cohort_id, form)
        if not outcome.failed:
            return _on(cohort_id, "training")
    return _step("basics", found, form)


@bp.route("/<uuid:cohort_id>/filing/training", methods=["GET", "POST"])
def training(cohort_id: uuid.UUID) -> Any:
    """Programme and kind, occupation, level, certificate."""
    found = _read(cohort_id)
    facts = found.facts
    kind = f"{facts['programme']}:{facts['training_kind']}" if facts["programme"] else ""
    known = {name: facts[name] for name in ("occupation", "level", "certificate")}
    form = TrainingForm(data={**known, "kind": kind})
    form.offer()
    if form.validate_on_submit():
        with refusals(form, TRAINING_REFUSALS) as outcome:
            _keep(cohort_id, form)
        if not outcome.failed:
            return _on(cohort_id, "plan")
    return _step("training", found, form)


@bp.route("/<uuid:cohort_id>/filing/means", methods=["GET", "POST"])
def means(cohort_id: uuid.UUID) -> Any:
    """Teaching material, rooms and equipment, and how it is examined."""
    found = _read(cohort_id)
    form = MeansForm(data={name: found.facts[name] for name in ("materials", "resources", "exam_plan")})
    if form.validate_on_submit():
        with refusals(form, MEANS_REFUSALS) as outcome:
            _keep(cohort_id, form)
        if not outcome.failed:
            return redirect(url_for(".show", cohort_id=cohort_id), 303)
    return _step("means", found, form)


@bp.route("/<uuid:cohort_id>/filing/plan", methods=["GET", "POST"])
def plan(cohort_id: uuid.UUID) -> Any:
    """The plan line by line."""
    found, form = _read(cohort_id), PlanForm()
    options = attendance.options(db.current(), access.actor(), cohort_id)
    form.teacher_id.choices = choices([("", _("还没定")), *((str(each), name) for each, name in options.teachers)])
    if form.validate_on_submit():
        with refusals(form, PLAN_REFUSALS) as outcome:
            filings.add_item(db.current(), access.actor(), cohort_id, form.line(), now=clock.now())
        if not outcome.failed:
            flash(_("已加进计划。"), "success")
            return redirect(url_for(".plan", cohort_id=cohort_id), 303)
    return _step("plan", found, form)


@bp.post("/<uuid:cohort_id>/filing/plan/<uuid:item_id>/removal")
def remove_item(cohort_id: uuid.UUID, item_id: uuid.UUID) -> Any:
    """Takes a line out of the plan."""
    filings.remove_item(db.current(), access.actor(), cohort_id, item_id, now=clock.now())
    return redirect(url_for(".plan", cohort_id=cohort_id), 303)


def _keep(cohort_id: uuid.UUID, form: Any) -> None:
    keyring, said = access.parts().keyring, form.described()
    filings.describe(db.current(), keyring, access.actor(), cohort_id, said, now=clock.now())


def _on(cohort_id: uuid.UUID, step: str) -> Any:
    flash(_("已保存。"), "success")
    place = ".show" if request.form.get("then") == "overview" else f".{step}"
    return redirect(url_for(place, cohort_id=cohort_id), 303)


def _step(step: str, filing: FilingView, form: FlaskForm) -> Any:
    facts = {"filing": filing, "form": form, "errors": errors_of(form), "words": filing_words, "step": step}
    return page(f"institution/filing_{step}.html", "cohorts", **facts), 422 if form.errors else 200


@bp.post("/<uuid:cohort_id>/filing/submissions")
def submit(cohort_id: uuid.UUID) -> Any:
    """Hands the filing in, or shows what is still missing."""
    return _act(cohort_id, _file, _("已提交，等待审核。审核期间内容不能改。"))


@bp.post("/<uuid:cohort_id>/filing/closings")
def close(cohort_id: uuid.UUID) -> Any:
    """Closes the class, or says what must be finished first."""
    return _act(cohort_id, _close, _("班期已结课。"))


@bp.post("/<uuid:cohort_id>/filing/archivings")
def archive(cohort_id: uuid.UUID) -> Any:
    """Puts the closed class into the archive."""
    return _act(cohort_id, _archive, _("班期已归档，以后只能看，不能改。"))


def _file(cohort_id: uuid.UUID) -> None:
    filings.file(db.current(), access.parts().keyring, access.actor(), cohort_id, now=clock.now())


def _close(cohort_id: uuid.UUID) -> None:
    note = request.form.get("note", "")
    filings.close(db.current(), access.parts().keyring, access.actor(), cohort_id, note, now=clock.now())


def _archive(cohort_id: uuid.UUID) -> None:
    note = request.form.get("note", "")
    filings.archive(db.current(), access.parts().keyring, access.actor(), cohort_id, note, now=clock.now())


def _act(cohort_id: uuid.UUID, act: Any, done: str) -> Any:
    wrong: list[str] = []
    with told(wrong) as outcome:
        act(cohort_id)
    if outcome.failed:
        return _overview(cohort_id, tuple(wrong)), 422
    flash(done, "success")
    return redirect(url_for(".show", cohort_id=cohort_id), 303)
