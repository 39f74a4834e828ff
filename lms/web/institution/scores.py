"""The score book of a cohort: as a page, and as files that each leave an audit row."""

import uuid
from typing import Any

from flask import Response
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.roles import Role
from lms.services import scorebook as books
from lms.services.scorebook import ScoreBook
from lms.web import access, exporting, limits, scorebook
from lms.web.exporting import Asked
from lms.web.institution.books import ask_purpose
from lms.web.institution.navigation import page

bp = access.blueprint("institution_scores", __name__, Role.INSTITUTION, url_prefix="/institution/cohorts")


@bp.get("/<uuid:cohort_id>/scores")
def show(cohort_id: uuid.UUID) -> str:
    """The book, numbers masked."""
    return page("institution/scores.html", "cohorts", book=_read(cohort_id), words=scorebook)


@bp.get("/<uuid:cohort_id>/scores.<any(csv, xlsx):file_format>")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def export(cohort_id: uuid.UUID, file_format: str) -> Response:
    """The book as a file, numbers masked."""
    return _send(_read(cohort_id), file_format)


@bp.route("/<uuid:cohort_id>/scores/full", methods=["GET", "POST"])
@limits.limiter.limit(limits.EXPORTS, methods=["POST"])
def full(cohort_id: uuid.UUID) -> Any:
    """Asks what whole numbers are needed for; then the book as a file with whole numbers."""
    words = {"name": _("结业考核成绩册"), "title": _("导出审核用成绩册"), "warning": _("这份成绩册有完整的证件号码")}

    def send(file_format: str, purpose: str) -> Response:
        return _send(_read(cohort_id, unmasked=True), file_format, unmasked=True, purpose=purpose)

    return ask_purpose(cohort_id, send, words)


def _read(cohort_id: uuid.UUID, *, unmasked: bool = False) -> ScoreBook:
    keyring = access.parts().keyring
    return books.read(db.current(), keyring, access.actor(), cohort_id, unmasked=unmasked, now=clock.now())


def _send(book: ScoreBook, file_format: str, *, unmasked: bool = False, purpose: str = "") -> Response:
    session, actor, now = db.current(), access.actor(), clock.now()
    purpose = books.record_export(
        session, actor, book, file_format=file_format, unmasked=unmasked, purpose=purpose, now=now
    )
    name, plain_name = scorebook.names(book, file_format, today=clock.civil_day(now), unmasked=unmasked)
    wanted = Asked(
        kind="scorebook",
        asked={"cohort": str(book.cohort.id)},
        file_format=file_format,
        rows=len(book.rows),
        name=name,
        plain_name=plain_name,
        unmasked=unmasked,
        purpose=purpose,
    )
    return exporting.answer(wanted, lambda: scorebook.table(book))
