"""Saved views of reports: kept under a name, opened again, and made as a file each week or month if so asked."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.errors import NotFound
from lms.domain.reporting import ReportKind
from lms.domain.roles import Role
from lms.services import exports, selections
from lms.services.selections import selection_of
from lms.web import access
from lms.web.forms import errors_of, refusals
from lms.web.institution.forms import SavedViewForm
from lms.web.institution.navigation import page
from lms.web.institution.report_kinds import TITLES
from lms.web.language import language

bp = access.blueprint("institution_saved_views", __name__, Role.INSTITUTION, url_prefix="/institution/reports/views")
REFUSALS = dict.fromkeys(("view_name_length", "view_name_personal", "view_name_taken", "view_too_many"), "name") | {
    "view_every_unknown": "every"
}


@bp.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """Keeps the report and the filters of the address under a name."""
    form, kind, asked = SavedViewForm(), _kind(), _asked()
    if form.validate_on_submit():
        with refusals(form, REFUSALS) as outcome:
            exports.save_view(
                db.current(),
                access.actor(),
                name=form.name.data or "",
                kind=kind.value,
                asked=asked,
                every=form.every.data or "",
                file_format=form.file_format.data,
                language=language(),
                now=clock.now(),
            )
        if not outcome.failed:
            flash(_("已存为常用报表。"), "success")
            return redirect(url_for("institution_report_pages.index"), 303)
    facts = {"form": form, "errors": errors_of(form), "title": TITLES[kind], "query": {"kind": kind.value, **asked}}
    facts["back"] = _address(kind, asked)
    return page("institution/saved_view.html", "reports", **facts), 422 if form.errors else 200


@bp.get("/<uuid:view_id>")
def show(view_id: uuid.UUID) -> Any:
    """The report with the filters that were kept."""
    view = exports.get_view(db.current(), access.actor(), view_id)
    return redirect(_address(ReportKind(view.kind), dict(view.asked)), 303)


@bp.post("/<uuid:view_id>/removal")
def create_removal(view_id: uuid.UUID) -> Any:
    """Forgets a view."""
    exports.forget_view(db.current(), access.actor(), view_id, now=clock.now())
    flash(_("常用报表已删除。"), "success")
    return redirect(url_for("institution_report_pages.index"), 303)


def _kind() -> ReportKind:
    try:
        return ReportKind(request.args.get("kind", ""))
    except ValueError:
        raise NotFound from None


def _asked() -> dict[str, Any]:
    """Only what is hers: strangers' ids are not found. The day it is read as of is not kept: it would go stale."""
    selection = selection_of(request.args)
    selections.learners(db.current(), access.actor(), selection, now=clock.now())
    kept = {name: value for name, value in selections.asked(selection).items() if value}
    kept.pop("as_of", None)
    return kept


def _address(kind: ReportKind, asked: dict[str, Any]) -> str:
    if kind is ReportKind.COMPLETION:
        return url_for("institution_reports.completion", **asked)
    return url_for("institution_report_pages.show", kind=kind.value, **asked)
