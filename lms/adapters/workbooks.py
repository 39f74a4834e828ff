"""Rows become an XLSX file (ECMA-376), written as text straight into the archive: constant memory, no second copy.

Text stands in the cells themselves ("inline strings"), typed as text: no cell is ever a formula or a link.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice, zip_longest
from pathlib import Path

Cell = str | int | Decimal | date | None

BATCH = 256
FASTEST = 1  # of zlib's levels: the sheet is repetitive, and people wait for it
LONGEST_TEXT_CELL = 255  # Excel shows ##### for longer text in cells of the format "text"
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576
FIRST_DAY = date(1899, 12, 30).toordinal()  # day 0 of Excel's count, right from March 1900 on
HEAD, TEXT, LONG, DAY = 1, 2, 3, 4  # places in STYLES

MARKUP = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
PROLOGUE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1"'
    ' applyBorder="1" applyAlignment="1"><alignment wrapText="1"/></xf>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": STYLES,
}


class SheetTooLongError(Exception):
    """More rows than a worksheet holds; leaving some out in silence is no answer."""


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]], path: Path, widths: Sequence[int] = ()) -> None:
    """One worksheet with a frozen header, row by row in constant memory; the same rows are the same bytes.

    `widths` are columns' widths in half-width signs, never narrower than the title. Raises SheetTooLongError.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=FASTEST) as book:
        for name, text in PARTS.items():
            with book.open(name, "w") as part:  # unlike `writestr` it dates nothing: the same rows are the same bytes
                part.write((PROLOGUE + text).encode())
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(_opening(header, widths).encode())
            for text in _batches(header, rows):
                sheet.write(text.encode("utf-8", "replace"))
            sheet.write(b"</sheetData></worksheet>")


def _opening(header: Sequence[str], widths: Sequence[int]) -> str:
    sizes = [max(_width(str(title)), int(width)) for title, width in zip_longest(header, widths, fillvalue=0)]
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{size + 0.7109375}" customWidth="1"/>'
        for place, size in enumerate(sizes, start=1)
    )
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (
        f'{PROLOGUE}<worksheet xmlns="{MAIN}"><sheetViews><sheetView tabSelected="1" workbookViewId="0">{pane}'
        f'</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        f"{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
    )


def _batches(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The rows as XML, some hundred at a time; those beyond the last that fits are refused."""
    heads = "".join(_text(name, 1, title, HEAD) for name, title in zip(_names(len(header)), header, strict=True))
    yield f'<row r="1">{heads}</row>'
    coming, number, names = iter(rows), 1, _names(len(header))
    while batch := list(islice(coming, BATCH)):
        if number + len(batch) > MOST_ROWS:
            raise SheetTooLongError
        names = _names(max(map(len, batch))) if max(map(len, batch)) > len(names) else names
        yield "".join([_row(number + place, row, names) for place, row in enumerate(batch, start=1)])
        number += len(batch)


def _row(number: int, row: Sequence[Cell], names: Sequence[str]) -> str:
    cells = "".join([_cell(name, number, cell) for name, cell in zip(names, row, strict=False)])
    return f'<row r="{number}">{cells}</row>'


def _cell(name: str, number: int, cell: Cell) -> str:
    if isinstance(cell, str):
        if len(cell) > LONGEST_TEXT_CELL:
            return _text(name, number, cell, LONG)
        if cell.isalnum():  # most are, and letters and digits have nothing to escape
            return f'<c r="{name}{number}" s="{TEXT}" t="inlineStr"><is><t>{cell}</t></is></c>'
        return _text(name, number, cell, TEXT)
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f'<c r="{name}{number}" s="{DAY}"><v>{cell.toordinal() - FIRST_DAY}</v></c>'
    return f'<c r="{name}{number}"><v>{cell}</v></c>'


def _text(name: str, number: int, text: str, style: int) -> str:
    text = text[:LONGEST_CELL]
    kept = ' xml:space="preserve"' if text != text.strip() else ""
    told = MARKUP.sub(_escaped, text) if MARKUP.search(text) else text
    return f'<c r="{name}{number}" s="{style}" t="inlineStr"><is><t{kept}>{told}</t></is></c>'


def _escaped(found: re.Match[str]) -> str:
    """What XML has a name for by its name; what XML cannot hold as OOXML writes it, `_x000D_`, and that itself too."""
    sign = found[0]
    if len(sign) > 1:
        return "_x005F" + sign
    return NAMED.get(sign) or f"_x{ord(sign):04X}_"


def _names(many: int) -> list[str]:
    """The columns' letters: A … Z, AA …"""
    return [_letters(place) for place in range(many)]


def _letters(place: int) -> str:
    before = _letters(place // 26 - 1) if place >= 26 else ""
    return before + chr(ord("A") + place % 26)


def _width(title: str) -> int:
    return 2 + sum(1 if sign.isascii() else 2 for sign in title)
