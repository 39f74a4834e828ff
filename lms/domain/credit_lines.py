"""An equivalence table as it is pasted from a sheet: a line each, six columns by tab or comma.

来源（课程、等级、证书）, 名称（课程代码或职业）, 等级或证书种类, 学分, 每多少学时（空着是一次性）, 认定为。
"""

import csv
from collections.abc import Mapping
from decimal import Decimal

from lms.domain.credits import Basis, Key, Row
from lms.domain.errors import Refused
from lms.domain.levels import NAMES, level_named
from lms.domain.qualifications import Kind

BASES: Mapping[str, Basis] = {"课程": Basis.COURSE, "等级": Basis.LEVEL, "证书": Basis.CERTIFICATE}
KINDS: Mapping[str, Kind] = {
    "职业技能等级证书": Kind.SKILL_LEVEL,
    "职业资格证书": Kind.VOCATIONAL,
    "专项职业能力证书": Kind.SPECIAL_SKILL,
    "培训合格证书": Kind.TRAINING,
}
MOST, LARGEST, COLUMNS = 500, 100_000, 6
LONGEST, LONGEST_LINE = 80, 500


def read_rows(text: str) -> tuple[Row, ...]:
    """The rows; a first line of headings is passed over. Refused: credit_row (line), credit_none, credit_many."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if lines and lines[0][1].lstrip().startswith("来源"):
        lines = lines[1:]
    if not lines:
        raise Refused("credit_none")
    if len(lines) > MOST:
        raise Refused("credit_many", most=MOST)
    return tuple(_read(number, line) for number, line in lines)


def _read(number: int, line: str) -> Row:
    if len(line) > LONGEST_LINE:
        raise Refused("credit_row", line=number)
    cells = [cell.strip() for cell in next(csv.reader([line], delimiter="\t" if "\t" in line else ","))]
    cells += [""] * (COLUMNS - len(cells))
    basis, credits = BASES.get(cells[0]), _hundredths(cells[3])
    key = _key(basis, cells[1], cells[2]) if basis else None
    per = _hundredths(cells[4]) if cells[4] else None
    wrong = len(cells) > COLUMNS or not credits or (cells[4] and not per) or not 0 < len(cells[5]) <= LONGEST
    if wrong or key is None or credits is None or (per and key.basis is not Basis.COURSE):
        raise Refused("credit_row", line=number)
    return Row(key, credits, cells[5], per)


def _key(basis: Basis, name: str, detail: str) -> Key | None:
    if not 0 < len(name) <= LONGEST:
        return None
    if basis is Basis.COURSE:
        return None if detail else Key(basis, name)
    if basis is Basis.LEVEL:
        level = level_named(detail)
        return None if level is None else Key(basis, name, NAMES[level])
    return Key(basis, name, KINDS[detail].value) if detail in KINDS else None


def _hundredths(text: str) -> int | None:
    """A positive number with two places at most, in hundredths; None for anything else."""
    try:
        value = Decimal(text) * 100
    except ArithmeticError:
        return None
    if not value.is_finite() or value != value.to_integral_value() or not 0 < value <= LARGEST:
        return None
    return int(value)
