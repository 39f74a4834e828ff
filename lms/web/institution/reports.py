"""The completion report: as a page, and as files that each leave an audit row."""

import uuid
from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from lms import clock, db
from lms.adapters import qr
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.services import cohorts, log, reports
from lms.services.cohorts import CohortView
from lms.services.selections import Selection, asked, reading
from lms.web import access, exporting, limits
from lms.web.exporting import Asked
from lms.web.forms import day_in, errors_of, id_in, refusals
from lms.web.institution import columns
from lms.web.institution.forms import FullExportForm
from lms.web.institution.navigation import page
from lms.web.language import day
from lms.web.pages import named

bp = access.blueprint("institution_reports", __name__, Role.INSTITUTION, url_prefix="/institution/reports")

PURPOSE_REFUSALS = dict.fromkeys(
    ("export_purpose_missing", "export_purpose_too_long", "export_purpose_personal"), "purpose"
)


@bp.get("/completion")
def completion() -> str:
    """The report, fifty learners a page."""
    selection, session, actor = _selection(), db.current(), access.actor()
    number = request.args.get("page", 1, type=int)
    keyring, now = access.parts().keyring, clock.now()
    found = reports.completion_page(session, keyring, actor, selection=selection, page=number, now=now)
    facts = {"found": found, "columns": columns, "labels": columns.labels()}
    facts |= {
        "selection": selection,
        "query": _query(selection),
        **_choices(cohorts.list_own(session, actor)),
    }
    newest = log.latest(session)
    facts |= {"checkpoint": newest, "checkpoint_qr": qr.svg_data(newest.words) if newest else ""}
    return page("institution/completion.html", "reports", **facts)


def _choices(mine: list[CohortView]) -> dict[str, list[tuple[uuid.UUID, str]]]:
    named_courses = {cohort.course_id: named(cohort, "course") for cohort in mine}
    return {
        "cohorts": [(cohort.id, cohort.name) for cohort in mine],
        "courses": list(named_courses.items()),
    }


@bp.get("/completion.<any(csv, xlsx, pdf):file_format>")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def export(file_format: str) -> Response:
    """The report as a file, numbers masked."""
    selection = _selection()
    rows = reports.record_export(
        db.current(),
        access.actor(),
        selection=selection,
        file_format=file_format,
        unmasked=False,
        now=clock.now(),
    )
    return _file(selection, file_format, rows)


@bp.route("/completion/full", methods=["GET", "POST"])
@limits.limiter.limit(limits.EXPORTS, methods=["POST"])
def full() -> Any:
    """Asks what whole numbers are needed for; then the report as a file with whole numbers."""
    form, selection = FullExportForm(), _selection()
    rows = _record_full(form, selection) if form.validate_on_submit() else None
    if rows is not None:
        purpose = reports.check_purpose(form.purpose.data or "", needed=True)
        return _file(selection, form.file_format.data, rows, purpose=purpose, unmasked=True)
    facts = {"form": form, "errors": errors_of(form), "about": _about(selection)}
    shown = page("institution/full_export.html", "reports", query=_query(selection), **facts)
    return shown, 422 if form.errors else 200


def _record_full(form: FullExportForm, selection: Selection) -> int | None:
    with refusals(form, PURPOSE_REFUSALS):
        return reports.record_export(
            db.current(),
            access.actor(),
            selection=selection,
            file_format=form.file_format.data,
            unmasked=True,
            purpose=form.purpose.data or "",
            now=clock.now(),
        )
    return None


def _selection() -> Selection:
    cohort_id, course_id = id_in(request.args, "cohort"), id_in(request.args, "course")
    return Selection(cohort_id, course_id, as_of=day_in(request.args, "as_of"))


def names_of(selection: Selection) -> dict[uuid.UUID, str]:
    """Her classes and their courses: what they are called, or were on the day asked about."""
    session, actor, before = db.current(), access.actor(), reading(selection, now=clock.now()).before
    mine = cohorts.list_own(session, actor)
    if before is not None:
        mine += cohorts.list_own(session, actor, before=before)
    return {each.course_id: named(each, "course") for each in mine} | {each.id: each.name for each in mine}


def _about(selection: Selection) -> list[str]:
    """The names of the cohort and the course selected; NotFound for those of strangers."""
    names = names_of(selection)
    wanted = [each for each in (selection.cohort_id, selection.course_id) if each]
    if not names.keys() >= set(wanted):
        raise NotFound
    return [names[each] for each in wanted]


def _query(selection: Selection) -> dict[str, str]:
    chosen = {"cohort": selection.cohort_id, "course": selection.course_id, "as_of": selection.as_of}
    return {name: str(value) for name, value in chosen.items() if value}


def _file(selection: Selection, file_format: str, rows: int, *, purpose: str = "", unmasked: bool = False) -> Response:
    about = selection.as_of or clock.civil_day(clock.now())
    title = _("结业报表（审核用完整名单）") if unmasked else _("结业报表")
    wanted = Asked(
        kind="completion",
        asked=asked(selection),
        file_format=file_format,
        rows=rows,
        name="_".join([title, *_about(selection), day(about)]) + f".{file_format}",
        plain_name=f"completion{'-full' if unmasked else ''}-{about.isoformat()}.{file_format}",
        unmasked=unmasked,
        purpose=purpose,
    )
    return exporting.answer(wanted)
