"""Rows of somebody's workbook in the shape they came, with a word beside each; never on the disk."""

import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter

from lms.adapters.workbooks import LONGEST_CELL

Row = Mapping[int, str]
Area = tuple[int, int, int, int]
REASON_WIDTH = 60

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def write_copy(
    top: Mapping[int, Row], areas: Sequence[Area], rows: Iterable[tuple[Row, str]], reason: str, *, columns: int
) -> bytes:
    """A workbook: the rows above the people where they stood, with their joined cells, then the people themselves.

    All cells are text, so that no number loses digits. `reason` titles the last column, `columns` counts the others.
    """
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, OPTIONS)
    sheet = book.add_worksheet()
    head = book.add_format({"num_format": "@", "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter"})
    text = book.add_format({"num_format": "@"})
    why = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    last = max([0, *top])
    for at, row in top.items():
        for column, told in row.items():
            sheet.write_string(at, column, told[:LONGEST_CELL], head)
    for area in _joined(areas, columns):
        sheet.merge_range(*area, top.get(area[0], {}).get(area[1], ""), head)
    sheet.write_string(last, columns, reason, head)
    for at, (row, told) in enumerate(rows, start=last + 1):
        for column, words in row.items():
            sheet.write_string(at, column, words[:LONGEST_CELL], text)
        sheet.write_string(at, columns, told[:LONGEST_CELL], why)
    sheet.set_column(0, max(columns - 1, 0), 18)
    sheet.set_column(columns, columns, REASON_WIDTH)
    sheet.freeze_panes(last + 1, 0)
    book.close()
    return made.getvalue()


def _joined(areas: Sequence[Area], columns: int) -> list[Area]:
    """Areas within the sheet that hold more than a cell and do not overlap: Excel opens no file where they do."""
    taken: set[tuple[int, int]] = set()
    kept = []
    for top, left, bottom, right in areas:
        right = min(right, columns - 1)
        cells = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
        if len(cells) > 1 and not cells & taken:
            taken |= cells
            kept.append((top, left, bottom, right))
    return kept
