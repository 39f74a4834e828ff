"""A file with a table in it, as people have them: Excel, or text of any separator in UTF-8, UTF-16 or GB 18030."""

import csv
import io
from collections import Counter

from lms.adapters.office import package as office
from lms.adapters.office import text, workbook
from lms.adapters.office.workbook import MOST_COLUMNS, MOST_ROWS, Sheet
from lms.domain.errors import Refused

MOST_FILE_BYTES = 10_000_000
SEPARATORS = ",\t;|，"
PROBED = 40
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"{\\rtf", b"<")


def check(data: bytes) -> None:
    """Looks at a file from outside only, which takes no time.

    Refused: file_empty, file_too_big, file_old, table_kind, office_broken, office_locked, office_bomb.
    """
    if not data.strip():
        raise Refused("file_empty")
    if len(data) > MOST_FILE_BYTES:
        raise Refused("file_too_big", most=MOST_FILE_BYTES // 1_000_000)
    if data.startswith((*_ZIP, office.OLD_OFFICE)):
        with office.opened(data) as package:
            if not package.has(workbook.BOOK):
                raise Refused("table_kind")
    elif data.startswith(_OTHERS):
        raise Refused("table_kind")


def read(data: bytes) -> list[Sheet]:
    """The sheets that hold something; a text file is one. Refused: as `check`, sheet_too_long, file_encoding, xml_*."""
    check(data)
    sheets = workbook.read(data) if data.startswith(_ZIP) else [_plain(text.decode(data))]
    return [sheet for sheet in sheets if sheet.rows]


def _plain(told: str) -> Sheet:
    rows: dict[int, dict[int, str]] = {}
    reader = csv.reader(io.StringIO(told, newline=""), delimiter=_separator(told), skipinitialspace=True)
    try:
        for at, line in enumerate(reader):
            cells = {column: cell for column, cell in enumerate(line[:MOST_COLUMNS]) if cell.strip()}
            if not cells:
                continue
            if len(rows) >= MOST_ROWS:
                raise Refused("sheet_too_long", most=MOST_ROWS)
            rows[at] = cells
    except csv.Error as error:
        raise Refused("table_broken") from error
    return Sheet("", rows, ())


def _separator(told: str) -> str:
    """What most lines have the same number of."""
    lines = [line for line in told[:100_000].splitlines()[:PROBED] if line.strip()]
    best, most = ",", 0
    for separator in SEPARATORS:
        counts = Counter(line.count(separator) for line in lines if separator in line)
        agreeing = max((count * times for count, times in counts.items()), default=0)
        if agreeing > most:
            best, most = separator, agreeing
    return best
