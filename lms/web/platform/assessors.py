"""The register of assessors: filings entered, compared by a second person, suspended, resumed, ended."""

import uuid
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from lms import clock, db
from lms.domain.assessors import Act
from lms.domain.roles import Role
from lms.services import skills
from lms.web import access, skill_words
from lms.web.forms import errors_of, refusals
from lms.web.platform.navigation import page

bp = access.blueprint("platform_assessors", __name__, Role.PLATFORM, url_prefix="/platform/assessors")

DAY, CHOOSE = _("请选择日期"), _("请选择做什么。")
FILING_REFUSALS = {
    "credit_code_shape": "code",
    "credit_code_check": "code",
    "assessor_name": "name",
    "assessor_number": "number",
    "assessor_taken": "number",
    "assessor_authority": "authority",
    "assessor_term": "until_on",
    "scope_line": "scopes",
    "scope_none": "scopes",
    "scope_many": "scopes",
}
ACT_REFUSALS = {"words_length": "note", "words_personal": "note", "assessor_day": "on"}


class FilingForm(FlaskForm):
    """A filing as it stands in the authority's register."""

    code = StringField(validators=[InputRequired(_("请填写统一社会信用代码"))])
    name = StringField(validators=[InputRequired(_("请填写评价机构名称"))])
    number = StringField(validators=[InputRequired(_("请填写备案编号"))])
    authority = StringField(validators=[InputRequired(_("请填写备案部门"))])
    scopes = StringField(validators=[InputRequired(_("请填写备案的职业和等级。"))])
    from_on = DateField(validators=[InputRequired(DAY)], invalid_value_message=DAY)
    until_on = DateField(validators=[Optional()], invalid_value_message=DAY)

    def written(self) -> skills.Written:
        """What was typed."""
        words = {name: self[name].data or "" for name in ("code", "name", "number", "authority", "scopes")}
        return skills.Written(from_on=self.from_on.data, until_on=self.until_on.data, **words)


class ActForm(FlaskForm):
    """The next thing done with a filing."""

    act = SelectField(
        coerce=Act,
        choices=[SelectChoice(each.value) for each in Act],
        validators=[InputRequired(CHOOSE)],
        invalid_value_message=CHOOSE,
        invalid_choice_message=CHOOSE,
    )
    on = DateField(validators=[InputRequired(DAY)], invalid_value_message=DAY)
    note = StringField()


@bp.get("/")
def index() -> str:
    """The register."""
    found = skills.list_filings(db.current(), access.actor(), now=clock.now())
    return page("platform/assessors.html", "assessors", found=found, told=skill_words)


@bp.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """A form for a filing."""
    form = FilingForm()
    if form.validate_on_submit():
        with refusals(form, FILING_REFUSALS) as outcome:
            made = skills.enter_filing(db.current(), access.actor(), form.written(), now=clock.now())
        if not outcome.failed:
            flash(gettext("已录入。请另一位工作人员对着主管部门的名录核对。"), "success")
            return redirect(url_for(".show", filing_id=made), 303)
    facts = {"form": form, "errors": errors_of(form)}
    return page("platform/assessor_form.html", "assessors", **facts), 422 if form.errors else 200


@bp.get("/<uuid:filing_id>")
def show(filing_id: uuid.UUID) -> str:
    """One filing with all that was done with it."""
    return _page(filing_id, ActForm(on=clock.civil_day(clock.now())))


@bp.post("/<uuid:filing_id>/acts")
def act(filing_id: uuid.UUID) -> Any:
    """The next step."""
    form = ActForm()
    if form.validate_on_submit():
        with refusals(form, ACT_REFUSALS) as outcome:
            wanted = (form.act.data, form.on.data, form.note.data or "")
            skills.act(db.current(), access.actor(), filing_id, *wanted, now=clock.now())
        if not outcome.failed:
            flash(gettext("已记下。"), "success")
            return redirect(url_for(".show", filing_id=filing_id), 303)
    return _page(filing_id, form), 422


def _page(filing_id: uuid.UUID, form: ActForm) -> str:
    found = skills.get_filing(db.current(), access.actor(), filing_id, now=clock.now())
    facts = {"found": found, "form": form, "errors": errors_of(form), "told": skill_words}
    return page("platform/assessor.html", "assessors", **facts)
