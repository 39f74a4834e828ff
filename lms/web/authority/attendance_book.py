"""The attendance book of a cohort, as an inspector sees it: each look and each file leaves a row."""

import uuid

from flask import Response

from lms import clock, db
from lms.domain.roles import Role
from lms.services import attendance, looks
from lms.services.attendance.book import Book
from lms.web import access, attendance_book, exporting, limits
from lms.web.authority.navigation import page

bp = access.blueprint("authority_attendance_book", __name__, Role.INSPECTOR, url_prefix="/inspect/cohorts")


@bp.get("/<uuid:cohort_id>/attendance")
@access.writes
def show(cohort_id: uuid.UUID) -> str:
    """The book of one day, or of all of them, numbers masked."""
    return page("authority/attendance_book.html", book=_read(cohort_id), words=attendance_book)


@bp.get("/<uuid:cohort_id>/attendance.<any(csv, xlsx):file_format>")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def export(cohort_id: uuid.UUID, file_format: str) -> Response:
    """The book as a file, numbers masked."""
    book, now = _read(cohort_id), clock.now()
    attendance.book.record_export(db.current(), access.actor(), book, file_format=file_format, now=now)
    names = attendance_book.names(book, file_format, today=clock.civil_day(now))
    return exporting.send(attendance_book.table(book), *names, file_format)


def _read(cohort_id: uuid.UUID) -> Book:
    session, keyring, actor, now = db.current(), access.parts().keyring, access.actor(), clock.now()
    day = attendance_book.asked_day()
    book = attendance.book.read(session, keyring, actor, cohort_id, day, role=Role.INSPECTOR, now=now)
    looks.record(session, actor, "attendance", cohort_id, organisation_id=book.cohort.organisation_id, now=now)
    return book
