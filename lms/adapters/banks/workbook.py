"""The visible sheets of an Excel workbook (.xlsx) as rows of texts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from lms.adapters.banks import office
from lms.adapters.banks.office import Package
from lms.adapters.banks.xml import text_of
from lms.domain.errors import Refused

MOST_ROWS = 20_000
MOST_COLUMNS = 80
MOST_SHEETS = 40
BOOK = "xl/workbook.xml"
STRINGS = "xl/sharedStrings.xml"

_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_WHOLE = re.compile(r"(-?\d+)\.0+")


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
    """The visible sheets. Refused: see office.opened, bank_sheet_too_long, bank_xml_*."""
    with office.opened(data) as package:
        links = package.links(BOOK)
        strings = [_string(each) for each in package.xml(STRINGS).iter("si")] if package.has(STRINGS) else []
        listed = [each for each in package.xml(BOOK).iter("sheet") if each.get("state", "visible") == "visible"]
        paths = [(each.get("name", ""), links.get(each.get("id", ""))) for each in listed[:MOST_SHEETS]]
        return [_sheet(package, name, path, strings) for name, path in paths if path and package.has(path)]


def _string(item: Element) -> str:
    """A shared or inline string, without the readings that stand above Chinese characters."""
    told = [text_of(each) for each in item if each.tag == "t"]
    told += [text_of(each.find("t")) for each in item if each.tag == "r"]
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), "".join(told))


def _sheet(package: Package, name: str, path: str, strings: list[str]) -> Sheet:
    root = package.xml(path)
    rows: dict[int, dict[int, str]] = {}
    for at, row in enumerate(root.iter("row")):
        number = _number(row.get("r", ""), at + 1) - 1
        cells = {column: text for column, text in _cells(row, strings) if text.strip()}
        if not cells:
            continue
        if len(rows) >= MOST_ROWS:
            raise Refused("bank_sheet_too_long", most=MOST_ROWS)
        rows[number] = cells
    return Sheet(name, rows, tuple(filter(None, map(_area, root.iter("mergeCell")))))


def _cells(row: Element, strings: list[str]) -> Iterator[tuple[int, str]]:
    for at, cell in enumerate(row.iter("c")):
        place = _PLACE.fullmatch(cell.get("r", ""))
        column = _column(place[1]) if place else at
        if column < MOST_COLUMNS:
            yield column, _value(cell, strings)


def _value(cell: Element, strings: list[str]) -> str:
    kind, value = cell.get("t", "n"), text_of(cell.find("v"))
    if kind == "inlineStr":
        inline = cell.find("is")
        return "" if inline is None else _string(inline)
    if kind == "s":
        number = _number(value, -1)
        return strings[number] if 0 <= number < len(strings) else ""
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    whole = _WHOLE.fullmatch(value)
    return whole[1] if whole else value


def _area(merged: Element) -> Area | None:
    ends = [_PLACE.fullmatch(end) for end in merged.get("ref", "").split(":")]
    if len(ends) != 2 or not ends[0] or not ends[1]:
        return None
    (left, top), (right, bottom) = ends[0].groups(), ends[1].groups()
    return Area(int(top) - 1, _column(left), int(bottom) - 1, _column(right))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise
