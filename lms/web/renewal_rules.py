"""How long completions of a course hold: the pages that institution staff and the platform's staff share."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from lms import clock, db
from lms.domain.roles import Role
from lms.services import renewals
from lms.services.renewals import Figures
from lms.web import access, renewal_words
from lms.web.access import GatedBlueprint
from lms.web.forms import errors_of, refusals

Page = Callable[..., str]
WHOLE = _("请写一个整数")
DAY = _("请选择从哪天起")
LASTS = (("yes", _("有有效期，到期要复训")), ("no", _("没有有效期，不用复训")))
REFUSALS = {
    "renewal_months": "months",
    "renewal_days": "open_days",
    "renewal_window_long": "open_days",
    "renewal_source_length": "source",
    "renewal_backdated": "effective_from",
}


class RuleForm(FlaskForm):
    """The figures of a rule; there are no ready ones, since no national text names any."""

    lasts = SelectField(
        choices=[SelectChoice(value, words) for value, words in LASTS],
        default="yes",
        invalid_choice_message=_("请选一个。"),
    )
    months = IntegerField(validators=[Optional()], invalid_value_message=WHOLE)
    open_days = IntegerField(validators=[Optional()], invalid_value_message=WHOLE)
    due_days = IntegerField(validators=[Optional()], invalid_value_message=WHOLE)
    source = StringField()
    effective_from = DateField(validators=[InputRequired(DAY)], invalid_value_message=DAY)

    def figures(self) -> Figures:
        """What is asked for; what is left empty is 0, which no rule allows."""
        ends = self.lasts.data == "yes"
        months = (self.months.data or 0) if ends else None
        days = (self.open_days.data or 0, self.due_days.data or 0) if ends else (0, 0)
        return Figures(months, *days, self.source.data or "", self.effective_from.data)


def add_rules(bp: GatedBlueprint, desk: Role, page: Page) -> None:
    """The courses with their rules, and the form of a new rule, for one desk."""

    @bp.get("/rules/")
    def rules() -> str:
        found = renewals.list_courses(db.current(), access.actor(), desk, now=clock.now())
        return page("renewals/rules.html", "renewals", found=found, told=renewal_words, desk=desk)

    @bp.route("/rules/<uuid:course_id>", methods=["GET", "POST"])
    def rule(course_id: uuid.UUID) -> Any:
        session, actor, now = db.current(), access.actor(), clock.now()
        found = renewals.get_course(session, actor, desk, course_id, now=now)
        form = RuleForm()
        if form.validate_on_submit():
            with refusals(form, REFUSALS) as outcome:
                renewals.set_rule(session, actor, desk, course_id, form.figures(), now=now)
            if not outcome.failed:
                flash(gettext("规定已记下。以前发的结业记录不变。"), "success")
                return redirect(url_for(".rules"), 303)
        facts = {"found": found, "form": form, "errors": errors_of(form), "told": renewal_words, "lasts": LASTS}
        return page("renewals/rule.html", "renewals", **facts), 422 if form.errors else 200
