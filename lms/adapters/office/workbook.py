"""The visible sheets of an Excel workbook (.xlsx) as rows of texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from lms.adapters.office import package as office
from lms.adapters.office.cells import Reader, number_of, place_of, string_of
from lms.adapters.office.package import Package
from lms.adapters.office.styles import date_styles
from lms.domain.errors import Refused

MOST_ROWS = 20_000
MOST_COLUMNS = 80
MOST_SHEETS = 40
BOOK = "xl/workbook.xml"
STRINGS = "xl/sharedStrings.xml"


@dataclass(frozen=True)
class Area:
    """Cells that are one: rows and columns from 0, ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows by number (from 0), each a dictionary of column → text, and its joined cells."""

    name: str
    rows: dict[int, dict[int, str]]
    areas: tuple[Area, ...]


def read(data: bytes) -> list[Sheet]:
    """The visible sheets; days as 2026-11-23, numbers of more digits than Excel keeps as 1.1010519491231E+17.

    Refused: see office.opened, sheet_too_long, xml_*.
    """
    with office.opened(data) as package:
        links, book = package.links(BOOK), package.xml(BOOK)
        reader = Reader(_strings(package), date_styles(package), _is_1904(book))
        listed = [each for each in book.iter("sheet") if each.get("state", "visible") == "visible"]
        paths = [(each.get("name", ""), links.get(each.get("id", ""))) for each in listed[:MOST_SHEETS]]
        return [_sheet(package, name, path, reader) for name, path in paths if path and package.has(path)]


def _strings(package: Package) -> list[str]:
    return [string_of(each) for each in package.elements(STRINGS, "si")] if package.has(STRINGS) else []


def _is_1904(book: Element) -> bool:
    return any(each.get("date1904") in ("1", "true") for each in book.iter("workbookPr"))


def _sheet(package: Package, name: str, path: str, reader: Reader) -> Sheet:
    rows: dict[int, dict[int, str]] = {}
    areas: list[Area | None] = []
    at = 0
    for element in package.elements(path, "row", "mergeCell"):
        if element.tag == "mergeCell":
            areas.append(_area(element))
            continue
        at = number_of(element.get("r", ""), at + 1)
        cells = {column: text for column, text in _cells(element, reader) if text.strip()}
        if not cells:
            continue
        if len(rows) >= MOST_ROWS:
            raise Refused("sheet_too_long", most=MOST_ROWS)
        rows[at - 1] = cells
    return Sheet(name, rows, tuple(filter(None, areas)))


def _cells(row: Element, reader: Reader) -> Iterator[tuple[int, str]]:
    for at, cell in enumerate(row.iter("c")):
        place = place_of(cell.get("r", ""))
        column = place[0] if place else at
        if column < MOST_COLUMNS:
            yield column, reader.text(cell)


def _area(merged: Element) -> Area | None:
    ends = [place_of(end) for end in merged.get("ref", "").split(":")]
    if len(ends) != 2 or not ends[0] or not ends[1]:
        return None
    (left, top), (right, bottom) = ends[0], ends[1]
    return Area(top, left, bottom, right)
