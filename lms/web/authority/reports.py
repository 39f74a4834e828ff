"""The roll-up by tier at an officer's desk: page and files, each look and each file on record."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from flask import Response, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.reporting import ReportKind
from lms.domain.roles import Role
from lms.services import exports, looks, organisations, reporting, selections
from lms.services.reporting import TierRow
from lms.services.selections import Selection
from lms.web import access, exporting, limits
from lms.web.authority.navigation import page
from lms.web.exporting import Table
from lms.web.forms import day_in, id_in
from lms.web.language import day
from lms.web.report_table import tier_columns

bp = access.blueprint("authority_reports", __name__, Role.OFFICER, url_prefix="/inspect/reports")
PAGE = 50
COLUMNS = tier_columns(
    lambda place: url_for("authority.institution", organisation_id=place),
    lambda cohort: url_for("authority.cohort", cohort_id=cohort),
)


@bp.get("/")
@access.writes
def index() -> str:
    """Her places from the top down, fifty rows a page, or one of them with all below it."""
    session, actor, selection, now = db.current(), access.actor(), _selection(), clock.now()
    total = reporting.count_tiers(session, actor, selection, role=Role.OFFICER, now=now)
    pages = max(1, -(-total // PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    rows = list(islice(_rows(selection, (number - 1) * PAGE, now), PAGE))
    _look(selection, now)
    facts = {"rows": rows, "total": total, "found": {"page": number, "pages": pages}, "columns": COLUMNS}
    facts["organisations"] = [
        (each.id, each.name) for each in organisations.list_own(session, actor, role=Role.OFFICER)
    ]
    facts["query"] = {name: value for name, value in selections.asked(selection).items() if value}
    return page("authority/rollup.html", tab="reports", selection=selection, **facts)


@bp.get("/rollup.<any(csv, xlsx):file_format>")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def export(file_format: str) -> Response:
    """The same as a file, all rows."""
    selection, now = _selection(), clock.now()
    rows = list(_rows(selection, 0, now))
    _record(selection, file_format, len(rows), now)
    heads = [str(column.label) for column in COLUMNS]
    cells = ([column.value(row) for column in COLUMNS] for row in rows)
    table = Table(heads, cells, [column.width for column in COLUMNS])
    about = selection.as_of or clock.civil_day(now)
    name = "_".join([_("分级汇总表"), day(about)]) + f".{file_format}"
    return exporting.send(table, name, f"rollup-{about.isoformat()}.{file_format}", file_format)


def _selection() -> Selection:
    return Selection(organisation_id=id_in(request.args, "organisation"), as_of=day_in(request.args, "as_of"))


def _rows(selection: Selection, start: int, now: datetime) -> Iterator[TierRow]:
    who = (db.current(), access.parts().keyring, access.actor(), selection)
    return reporting.tier_rows(*who, role=Role.OFFICER, start=start, now=now)


def _look(selection: Selection, now: datetime) -> None:
    place, actor = selection.organisation_id, access.actor()
    looks.record(db.current(), actor, "rollup", place or actor.account_id, organisation_id=place, now=now)


def _record(selection: Selection, file_format: str, rows: int, now: datetime) -> None:
    asked = {**selections.asked(selection), "desk": Role.OFFICER.value}
    exports.record(
        db.current(),
        access.actor(),
        ReportKind.ROLLUP.value,
        asked,
        file_format=file_format,
        rows=rows,
        organisation_id=selection.organisation_id,
        now=now,
    )
