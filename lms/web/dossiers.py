"""The pages of a class's dossiers that institutions and inspectors share."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, StringField
from wtforms.validators import Optional

from lms import clock, db
from lms.domain.roles import Role
from lms.services import dossiers
from lms.services.cohorts import CohortView
from lms.web import access, limits
from lms.web.access import GatedBlueprint
from lms.web.downloads import attachment, pieces
from lms.web.forms import errors_of, refusals
from lms.web.language import day

Page = Callable[..., str]
Reach = Callable[[uuid.UUID], CohortView]
"""Finds the cohort in the desk's scope, and leaves the row of a look where looks are on record."""

REFUSALS = {
    "day_not_over": "day",
    "export_purpose_missing": "purpose",
    "export_purpose_too_long": "purpose",
    "export_purpose_personal": "purpose",
}


class DossierForm(FlaskForm):
    """Up to which day, and what whole numbers are needed for, if they are."""

    day = DateField(validators=[Optional()], invalid_value_message=_("请选择日期"))
    unmasked = BooleanField()
    purpose = StringField()


def add_pages(bp: GatedBlueprint, role: Role, page: Page, reach: Reach) -> None:
    """Gives the blueprint its pages: the dossiers of a cohort, the state of one, and its file."""

    @bp.route("/cohorts/<uuid:cohort_id>/dossiers", methods=["GET", "POST"])
    @limits.limiter.limit(limits.EXPORTS, methods=["POST"])
    @access.writes
    def index(cohort_id: uuid.UUID) -> Any:
        """The dossiers of a cohort; asking for one more is a post."""
        form, cohort = DossierForm(), reach(cohort_id)
        if form.validate_on_submit() and _ask(form, role, cohort_id):
            return redirect(url_for(".index", cohort_id=cohort_id), 303)
        found = dossiers.list_of(db.current(), access.actor(), role, cohort_id)
        shown = page(
            "dossiers/list.html", cohort=cohort, found=found, form=form, errors=errors_of(form), **_facts(role)
        )
        return shown, 422 if form.errors else 200

    @bp.get("/dossiers/<uuid:dossier_id>/state")
    def state(dossier_id: uuid.UUID) -> str:
        """How far one is, for the list to fetch again."""
        found = dossiers.get(db.current(), access.actor(), role, dossier_id)
        return render_template("dossiers/state.html", each=found, **_facts(role))

    @bp.get("/dossiers/<uuid:dossier_id>/file")
    @limits.limiter.limit(limits.EXPORTS)
    @access.writes
    def file(dossier_id: uuid.UUID) -> Response:
        """The archive; taking it is on record."""
        return _file(role, dossier_id)


def _ask(form: DossierForm, role: Role, cohort_id: uuid.UUID) -> bool:
    asked = {"day": form.day.data, "unmasked": form.unmasked.data, "purpose": form.purpose.data or ""}
    if not asked["unmasked"]:
        asked["purpose"] = ""
    with refusals(form, REFUSALS) as outcome:
        dossiers.ask(db.current(), access.actor(), role, cohort_id, now=clock.now(), **asked)
    if not outcome.failed:
        flash(gettext("已开始做档案。可以先做别的，做好了就在这里下载。"), "success")
    return not outcome.failed


def _facts(role: Role) -> dict[str, Any]:
    return {"may_unmask": role is Role.INSTITUTION, "kept_days": dossiers.KEPT.days, "blueprint": request.blueprint}


def _file(role: Role, dossier_id: uuid.UUID) -> Response:
    ready = dossiers.open_file(db.current(), access.actor(), role, dossier_id, now=clock.now())
    title = gettext("一期一档") if ready.masked else gettext("一期一档（审核用完整号码）")
    name = "_".join([title, ready.cohort, day(clock.civil_day(ready.as_of))]) + ".zip"
    store = access.parts().store
    plain_name = f"dossier{'' if ready.masked else '-full'}-{clock.civil_day(ready.as_of).isoformat()}.zip"
    answer = attachment(pieces(lambda: store.open(ready.key)), name, plain_name, "application/zip")
    answer.content_length = ready.size
    return answer
