"""The pages of cases and corrections that institution staff and the platform's staff share."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from lms import clock, db
from lms.domain.cases import CaseVerdict
from lms.domain.corrections import Decision
from lms.domain.roles import Role
from lms.services import cases, corrections
from lms.web import access, case_words, correction_words
from lms.web.access import GatedBlueprint
from lms.web.downloads import paper_sent
from lms.web.forms import errors_of, refusals

Page = Callable[..., str]
WORDS = {"words_length": "note", "words_personal": "note"}
CHOOSE = _("请选一个结论。")


class VerdictForm(FlaskForm):
    """What somebody who looked into a case says."""

    verdict = SelectField(
        coerce=CaseVerdict,
        choices=[SelectChoice(each.value) for each in CaseVerdict],
        validators=[InputRequired(CHOOSE)],
        invalid_value_message=CHOOSE,
        invalid_choice_message=CHOOSE,
    )
    note = StringField()


class DecisionForm(FlaskForm):
    """What the second person says of a correction; nothing happens without the box ticked."""

    decision = SelectField(
        coerce=Decision,
        choices=[SelectChoice(each.value) for each in Decision],
        validators=[InputRequired(CHOOSE)],
        invalid_value_message=CHOOSE,
        invalid_choice_message=CHOOSE,
    )
    note = StringField()
    sure = BooleanField(validators=[InputRequired(_("请先核对材料，再在这里打勾。"))])


def add_cases(bp: GatedBlueprint, desk: Role, page: Page) -> None:
    """The queue, one case, and the last word on an appeal, for one desk."""

    @bp.get("/")
    def index() -> str:
        found = cases.list_cases(db.current(), access.actor(), desk)
        return page("cases/list.html", "cases", found=found, told=case_words, desk=desk)

    @bp.get("/<uuid:case_id>")
    def show(case_id: uuid.UUID) -> str:
        return case_page(page, desk, case_id, VerdictForm())

    @bp.post("/<uuid:case_id>/appeal-decisions")
    def decide_appeal(case_id: uuid.UUID) -> Any:
        return judge(page, desk, case_id, cases.decide_appeal)


def case_page(page: Page, desk: Role, case_id: uuid.UUID, form: VerdictForm) -> str:
    """One case with all that happened and what may happen next."""
    actor = access.actor()
    found = cases.get_case(db.current(), actor, desk, case_id)
    first = found.decision.account_id if found.decision else None
    return page(
        "cases/case.html",
        "cases",
        found=found,
        told=case_words,
        desk=desk,
        form=form,
        errors=errors_of(form),
        is_first=first == actor.account_id,
        is_learner=found.person_id == actor.person_id,
    )


def judge(page: Page, desk: Role, case_id: uuid.UUID, act: Callable[..., None]) -> Any:
    """Carries out a decision, or shows the form again with what is wrong."""
    form = VerdictForm()
    if form.validate_on_submit():
        with refusals(form, WORDS) as outcome:
            wanted = (form.verdict.data, form.note.data or "")
            act(db.current(), access.actor(), desk, case_id, *wanted, now=clock.now())
        if not outcome.failed:
            flash(gettext("结论已记下，学员看得到。学时没有变。"), "success")
            return redirect(url_for(".show", case_id=case_id), 303)
    return case_page(page, desk, case_id, form), 422


def add_corrections(bp: GatedBlueprint, desk: Role, page: Page) -> None:
    """The queue, one correction, its file, and the second person's decision, for one desk."""

    @bp.get("/")
    def index() -> str:
        found = corrections.list_corrections(db.current(), access.actor(), desk)
        return page("corrections/list.html", "corrections", found=found, told=correction_words, desk=desk)

    @bp.get("/<uuid:correction_id>")
    def show(correction_id: uuid.UUID) -> str:
        return _correction(page, desk, correction_id, DecisionForm())

    @bp.get("/<uuid:correction_id>/attachment")
    @access.writes
    def download(correction_id: uuid.UUID) -> Response:
        store, now = access.parts().store, clock.now()
        sent = corrections.open_attachment(db.current(), store, access.actor(), desk, correction_id, now=now)
        return paper_sent(sent, correction_id)

    @bp.post("/<uuid:correction_id>/decision")
    def decide(correction_id: uuid.UUID) -> Any:
        form = DecisionForm()
        if form.validate_on_submit():
            with refusals(form, WORDS) as outcome:
                wanted = (form.decision.data, form.note.data or "")
                actor, now = access.actor(), clock.now()
                corrections.decide(db.current(), actor, desk, correction_id, *wanted, now=now)
            if not outcome.failed:
                flash(gettext("结论已记下。"), "success")
                return redirect(url_for(".show", correction_id=correction_id), 303)
        return _correction(page, desk, correction_id, form), 422


def _correction(page: Page, desk: Role, correction_id: uuid.UUID, form: DecisionForm) -> str:
    found = corrections.get_correction(db.current(), access.actor(), desk, correction_id, now=clock.now())
    facts = {"found": found, "told": correction_words, "desk": desk, "form": form, "errors": errors_of(form)}
    return page("corrections/correction.html", "corrections", **facts)
