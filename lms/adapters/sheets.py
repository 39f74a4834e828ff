"""Rows become CSV and XLSX: text stays text, numbers stay numbers, and nothing is ever a formula."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

from lms.adapters.workbooks import Cell, SheetTooLongError, write_xlsx

__all__ = ["BOM", "CONTENT_TYPES", "Cell", "SheetTooLongError", "write_csv", "write_table", "write_xlsx"]

BOM = b"\xef\xbb\xbf"  # tells Excel that the file is UTF-8
BLANKS = "\u2800\u3164\u115f\u1160\uffa0"  # signs and letters drawn as nothing
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
BATCH = 128  # rows: their cells and the text made of them still fit a processor's own memory
# A cell that begins with something else: whether it is harmless takes a closer look. Plain ranges, since asking of
# each sign whether it is a letter (\w) takes more than twice as long.
HARMLESS = r"0-9A-Za-z_\u4e00-\u9fff\U00020000-\U0002ffff（《【“‘,\r\n"
HARMLESS_START = re.compile(f"[{HARMLESS}]")
DOUBTFUL, DOUBTFUL_FIRST = re.compile(f",[^{HARMLESS}]"), re.compile(f"\n[^{HARMLESS}]")

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


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
    yield BOM
    yield _lines([header])
    coming = iter(rows)
    while batch := list(islice(coming, BATCH)):
        yield _lines(batch)


def _lines(batch: Sequence[Sequence[Cell]]) -> bytes:
    """The rows as they are, where no cell asks for more; else with a look at each of them."""
    text = _put_together(batch)
    if _is_plain(text, batch):
        return text.encode()
    return _joined([[_safe(cell) for cell in row] for row in batch]).encode()


def _put_together(batch: Sequence[Sequence[Cell]]) -> str:
    """The cells with nothing but commas and lines' ends between them."""
    try:
        columns = [each if isinstance(each[0], str) else _texts(each) for each in zip(*batch, strict=True)]
        lines = list(map(",".join, zip(*columns, strict=True)))
    except (TypeError, ValueError):  # something else among the texts of a column; rows of several lengths
        lines = [",".join(_texts(row)) for row in batch]
    lines.append("")
    return "\r\n".join(lines)


def _texts(cells: Sequence[Cell]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in cells]


def _is_plain(text: str, batch: Sequence[Sequence[Cell]]) -> bool:
    """Whether no cell needs quotes (each comma and end of line is one of ours) and none begins doubtfully."""
    sizes, many = [len(row) for row in batch], len(batch)
    ours = (text.count(","), text.count("\r"), text.count("\n")) == (sum(sizes) - many, many, many)
    if not ours or '"' in text or min(sizes) < 2:
        return False
    return not (HARMLESS_START.match(text) is None or DOUBTFUL.search(text) or DOUBTFUL_FIRST.search(text))


def _joined(batch: Iterable[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(batch)
    return text.getvalue()


def _safe(cell: Cell) -> object:
    if isinstance(cell, str) and (cell.startswith(FORMULA_STARTS) or _without_blanks(cell).startswith(FORMULA_STARTS)):
        return "'" + cell
    return cell.isoformat() if isinstance(cell, date) else cell


def _without_blanks(text: str) -> str:
    """The text from its first sign that shows; some programs skip what shows nothing."""
    shown = (at for at, sign in enumerate(text) if sign not in BLANKS and unicodedata.category(sign)[0] not in "ZC")
    return text[next(shown, 0) :]
