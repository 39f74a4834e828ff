"""Rows become CSV and XLSX: text stays text, numbers stay numbers, and nothing is ever a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

import xlsxwriter

Cell = str | int | Decimal | date | None

BOM = b"\xef\xbb\xbf"  # tells Excel that the file is UTF-8
BLANKS = "\u2800\u3164\u115f\u1160\uffa0"  # letters and symbols drawn as nothing
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
CHUNK = 64 * 1024
LONGEST_TEXT_CELL = 255  # Excel shows ##### for longer text in cells of the format "text"
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class SheetTooLongError(Exception):
    """More rows than a worksheet holds; leaving some out in silence is no answer."""


def write_table(
    file_format: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], path: Path, widths: Sequence[int]
) -> None:
    """A file of one of the formats in CONTENT_TYPES; `widths` as in `write_xlsx`; CSV has none."""
    if file_format == "xlsx":
        write_xlsx(header, rows, path, widths)
        return
    with path.open("wb") as file:
        file.writelines(write_csv(header, rows))


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """CSV (RFC 4180) in chunks: UTF-8 with BOM, CRLF, formula-safe, days as 2026-11-23."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_safe(title) for title in header])
    yield BOM
    for row in rows:
        writer.writerow([_safe(cell) for cell in row])
        if text.tell() >= CHUNK:
            yield _drain(text)
    yield _drain(text)


def _drain(text: io.StringIO) -> bytes:
    chunk = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return chunk


def _safe(cell: Cell) -> object:
    if isinstance(cell, str) and (cell.startswith(FORMULA_STARTS) or _without_blanks(cell).startswith(FORMULA_STARTS)):
        return "'" + cell
    return cell.isoformat() if isinstance(cell, date) else cell


def _without_blanks(text: str) -> str:
    """The text from its first sign that shows; some programs skip what shows nothing."""
    shown = (at for at, sign in enumerate(text) if sign not in BLANKS and unicodedata.category(sign)[0] not in "ZC")
    return text[next(shown, 0) :]


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]], path: Path, widths: Sequence[int] = ()) -> None:
    """One worksheet with a frozen header, row by row in constant memory.

    `widths` are columns' widths in half-width signs, never narrower than the title. Raises SheetTooLongError.
    """
    book = xlsxwriter.Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)})
    try:
        sheet = book.add_worksheet()
        for column, (title, width) in enumerate(zip_longest(header, widths, fillvalue=0)):
            sheet.set_column(column, column, max(_width(str(title)), int(width)))
        _fill(book, sheet, header, rows)
    finally:
        book.close()


def _fill(book: Any, sheet: Any, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    formats = {
        "head": book.add_format({"bold": True, "num_format": "@", "bottom": 1, "text_wrap": True}),
        "text": book.add_format({"num_format": "@"}),
        "long": book.add_format({"text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(header):
        sheet.write_string(0, column, title, formats["head"])
    for number, row in enumerate(rows, start=1):
        if number >= MOST_ROWS:
            raise SheetTooLongError
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, formats)


def _write(sheet: Any, row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    if isinstance(cell, str):
        kind = "text" if len(cell) <= LONGEST_TEXT_CELL else "long"
        sheet.write_string(row, column, cell[:LONGEST_CELL], formats[kind])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, formats["day"])
    elif cell is not None:
        sheet.write_number(row, column, cell)


def _width(title: str) -> int:
    return 2 + sum(1 if sign.isascii() else 2 for sign in title)
