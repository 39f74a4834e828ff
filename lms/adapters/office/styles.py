"""Which styles of a workbook show a number as a day (ECMA-376, 18.8.30, and the formats it names for zh-cn)."""

import re

from lms.adapters.office.cells import number_of
from lms.adapters.office.package import Package

STYLES = "xl/styles.xml"
BUILT_IN = frozenset({*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)})
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_DAY = re.compile(r"y|d|年|日|e", re.IGNORECASE)


def date_styles(package: Package) -> frozenset[int]:
    """The places in the list of cell formats whose numbers are days."""
    if not package.has(STYLES):
        return frozenset()
    root = package.xml(STYLES)
    own = {number_of(each.get("numFmtId", ""), -1): each.get("formatCode", "") for each in root.iter("numFmt")}
    days = BUILT_IN | {number for number, code in own.items() if _shows_day(code)}
    formats = root.find("cellXfs")
    found = [] if formats is None else formats.findall("xf")
    return frozenset(at for at, each in enumerate(found) if number_of(each.get("numFmtId", ""), 0) in days)


def _shows_day(code: str) -> bool:
    plain = _QUOTED.sub("", code)
    return "0" not in plain and "#" not in plain and "@" not in plain and _DAY.search(plain) is not None
