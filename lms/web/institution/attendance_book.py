"""The attendance book (出勤簿) of a cohort: as a page, and as files that each leave an audit row."""

import uuid
from typing import Any

from flask import Response
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.roles import Role
from lms.services import attendance
from lms.services.attendance.book import Book
from lms.web import access, attendance_book, exporting, limits
from lms.web.exporting import Asked
from lms.web.institution.books import ask_purpose
from lms.web.institution.navigation import page

bp = access.blueprint("institution_attendance_book", __name__, Role.INSTITUTION, url_prefix="/institution/cohorts")


@bp.get("/<uuid:cohort_id>/attendance")
def show(cohort_id: uuid.UUID) -> str:
    """The book of one day, or of all of them, numbers masked."""
    return page("institution/attendance_book.html", "cohorts", book=_read(cohort_id), words=attendance_book)


@bp.get("/<uuid:cohort_id>/attendance.<any(csv, xlsx):file_format>")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def export(cohort_id: uuid.UUID, file_format: str) -> Response:
    """The book as a file, numbers masked."""
    return _send(_read(cohort_id), file_format)


@bp.route("/<uuid:cohort_id>/attendance/full", methods=["GET", "POST"])
@limits.limiter.limit(limits.EXPORTS, methods=["POST"])
def full(cohort_id: uuid.UUID) -> Any:
    """Asks what whole numbers are needed for; then the book of the day asked for as a file with whole numbers."""
    words = {"name": _("出勤簿"), "title": _("导出审核用出勤簿"), "warning": _("这份出勤簿有完整的证件号码")}

    def send(file_format: str, purpose: str) -> Response:
        return _send(_read(cohort_id, unmasked=True), file_format, unmasked=True, purpose=purpose)

    return ask_purpose(cohort_id, send, words, attendance_book.asked_day())


def _read(cohort_id: uuid.UUID, *, unmasked: bool = False) -> Book:
    session, keyring, actor, day = db.current(), access.parts().keyring, access.actor(), attendance_book.asked_day()
    return attendance.book.read(session, keyring, actor, cohort_id, day, unmasked=unmasked, now=clock.now())


def _send(book: Book, file_format: str, *, unmasked: bool = False, purpose: str = "") -> Response:
    session, actor, now = db.current(), access.actor(), clock.now()
    purpose = attendance.book.record_export(
        session, actor, book, file_format=file_format, unmasked=unmasked, purpose=purpose, now=now
    )
    name, plain_name = attendance_book.names(book, file_format, today=clock.civil_day(now), unmasked=unmasked)
    wanted = Asked(
        kind="attendance_book",
        asked={"cohort": str(book.cohort.id), "day": book.day.isoformat() if book.day else None},
        file_format=file_format,
        rows=len(book.rows),
        name=name,
        plain_name=plain_name,
        unmasked=unmasked,
        purpose=purpose,
    )
    return exporting.answer(wanted, lambda: attendance_book.table(book))
