"""Rosters: a file is brought, its columns are chosen, it is checked, imported, and can be taken back."""

import uuid
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.adapters.office.workbook import MOST_ROWS
from lms.adapters.sheet_copy import write_copy
from lms.adapters.sheets import CONTENT_TYPES, write_xlsx
from lms.adapters.tables import MOST_FILE_BYTES
from lms.domain.errors import Refused
from lms.domain.identity import DocumentType
from lms.domain.roles import Role
from lms.domain.roster_columns import NEEDED, Field, letters
from lms.domain.rosters import Remark
from lms.services import cohorts, rosters
from lms.services.rosters import RosterView
from lms.web import access, limits, roster_words
from lms.web.downloads import attachment, spooled
from lms.web.institution.navigation import page
from lms.web.wording import sentence

bp = access.blueprint("institution_rosters", __name__, Role.INSTITUTION, url_prefix="/institution")
ROOM_FOR_FORM = 100_000
TEMPLATE_FIELDS = (
    Field.NAME,
    Field.GENDER,
    Field.DOCUMENT_TYPE,
    Field.NUMBER,
    Field.PHONE,
    Field.CATEGORY,
    Field.EDUCATION,
    Field.EMPLOYER,
)


@bp.route("/cohorts/<uuid:cohort_id>/rosters/", methods=["GET", "POST"])
@access.takes(MOST_FILE_BYTES + ROOM_FOR_FORM, in_memory=True)
@limits.limiter.limit(limits.ENROL, methods=["POST"])
def index(cohort_id: uuid.UUID) -> Any:
    """The files brought for a cohort, and a form for one more."""
    session, actor = db.current(), access.actor()
    cohort = cohorts.get(session, actor, cohort_id)
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            return redirect(url_for(".show", import_id=_bring(cohort_id)), 303)
        except Refused as refused:
            errors = [("file", sentence(refused.code, refused.values))]
    facts = {"cohort": cohort, "errors": errors, "brought": rosters.list_of(session, actor, cohort_id)}
    facts |= {"most": MOST_FILE_BYTES // 1_000_000, "rows": MOST_ROWS, "words": roster_words}
    return page("institution/rosters/index.html", "cohorts", **facts), 422 if errors else 200


def _bring(cohort_id: uuid.UUID) -> uuid.UUID:
    file, parts = request.files.get("file"), access.parts()
    if not file or not file.filename:
        raise Refused("file_missing")
    told = {"file_name": file.filename, "data": file.read(), "now": clock.now()}
    return rosters.bring(db.current(), parts.store, parts.keyring, access.actor(), cohort_id, **told)


@bp.get("/rosters/template.xlsx")
def template() -> Response:
    """An empty roster with the columns we know, to fill in."""
    titles = [str(roster_words.FIELDS[field]) for field in TEMPLATE_FIELDS]
    name = f"{_('花名册模板')}.xlsx"
    filled = spooled(lambda path: write_xlsx(titles, [], path, [20] * len(titles)))
    return attachment(filled, name, "roster.xlsx", CONTENT_TYPES["xlsx"])


@bp.get("/rosters/<uuid:import_id>")
def show(import_id: uuid.UUID) -> Any:
    """One file: the work under way, what would come of it, or what came of it."""
    session, keyring = db.current(), access.parts().keyring
    view = _look(import_id)
    if view.found.state == "read":
        return redirect(url_for(".choose", import_id=import_id), 303)
    counts = view.found.counts
    there = [kind for kind in rosters.KINDS if _count(kind, counts)]
    kind = request.args.get("kind", there[0] if there else "trouble")
    rows = rosters.list_rows(session, keyring, view, kind, request.args.get("page", 1, type=int))
    facts = {"view": view, "rows": rows, "kind": kind, "trouble": _count("trouble", counts), "words": roster_words}
    facts["kinds"] = [_tab(view, each, current=each == kind) for each in there]
    return page("institution/rosters/show.html", "cohorts", tell=tell, busy=rosters.BUSY, **facts)


def _tab(view: RosterView, kind: str, *, current: bool) -> dict[str, Any]:
    is_in = kind == "good" and view.found.state != "checked"
    label = f"{_('导入的') if is_in else roster_words.KINDS[kind]} {_count(kind, view.found.counts)}"
    return {"label": label, "href": url_for(".show", import_id=view.found.id, kind=kind), "current": current}


def _look(import_id: uuid.UUID) -> RosterView:
    return rosters.look(db.current(), access.parts().keyring, access.actor(), import_id)


def _count(kind: str, counts: dict[str, int]) -> int:
    if kind == "warned":
        return counts.get("warned", 0)
    return sum(counts.get(state, 0) for state in rosters.KINDS[kind])


def tell(remark: Remark) -> str:
    """What is to be said, with the cell it is about: “手机号：没有手机号……”"""
    return f"{roster_words.FIELDS[remark.field]}{_('：')}{sentence(remark.code, dict(remark.values))}"


@bp.get("/rosters/<uuid:import_id>/progress")
def progress(import_id: uuid.UUID) -> str:
    """How far the work is, for the page that asks again and again."""
    facts = {"view": _look(import_id), "busy": rosters.BUSY, "words": roster_words}
    return render_template("institution/rosters/progress.html", **facts)


@bp.route("/rosters/<uuid:import_id>/columns", methods=["GET", "POST"])
def choose(import_id: uuid.UUID) -> Any:
    """Which column tells what: guessed, shown with what stands in it, and corrected by hand."""
    session, view = db.current(), _look(import_id)
    errors: list[tuple[str, str]] = []
    chosen = {column: field.value for field, column in view.columns.items()}
    kind = view.found.document_type
    if request.method == "POST":
        chosen, kind = _chosen(), request.form.get("document_type", "")
        try:
            told = [(field, column) for column, field in chosen.items() if field]
            rosters.choose(session, access.actor(), import_id, told, _document_type(kind), now=clock.now())
            return redirect(url_for(".show", import_id=import_id), 303)
        except Refused as refused:
            errors = [("", sentence(refused.code, refused.values))]
    samples = rosters.samples(session, access.parts().keyring, view)
    facts = {"view": view, "samples": samples, "chosen": chosen, "kind": kind, "errors": errors, "letters": letters}
    facts |= {"words": roster_words, "needed": NEEDED, "offered": _offered()}
    return page("institution/rosters/columns.html", "cohorts", **facts), 422 if errors else 200


def _offered() -> list[tuple[str, Any]]:
    return [("", _("不导入")), *((field.value, words) for field, words in roster_words.FIELDS.items())]


def _chosen() -> dict[int, str]:
    return {
        int(name.removeprefix("column-")): field
        for name, field in request.form.items()
        if name.removeprefix("column-").isdecimal() and len(name) < 12
    }


def _document_type(told: str) -> DocumentType:
    return DocumentType(told) if told in list(DocumentType) else DocumentType.RESIDENT_ID


@bp.post("/rosters/<uuid:import_id>/imports")
@limits.limiter.limit(limits.ENROL)
def create_import(import_id: uuid.UUID) -> Any:
    """Asks for the rows to be imported."""
    rosters.confirm(db.current(), access.actor(), import_id, request.form.get("mode", ""), now=clock.now())
    return redirect(url_for(".show", import_id=import_id), 303)


@bp.get("/rosters/<uuid:import_id>/undo")
def ask_undo(import_id: uuid.UUID) -> str:
    """Asks before a batch is taken back."""
    return page("institution/rosters/undo.html", "cohorts", view=_look(import_id))


@bp.post("/rosters/<uuid:import_id>/undos")
def create_undo(import_id: uuid.UUID) -> Any:
    """Asks for the batch to be taken back."""
    rosters.undo(db.current(), access.actor(), import_id, now=clock.now())
    return redirect(url_for(".show", import_id=import_id), 303)


@bp.post("/rosters/<uuid:import_id>/retries")
def create_retry(import_id: uuid.UUID) -> Any:
    """Asks once more for work that failed."""
    rosters.retry(db.current(), access.actor(), import_id, now=clock.now())
    return redirect(url_for(".show", import_id=import_id), 303)


@bp.post("/rosters/<uuid:import_id>/removal")
def remove(import_id: uuid.UUID) -> Any:
    """Lets go of a file that is not to be imported."""
    cohort_id = rosters.drop(db.current(), access.actor(), import_id, now=clock.now())
    flash(_("文件已删除，没有导入任何人。"), "success")
    return redirect(url_for(".index", cohort_id=cohort_id), 303)


@bp.get("/rosters/<uuid:import_id>/failed.xlsx")
@access.writes
def failed(import_id: uuid.UUID) -> Response:
    """The rows that could not come in, in the shape they came, each with its reasons; on record."""
    session, parts = db.current(), access.parts()
    view, rows = rosters.failed_rows(session, parts.keyring, access.actor(), import_id, now=clock.now())
    columns = 1 + max(
        [*view.top.heading.titles, *(max(cells, default=0) for _number, cells, _remarks in rows)], default=0
    )
    told = [(cells, "\n".join(map(tell, remarks))) for _number, cells, remarks in rows]
    data = write_copy(view.top.rows, view.top.areas, told, _("原因"), columns=columns)
    return attachment(iter([data]), f"{_('要改的学员')}.xlsx", "failed.xlsx", CONTENT_TYPES["xlsx"])
