"""The pages of completion records that institution staff and the platform's staff share."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from lms import clock, db
from lms.domain.records import REVOKING, Decision, ProposalKind
from lms.domain.roles import Role
from lms.services import records
from lms.web import access, record_words, renewal_words
from lms.web.access import GatedBlueprint
from lms.web.forms import errors_of, id_in, refusals

Page = Callable[..., str]
CHOOSE, REASON = _("请选一个结论。"), _("请选一个原因。")
WHAT = _("请选要做什么。")
PROPOSED = {"words_length": "words", "words_personal": "words", "record_reason": "reason"}
DECIDED = {"words_length": "note", "words_personal": "note"}


class ProposalForm(FlaskForm):
    """What is wanted of a record, and why; of a reason, only revocations have a choice."""

    kind = SelectField(
        coerce=ProposalKind,
        choices=[SelectChoice(each.value) for each in ProposalKind],
        validators=[InputRequired(WHAT)],
        invalid_value_message=WHAT,
        invalid_choice_message=WHAT,
    )
    reason = SelectField(
        choices=[SelectChoice(""), *(SelectChoice(each.value) for each in REVOKING)],
        default="",
        invalid_choice_message=REASON,
    )
    words = StringField()


class DecisionForm(FlaskForm):
    """What the second person says; nothing happens without the box ticked."""

    decision = SelectField(
        coerce=Decision,
        choices=[SelectChoice(each.value) for each in Decision],
        validators=[InputRequired(CHOOSE)],
        invalid_value_message=CHOOSE,
        invalid_choice_message=CHOOSE,
    )
    note = StringField()
    sure = BooleanField(validators=[InputRequired(_("请先核对，再在这里打勾。"))])


def add_records(bp: GatedBlueprint, desk: Role, page: Page) -> None:
    """A record by its code or its learner, what waits, a proposal, and the second person's decision, for one desk."""

    @bp.get("/")
    def index() -> Any:
        code, enrollment_id = request.args.get("code", "").strip(), id_in(request.args, "enrollment")
        found = _find(desk, code, enrollment_id)
        if found is not None:
            return redirect(url_for(".show", record_id=found))
        rows = records.list_proposals(db.current(), access.actor(), desk)
        missed = bool(code or enrollment_id)
        facts = {"found": rows, "told": record_words, "desk": desk, "code": code, "missed": missed}
        return page("records/list.html", "records", **facts), 404 if missed else 200

    @bp.get("/<uuid:record_id>")
    def show(record_id: uuid.UUID) -> str:
        return _record(page, desk, record_id, ProposalForm(), DecisionForm())

    @bp.post("/<uuid:record_id>/proposals")
    def propose(record_id: uuid.UUID) -> Any:
        form = ProposalForm()
        if form.validate_on_submit() and _propose(form, desk, record_id):
            flash(gettext("已提出。请另一位工作人员来核对；在那以前，记录不变。"), "success")
            return redirect(url_for(".show", record_id=record_id), 303)
        return _record(page, desk, record_id, form, DecisionForm(formdata=None)), 422

    @bp.post("/<uuid:record_id>/proposals/<uuid:proposal_id>/decision")
    def decide(record_id: uuid.UUID, proposal_id: uuid.UUID) -> Any:
        form = DecisionForm()
        if form.validate_on_submit() and _decide(form, desk, record_id, proposal_id):
            flash(gettext("结论已记下。"), "success")
            return redirect(url_for(".show", record_id=record_id), 303)
        return _record(page, desk, record_id, ProposalForm(formdata=None), form), 422


def _find(desk: Role, code: str, enrollment_id: uuid.UUID | None) -> uuid.UUID | None:
    session, actor = db.current(), access.actor()
    if enrollment_id is not None:
        return records.find_of_enrollment(session, actor, desk, enrollment_id)
    return records.find_of_code(session, actor, desk, code) if code else None


def _propose(form: ProposalForm, desk: Role, record_id: uuid.UUID) -> bool:
    with refusals(form, PROPOSED) as outcome:
        wanted = (record_id, form.kind.data, form.reason.data or "", form.words.data or "")
        records.propose(db.current(), access.actor(), desk, *wanted, now=clock.now())
    return not outcome.failed


def _decide(form: DecisionForm, desk: Role, record_id: uuid.UUID, proposal_id: uuid.UUID) -> bool:
    with refusals(form, DECIDED) as outcome:
        said = (form.decision.data, form.note.data or "")
        records.decide(db.current(), access.actor(), desk, record_id, proposal_id, *said, now=clock.now())
    return not outcome.failed


def _record(page: Page, desk: Role, record_id: uuid.UUID, proposal: ProposalForm, decision: DecisionForm) -> str:
    found = records.get_of_desk(db.current(), access.actor(), desk, record_id, now=clock.now())
    errors = [*errors_of(proposal), *errors_of(decision)]
    forms = {"proposal": proposal, "decision": decision, "errors": errors, "reasons": [each.value for each in REVOKING]}
    words = {"told": record_words, "phases": renewal_words}
    return page("records/record.html", "records", found=found, desk=desk, **words, **forms)
