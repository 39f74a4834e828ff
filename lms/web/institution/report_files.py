"""How each report becomes the table of a file: the same columns for CSV and XLSX, in a request and in the worker."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import date

from lms.adapters.sheets import Cell
from lms.domain.reporting import ReportKind
from lms.services import attendance, reports, scorebook
from lms.services.selections import selection_of
from lms.web import attendance_book
from lms.web import scorebook as score_words
from lms.web.exporting import Maker, Table, Wanted
from lms.web.institution import columns
from lms.web.institution.report_kinds import REPORTS, Report


def completion(wanted: Wanted) -> Table:
    """The completion report."""
    rows = reports.completion_rows(
        wanted.session,
        wanted.parts.keyring,
        wanted.actor,
        selection=selection_of(wanted.asked),
        unmasked=wanted.unmasked,
        now=wanted.now,
    )
    widths = [column.width for column in columns.COLUMNS]
    return Table(columns.headings(), (columns.cells(row) for row in rows), widths)


def scores(wanted: Wanted) -> Table:
    """The score book of one cohort."""
    cohort_id, keyring = uuid.UUID(str(wanted.asked["cohort"])), wanted.parts.keyring
    book = scorebook.read(wanted.session, keyring, wanted.actor, cohort_id, unmasked=wanted.unmasked, now=wanted.now)
    return score_words.table(book)


def presence(wanted: Wanted) -> Table:
    """The attendance book of one cohort, of one day or of all."""
    cohort_id, keyring, day = uuid.UUID(str(wanted.asked["cohort"])), wanted.parts.keyring, wanted.asked.get("day")
    book = attendance.book.read(
        wanted.session,
        keyring,
        wanted.actor,
        cohort_id,
        date.fromisoformat(day) if day else None,
        unmasked=wanted.unmasked,
        now=wanted.now,
    )
    return attendance_book.table(book)


def _maker(report: Report) -> Maker:
    def make(wanted: Wanted) -> Table:
        rows = report.read(
            wanted.session,
            wanted.parts.keyring,
            wanted.actor,
            selection_of(wanted.asked),
            unmasked=wanted.unmasked,
            now=wanted.now,
        )
        heads = [str(column.label) for column in report.columns]
        return Table(heads, _cells(report, rows), [column.width for column in report.columns])

    return make


def _cells(report: Report, rows: Iterator[object]) -> Iterator[Sequence[Cell]]:
    for row in rows:
        yield [column.value(row) for column in report.columns]


MAKERS: dict[str, Maker] = {
    ReportKind.COMPLETION.value: completion,
    "scorebook": scores,
    "attendance_book": presence,
    **{kind.value: _maker(report) for kind, report in REPORTS.items()},
}
