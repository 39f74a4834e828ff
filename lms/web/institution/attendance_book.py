"""The attendance book (出勤簿) of a cohort: as a page, and as files that each leave an audit row."""

import uuid
from datetime import date

from flask import Response, request
from flask_babel import gettext as _

from lms import clock, db
from lms.adapters.sheets import CONTENT_TYPES, Cell, write_table
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.services import attendance
from lms.services.attendance.book import Book, BookRow
from lms.web import access, class_words, limits
from lms.web.downloads import attachment, spooled
from lms.web.institution.navigation import page
from lms.web.language import day as day_words

bp = access.blueprint("institution_attendance_book", __name__, Role.INSTITUTION, url_prefix="/institution/cohorts")

WIDTHS = (12, 14, 10, 22, 10, 10, 10, 10, 12, 24, 12, 30)


def headings() -> list[str]:
    """The columns of domain.md 6.1; after them, what explains a row. The teacher signs by hand."""
    official = [
        _("日期"),
        _("时段"),
        _("姓名"),
        _("身份证号"),
        _("签到时间"),
        _("签退时间"),
        _("方式"),
        _("状态"),
        _("教师签字"),
    ]
    return [*official, _("课名"), _("讲师"), _("备注")]


def cells(row: BookRow) -> list[Cell]:
    """One row of the book."""
    ways = "、".join(str(class_words.METHODS[each]) for each in row.methods)
    moments = (class_words.hour(row.in_at), class_words.hour(row.out_at))
    official: list[Cell] = [
        row.held_on,
        class_words.hours(row.starts_at, row.ends_at),
        row.name,
        row.number,
        *moments,
        ways,
    ]
    remarks = class_words.remarks(row.standing, row.late_ms)
    return [*official, class_words.sign(row.standing), "", row.title, row.teacher, remarks]


@bp.get("/<uuid:cohort_id>/attendance")
def show(cohort_id: uuid.UUID) -> str:
    """The book of one day, or of all of them."""
    book = _read(cohort_id)
    facts = {"book": book, "headings": headings(), "rows": [cells(row) for row in book.rows], "told": class_words}
    return page("institution/attendance_book.html", "cohorts", **facts)


@bp.get("/<uuid:cohort_id>/attendance.<any(csv, xlsx):file_format>")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def export(cohort_id: uuid.UUID, file_format: str) -> Response:
    """The book as a file, numbers masked."""
    book, today = _read(cohort_id), clock.civil_day(clock.now())
    attendance.book.record_export(db.current(), access.actor(), cohort_id, book.day, file_format, now=clock.now())
    head, rows = headings(), [cells(row) for row in book.rows]
    name = "_".join([_("出勤簿"), book.cohort.name, day_words(book.day or today)]) + f".{file_format}"
    plain_name = f"attendance-{(book.day or today).isoformat()}.{file_format}"
    chunks = spooled(lambda path: write_table(file_format, head, rows, path, WIDTHS))
    return attachment(chunks, name, plain_name, CONTENT_TYPES[file_format])


def _read(cohort_id: uuid.UUID) -> Book:
    keyring = access.parts().keyring
    return attendance.book.read(db.current(), keyring, access.actor(), cohort_id, _day(), now=clock.now())


def _day() -> date | None:
    text = request.args.get("day", "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotFound from None
