"""Equivalence tables (学分转换互认): published from a document, in force from a day, never changed."""

import uuid
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, StringField
from wtforms.validators import InputRequired, Optional

from lms import clock, db
from lms.domain.roles import Role
from lms.services import skills
from lms.web import access, skill_words
from lms.web.forms import errors_of, refusals
from lms.web.platform.navigation import page

bp = access.blueprint("platform_credits", __name__, Role.PLATFORM, url_prefix="/platform/credits")

DAY = _("请选择日期")
REFUSALS = {
    "credit_code": "code",
    "credit_taken": "code",
    "credit_scheme": "scheme",
    "credit_source": "source",
    "credit_term": "until_on",
    "credit_before": "from_on",
    "credit_past": "from_on",
    "credit_row": "rows",
    "credit_none": "rows",
    "credit_many": "rows",
    "credit_twice": "rows",
}


class TableForm(FlaskForm):
    """A table as a document has it."""

    code = StringField(validators=[InputRequired(_("请填写表的代码"))])
    scheme = StringField(validators=[InputRequired(_("请填写由谁认定"))])
    source = StringField(validators=[InputRequired(_("请填写依据的文件"))])
    rows = StringField(validators=[InputRequired(_("请把表格贴进来。"))])
    confirmed = BooleanField()
    from_on = DateField(validators=[InputRequired(DAY)], invalid_value_message=DAY)
    until_on = DateField(validators=[Optional()], invalid_value_message=DAY)

    def written(self) -> skills.TableWritten:
        """What was typed."""
        words: dict[str, Any] = {name: self[name].data or "" for name in ("code", "scheme", "source", "rows")}
        days: dict[str, Any] = {"from_on": self.from_on.data, "until_on": self.until_on.data}
        return skills.TableWritten(confirmed=bool(self.confirmed.data), **words, **days)


@bp.get("/")
def index() -> str:
    """All tables, by scheme."""
    found = skills.list_tables(db.current(), access.actor(), now=clock.now())
    return page("platform/credits.html", "credits", found=found, told=skill_words)


@bp.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """A form for a table."""
    form = TableForm()
    if form.validate_on_submit():
        with refusals(form, REFUSALS) as outcome:
            made = skills.publish_table(db.current(), access.actor(), form.written(), now=clock.now())
        if not outcome.failed:
            flash(gettext("已发布。以后不能再改，只能发布新的一张。"), "success")
            return redirect(url_for(".show", table_id=made), 303)
    facts = {"form": form, "errors": errors_of(form)}
    return page("platform/credit_form.html", "credits", **facts), 422 if form.errors else 200


@bp.get("/<uuid:table_id>")
def show(table_id: uuid.UUID) -> str:
    """One table, row by row."""
    found = skills.get_table(db.current(), access.actor(), table_id, now=clock.now())
    return page("platform/credit.html", "credits", found=found, told=skill_words)
