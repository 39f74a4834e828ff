"""人员类别的证明: an institution enters what shows a learner's group, and another of its staff sees the original."""

import uuid
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Optional

from lms import clock, db
from lms.domain.eligibility.groups import Entry, Paper, group_named
from lms.domain.roles import Role
from lms.services import eligibility
from lms.web import access, group_desk, group_words
from lms.web.forms import errors_of, refusals
from lms.web.institution.navigation import page
from lms.web.skill_forms import picked

bp = access.blueprint("institution_groups", __name__, Role.INSTITUTION, url_prefix="/institution/groups")

GROUP, PAPER, DAY = _("请选择人员类别"), _("请选择证明材料"), _("请选择日期")
REFUSALS = {
    "group_paper": "paper",
    "group_day": "valid_from",
    "group_validity": "valid_until",
    "group_number": "number",
    "group_twice": "paper",
}


class EvidenceForm(FlaskForm):
    """What stands on the paper."""

    group = picked(GROUP, group_words.options(group_words.GROUPS), group_named, validators=[InputRequired(GROUP)])
    paper = picked(PAPER, group_words.options(group_words.PAPERS), Paper, validators=[InputRequired(PAPER)])
    number = StringField()
    valid_from = DateField(validators=[InputRequired(DAY)], invalid_value_message=DAY)
    valid_until = DateField(validators=[Optional()], invalid_value_message=DAY)

    def entry(self) -> Entry:
        """What was typed."""
        days = (self.valid_from.data, self.valid_until.data)
        return Entry(self.group.data, self.paper.data, *days, self.number.data or "")


def _page(template: str, **facts: Any) -> str:
    return page(template, "groups", layout="layouts/desk.html", **facts)


group_desk.add_pages(bp, Role.INSTITUTION, _page)


@bp.post("/<uuid:evidence_id>/withdrawal")
def withdraw(evidence_id: uuid.UUID) -> Any:
    """The institution takes back what it entered."""
    eligibility.withdraw_group(db.current(), access.actor(), evidence_id, now=clock.now())
    flash(gettext("已撤回。"), "success")
    return redirect(url_for(".show", evidence_id=evidence_id), 303)


@bp.route("/learners/<uuid:enrollment_id>/new", methods=["GET", "POST"])
def enter(enrollment_id: uuid.UUID) -> Any:
    """A form for a paper of a learner."""
    session, keyring, actor, now = db.current(), access.parts().keyring, access.actor(), clock.now()
    found = eligibility.list_of_learner(session, keyring, actor, enrollment_id)
    form = EvidenceForm()
    if form.validate_on_submit():
        with refusals(form, REFUSALS) as outcome:
            made = eligibility.enter_group(session, keyring, actor, enrollment_id, form.entry(), now=now)
        if not outcome.failed:
            flash(gettext("已录入。请让另一位同事看原件，主管部门会核实。"), "success")
            return redirect(url_for(".show", evidence_id=made), 303)
    facts = {"form": form, "errors": errors_of(form), "found": found, "words": group_words}
    return page("groups/form.html", "groups", enrollment_id=enrollment_id, **facts), 422 if form.errors else 200
