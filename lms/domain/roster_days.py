"""Days as sheets tell them: 2021-10-27, 2021/10/27, 20211027, 2021年10月27日, or Excel's own count of days."""

import re
import unicodedata
from datetime import date, timedelta

FOREVER = date.max
_FORMS = (
    re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?(?:T?\d{1,2}:\d{2}(?::\d{2})?(?:\.0+)?)?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})?"),
)
_SPAN = re.compile(r"\d{4}.*?[\d日][-—~至到]+((?:\d{4}[./年].*|\d{8}|长期.*|永久.*))")
_SERIAL = re.compile(r"\d{4,5}(?:\.\d+)?")
_EXCEL_START = date(1899, 12, 30)
_FOREVER = frozenset({"长期", "永久", "长期有效", "永久有效"})


def parse_day(text: str) -> date | None:
    """The day a cell tells; the first of the month where it tells none, FOREVER for 长期; None if it tells no day."""
    told = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if told in _FOREVER:
        return FOREVER
    if span := _SPAN.fullmatch(told):
        return parse_day(span[1])
    for form in _FORMS:
        if found := form.fullmatch(told):
            return _day(found[1], found[2], found[3] or "1")
    return _serial(told) if _SERIAL.fullmatch(told) else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _serial(told: str) -> date | None:
    number = int(float(told))
    return _EXCEL_START + timedelta(days=number) if 3000 <= number <= 80_000 else None
