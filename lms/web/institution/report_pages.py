"""The reports beyond the completion report: menu, page, files, PDF for signature; each file leaves an audit row."""

import uuid
from datetime import datetime
from itertools import islice
from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from lms import clock, db
from lms.adapters import qr
from lms.domain.reporting import ReportKind
from lms.domain.roles import Role
from lms.services import cohorts, exports, log, organisations, rollup_then, selections
from lms.services.cohorts import CohortView
from lms.services.selections import Selection, selection_of
from lms.web import access, exporting, limits
from lms.web.exporting import Asked
from lms.web.forms import errors_of, refusals
from lms.web.institution import report_charts
from lms.web.institution.forms import FullExportForm
from lms.web.institution.navigation import page
from lms.web.institution.report_kinds import REPORTS, STATES, TITLES, Report
from lms.web.institution.reports import PURPOSE_REFUSALS, names_of
from lms.web.language import day
from lms.web.pages import named

bp = access.blueprint("institution_report_pages", __name__, Role.INSTITUTION, url_prefix="/institution/reports")
NAMED = "<any(hours, progress, overdue, scores, attendance, certificates):kind>"
KINDS = "<any(hours, progress, overdue, scores, attendance, certificates, rollup):kind>"
PAGE = 50


@bp.get("")
def index() -> str:
    """The reports there are, and the views one keeps."""
    views = exports.list_views(db.current(), access.actor())
    ready = [each for each in exports.list_own(db.current(), access.actor(), now=clock.now()) if each.state == "ready"]
    return page("institution/report_menu.html", "reports", reports=REPORTS, titles=TITLES, views=views, ready=ready)


@bp.get(f"/{KINDS}")
def show(kind: str) -> str:
    """One report, fifty rows a page, numbers masked."""
    report, selection, now = REPORTS[ReportKind(kind)], selection_of(request.args), clock.now()
    total = report.count(db.current(), access.actor(), selection, now=now)
    pages = max(1, -(-total // PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    rows = _rows(report, selection, (number - 1) * PAGE, PAGE, now)
    facts = {"rows": rows, "found": {"page": number, "pages": pages}, "total": total, **_around(report, selection)}
    facts["chart"] = report_charts.chart(report, selection, total, now)
    return page("institution/report.html", "reports", **facts)


@bp.get(f"/{KINDS}.<any(csv, xlsx, pdf):file_format>")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def export(kind: str, file_format: str) -> Response:
    """The report as a file, numbers masked."""
    return _send(REPORTS[ReportKind(kind)], selection_of(request.args), file_format)


@bp.route(f"/{NAMED}/full", methods=["GET", "POST"])
@limits.limiter.limit(limits.EXPORTS, methods=["POST"])
def full(kind: str) -> Any:
    """Asks what whole numbers are needed for; then the report as a file with whole numbers."""
    report, selection, form = REPORTS[ReportKind(kind)], selection_of(request.args), FullExportForm()
    selections.learners(db.current(), access.actor(), selection, now=clock.now())  # strangers' ids are not found
    if form.validate_on_submit():
        with refusals(form, PURPOSE_REFUSALS) as outcome:
            sent = _send(report, selection, form.file_format.data, purpose=form.purpose.data or "", unmasked=True)
        if not outcome.failed:
            return sent
    facts = {"form": form, "errors": errors_of(form), **_around(report, selection)}
    return page("institution/report_full.html", "reports", **facts), 422 if form.errors else 200


def _send(
    report: Report, selection: Selection, file_format: str, *, purpose: str = "", unmasked: bool = False
) -> Response:
    session, actor, now = db.current(), access.actor(), clock.now()
    rows, asked = report.count(session, actor, selection, now=now), selections.asked(selection)
    purpose = exports.record(
        session,
        actor,
        report.kind.value,
        asked,
        file_format=file_format,
        rows=rows,
        organisation_id=selections.organisation_of(session, actor, selection),
        unmasked=unmasked,
        purpose=purpose,
        now=now,
    )
    about = selection.as_of or clock.civil_day(now)
    words = [_("审核用完整名单")] if unmasked else []
    name = "_".join([str(report.title), *words, *_about(selection), day(about)]) + f".{file_format}"
    plain_name = f"{report.kind}{'-full' if unmasked else ''}-{about.isoformat()}.{file_format}"
    return exporting.answer(Asked(report.kind.value, asked, file_format, rows, name, plain_name, unmasked, purpose))


def _rows(report: Report, selection: Selection, start: int, many: int | None, now: datetime) -> list[Any]:
    session, keyring = db.current(), access.parts().keyring
    return list(islice(report.read(session, keyring, access.actor(), selection, start=start, now=now), many))


def _around(report: Report, selection: Selection) -> dict[str, Any]:
    """What every page about a report shows beside its rows."""
    session, newest = db.current(), log.latest(db.current())
    mine = cohorts.list_own(session, access.actor())
    return {
        "report": report,
        "selection": selection,
        "query": {name: value for name, value in selections.asked(selection).items() if value},
        "cohorts": [(each.id, each.name) for each in mine],
        "courses": list({each.course_id: named(each, "course") for each in mine}.items()),
        "organisations": _organisations(report, mine),
        "states": STATES,
        "checkpoint": newest,
        "checkpoint_qr": qr.svg_data(newest.words) if newest else "",
        "about": _about(selection),
    }


def _organisations(report: Report, mine: list[CohortView]) -> list[tuple[uuid.UUID, str]]:
    """Those that a report can be narrowed to: with classes, or, for sums of places, all of them."""
    if report.of_places:
        return [(each.id, each.name) for each in organisations.list_own(db.current(), access.actor())]
    return list({each.organisation_id: each.organisation for each in mine}.items())


def _about(selection: Selection) -> list[str]:
    """The names of what was selected; what is not hers has been refused by now."""
    session, place = db.current(), selection.organisation_id
    names = {each.id: each.name for each in organisations.list_own(session, access.actor())} | names_of(selection)
    before = selections.reading(selection, now=clock.now()).before
    if before is not None and place in names:
        names[place] = rollup_then.name(session, place, before) or names[place]
    wanted = (selection.organisation_id, selection.cohort_id, selection.course_id)
    return [names[each] for each in wanted if each in names]
