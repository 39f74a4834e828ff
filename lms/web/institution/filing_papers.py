"""The papers of a filing: to be printed and signed, and as files that each leave an audit row."""

import uuid
from typing import Any

from flask import Response
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.roles import Role
from lms.services import cohorts
from lms.services.filings import books
from lms.services.filings.books import Papers
from lms.web import access, filing_sheets, filing_words, limits
from lms.web.forms import errors_of, refusals
from lms.web.institution.forms import FullPapersForm
from lms.web.institution.navigation import page
from lms.web.institution.reports import PURPOSE_REFUSALS

bp = access.blueprint("institution_filing_papers", __name__, Role.INSTITUTION, url_prefix="/institution/cohorts")


@bp.get("/<uuid:cohort_id>/filing/papers")
def show(cohort_id: uuid.UUID) -> str:
    """Application and roster to be printed, numbers masked."""
    facts = {"papers": _read(cohort_id), "sheets": filing_sheets, "words": filing_words}
    return page("institution/filing_papers.html", "cohorts", **facts)


@bp.get("/<uuid:cohort_id>/filing/<any(application, roster):paper>.<any(csv, xlsx):file_format>")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def export(cohort_id: uuid.UUID, paper: str, file_format: str) -> Response:
    """A paper as a file, numbers masked."""
    return _send(_read(cohort_id), paper, file_format)


@bp.route("/<uuid:cohort_id>/filing/<any(application, roster):paper>/full", methods=["GET", "POST"])
@limits.limiter.limit(limits.EXPORTS, methods=["POST"])
def full(cohort_id: uuid.UUID, paper: str) -> Any:
    """Asks what whole numbers are needed for; then the paper as a file with whole numbers."""
    form, masked = FullPapersForm(), _read(cohort_id)
    if form.validate_on_submit():
        with refusals(form, PURPOSE_REFUSALS) as outcome:
            asked: dict[str, Any] = {"unmasked": True, "purpose": form.purpose.data or ""}
            sent = _send(_read(cohort_id, unmasked=True), paper, form.file_format.data, **asked)
        if not outcome.failed:
            return sent
    name = filing_sheets.title(paper)
    words = {
        "name": _("打印和下载"),
        "title": _("导出审核用%(paper)s", paper=name),
        "warning": _("这份材料有完整的号码"),
    }
    cohort = cohorts.get(db.current(), access.actor(), masked.cohort_id)
    facts = {"form": form, "errors": errors_of(form), "cohort": cohort, "day": None, "words": words}
    return page("institution/book_full.html", "cohorts", **facts), 422 if form.errors else 200


def _read(cohort_id: uuid.UUID, *, unmasked: bool = False) -> Papers:
    return books.read(db.current(), access.parts().keyring, access.actor(), cohort_id, unmasked=unmasked)


def _send(papers: Papers, paper: str, file_format: str, *, unmasked: bool = False, purpose: str = "") -> Response:
    session, actor, now = db.current(), access.actor(), clock.now()
    told = {"paper": paper, "file_format": file_format, "purpose": purpose}
    books.record_export(session, actor, papers, **told, unmasked=unmasked, now=now)
    return filing_sheets.file(papers, paper, file_format, today=clock.civil_day(now), unmasked=unmasked)
