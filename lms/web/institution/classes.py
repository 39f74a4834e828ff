"""The timetable of a cohort: classes in person are added and cancelled here."""

import uuid
from itertools import groupby
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired

from lms import clock, db
from lms.domain.attendance import ClassContent
from lms.domain.roles import Role
from lms.services import attendance, cohorts
from lms.services.attendance import Plan
from lms.web import access, class_words, classroom
from lms.web.forms import errors_of, refusals, told
from lms.web.institution.forms import choices
from lms.web.institution.navigation import page
from lms.web.language import day
from lms.web.pages import named

bp = access.blueprint("institution_classes", __name__, Role.INSTITUTION, url_prefix="/institution")
classroom.add(bp, Role.INSTITUTION, page, "cohorts")

REFUSALS = {
    "class_length": "ends",
    "class_outside_cohort": "day",
    "class_in_past": "day",
    "class_teacher": "teacher_id",
    "class_title_length": "title",
    "class_place_length": "place",
    "class_makes_up_for": "makes_up_for",
    "class_makes_up_short": "makes_up_for",
    "class_clash_cohort": "starts",
    "class_clash_teacher": "teacher_id",
}
DAY, STARTS, ENDS = (lazy_gettext("请选择上课的日期"), lazy_gettext("请填写开始时间"), lazy_gettext("请填写结束时间"))
TEACHER = lazy_gettext("请选择讲师")


class ClassForm(FlaskForm):
    """A class to be put into the timetable."""

    title = StringField()
    content = SelectField(coerce=ClassContent, choices=choices(class_words.CONTENTS.items()))
    module_slug = SelectField(coerce=str)
    place = StringField()
    teacher_id = SelectField(coerce=uuid.UUID, invalid_value_message=TEACHER, invalid_choice_message=TEACHER)
    day = DateField(validators=[InputRequired(DAY)], invalid_value_message=DAY)
    starts = TimeField(validators=[InputRequired(STARTS)], invalid_value_message=STARTS)
    ends = TimeField(validators=[InputRequired(ENDS)], invalid_value_message=ENDS)
    makes_up_for = SelectField(coerce=lambda text: uuid.UUID(text) if text else None)

    def plan(self) -> Plan:
        """What the form says, once it is valid."""
        names = ("title", "content", "module_slug", "place", "teacher_id", "day", "starts", "ends", "makes_up_for")
        said = {name: self[name].data for name in names}
        return Plan(**{**said, "title": said["title"] or "", "place": said["place"] or ""})


@bp.get("/cohorts/<uuid:cohort_id>/classes")
def index(cohort_id: uuid.UUID) -> str:
    """The timetable of one cohort, day by day."""
    session, actor = db.current(), access.actor()
    cohort = cohorts.get(session, actor, cohort_id)
    rows = attendance.list_meetings(session, actor, Role.INSTITUTION, cohort_id)
    days = [(day, list(group)) for day, group in groupby(rows, lambda row: row.meeting.held_on)]
    return page("institution/classes.html", "cohorts", cohort=cohort, days=days, told=class_words)


@bp.route("/cohorts/<uuid:cohort_id>/classes/new", methods=["GET", "POST"])
def new(cohort_id: uuid.UUID) -> Any:
    """A form for one more class."""
    cohort = cohorts.get(db.current(), access.actor(), cohort_id)
    form = _form(cohort_id)
    if form.validate_on_submit():
        with refusals(form, REFUSALS) as outcome:
            attendance.add(db.current(), access.actor(), cohort_id, form.plan(), now=clock.now())
        if not outcome.failed:
            flash(_("已排进课表，学员看得到。"), "success")
            return redirect(url_for(".index", cohort_id=cohort_id), 303)
    facts = {"cohort": cohort, "form": form, "errors": errors_of(form)}
    return page("institution/class_form.html", "cohorts", **facts), 422 if form.errors else 200


def _form(cohort_id: uuid.UUID) -> ClassForm:
    form, session, actor = ClassForm(), db.current(), access.actor()
    options = attendance.options(session, actor, cohort_id)
    form.teacher_id.choices = choices((str(each), name) for each, name in options.teachers)
    modules = ((module.slug, named(module)) for module in options.modules)
    form.module_slug.choices = choices([("", _("不属于哪一部分")), *modules])
    first = ((str(each.id), f"{each.title} {day(each.held_on)}") for each in options.meetings)
    form.makes_up_for.choices = choices([("", _("不是补课")), *first])
    return form


@bp.post("/classes/<uuid:meeting_id>/cancellation")
def cancel(meeting_id: uuid.UUID) -> Any:
    """Cancels a class with a reason, or shows it again with what is wrong."""
    session, actor, wrong = db.current(), access.actor(), list[str]()
    reason = request.form.get("reason", "")
    with told(wrong) as outcome:
        attendance.cancel(session, actor, meeting_id, reason, now=clock.now())
    if outcome.failed:
        more = {"cancel_errors": wrong, "reason": reason}
        return classroom.meeting_page(page, Role.INSTITUTION, "cohorts", meeting_id, **more), 422
    flash(_("课已取消，学员看得到原因。"), "success")
    return redirect(url_for(".show", meeting_id=meeting_id), 303)
