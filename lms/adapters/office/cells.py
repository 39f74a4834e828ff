"""One cell of a worksheet as the text a person would read in it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element

from lms.adapters.office.xml import text_of

MOST_DIGITS = 15
"""Excel keeps so many digits of a number (IEEE 754 double); the rest of an identity number become zeros."""
LAST_DAY = 2_900_000  # in the year 9839

_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_WHOLE = re.compile(r"(-?\d+)\.0+")
_HUGE = re.compile(r"\d{16,}(?:\.0*)?|\d(?:\.\d+)?[Ee]\+?\d+")


@dataclass(frozen=True)
class Reader:
    """What the cells of a workbook share: its strings, which styles show a day, and from when days are counted."""

    strings: list[str]
    date_styles: frozenset[int]
    is_1904: bool = False

    def text(self, cell: Element) -> str:
        """What the cell shows."""
        kind, value = cell.get("t", "n"), text_of(cell.find("v"))
        if kind == "inlineStr":
            inline = cell.find("is")
            return "" if inline is None else string_of(inline)
        if kind == "s":
            number = number_of(value, -1)
            return self.strings[number] if 0 <= number < len(self.strings) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "n" and value and number_of(cell.get("s", ""), -1) in self.date_styles:
            return self._day(value) or _number(value)
        return _number(value) if kind == "n" else value

    def _day(self, value: str) -> str | None:
        try:
            serial = int(Decimal(value))
        except (InvalidOperation, ValueError, OverflowError):
            return None
        if not 1 <= serial <= LAST_DAY:
            return None
        start = date(1904, 1, 1) if self.is_1904 else date(1899, 12, 31 if serial < 60 else 30)
        return (start + timedelta(days=serial)).isoformat()


def _number(value: str) -> str:
    """Whole numbers without a fraction; those with more digits than Excel keeps as it shows them: 1.10105E+17."""
    if _HUGE.fullmatch(value):
        return _huge(value)
    whole = _WHOLE.fullmatch(value)
    return whole[1] if whole else value


def _huge(value: str) -> str:
    number = Decimal(value)
    if number < 10**MOST_DIGITS:
        return format(number.normalize(), "f")
    return f"{number:.{MOST_DIGITS - 1}E}" if len(number.as_tuple().digits) > MOST_DIGITS else f"{number:E}"


def string_of(item: Element) -> str:
    """A shared or inline string, without the readings that stand above Chinese characters."""
    told = [text_of(each) for each in item if each.tag == "t"]
    told += [text_of(each.find("t")) for each in item if each.tag == "r"]
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), "".join(told))


def place_of(told: str) -> tuple[int, int] | None:
    """(column, row) of a name such as B7, both from 0."""
    found = _PLACE.fullmatch(told)
    return (_column(found[1]), int(found[2]) - 1) if found else None


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def number_of(text: str, otherwise: int) -> int:
    """A count told in digits; `otherwise` for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise
