"""Lists from outside: what kinds there are, how a row is read, on which days it says something, and what settles it.

Kinds: who some policies do not fund (domain.md 2, `excluded_groups`), and who was paid from another fund (domain.md 1.1
N5). A list never refuses anybody: it says that a person must look (domain.md 0.8, 4).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.domain.days import later
from lms.domain.documents import DocumentType, read
from lms.domain.errors import Conflict, Refused
from lms.domain.identity import check_name, matching_name
from lms.domain.roster_columns import Field, Grid, Row, find_heading, guess, plain
from lms.domain.roster_days import FOREVER, parse_day
from lms.domain.rosters import DOCUMENTS, clean, is_person
from lms.domain.subsidies import ReasonCode

MOST_ROWS = 20_000
MOST_MONTHS_KEPT = 24
"""Our own choice: a list is asked for again rather than kept; no text was found that sets a period."""
SAMPLES = 40


class ListKind(StrEnum):
    """Who stands on a list."""

    PENSIONER = "pensioner"
    STUDENT = "student"
    ESTABLISHMENT = "establishment"
    OTHER_FUND = "other_fund"


REASONS: Mapping[ListKind, ReasonCode] = {
    ListKind.PENSIONER: ReasonCode.GROUP_EXCLUDED,
    ListKind.STUDENT: ReasonCode.GROUP_EXCLUDED,
    ListKind.ESTABLISHMENT: ReasonCode.GROUP_EXCLUDED,
    ListKind.OTHER_FUND: ReasonCode.OTHER_FUND,
}


class Outcome(StrEnum):
    """What is said of a match: her objection; it is true; it is somebody else; it was true until a day."""

    OBJECTION = "objection"
    TRUE = "true"
    NOT_HER = "not_her"
    OVER = "over"


SETTLING = frozenset({Outcome.TRUE, Outcome.NOT_HER, Outcome.OVER})

BEGINNINGS = "起始日期 开始日期 起始 生效日期 入职日期 享受日期 发放日期 领取日期 从 自 from"
ENTRIES = "退休日期 退休时间 入学日期 入学时间 入编日期"
UNTIL_TITLES = "截止日期 终止日期 结束日期 失效日期 毕业日期 毕业时间 离编日期 停发日期 到 至 until to"
_FROM = frozenset(map(plain, [*BEGINNINGS.split(), *ENTRIES.split()]))
_UNTIL = frozenset(map(plain, UNTIL_TITLES.split()))
_TYPES = {plain(word): kind for kind, words in DOCUMENTS.items() for word in words.split()}


@dataclass(frozen=True)
class Columns:
    """Which column of a file says what; `first`: the row (from 0) the people begin in. None: the file has none."""

    name: int
    number: int
    document_type: int | None
    from_on: int | None
    until_on: int | None
    first: int
    titles: Mapping[int, str]


@dataclass(frozen=True)
class Listed:
    """Somebody on a list, in normal form. `row`: of the file, from 1."""

    row: int
    name: str
    document_type: DocumentType
    number: str
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True)
class Problem:
    """A row that was not taken over: a code, and the title of the column, "" for the whole row."""

    row: int
    code: str
    column: str = ""


def find_columns(grid: Grid) -> Columns:
    """Which column says what, by the titles. Refused: outside_columns where no column holds names or none numbers."""
    heading = find_heading(grid)
    below = [row for at, row in sorted(grid.items()) if at > heading.last][:SAMPLES]
    found = guess(heading, below)
    if Field.NAME not in found or Field.NUMBER not in found:
        raise Refused("outside_columns")
    own = {plain(title): at for at, title in sorted(heading.titles.items(), reverse=True)}
    return Columns(
        name=found[Field.NAME],
        number=found[Field.NUMBER],
        document_type=found.get(Field.DOCUMENT_TYPE),
        from_on=next((at for title, at in own.items() if title in _FROM), None),
        until_on=next((at for title, at in own.items() if title in _UNTIL), None),
        first=heading.last + 1,
        titles=heading.titles,
    )


def read_rows(grid: Grid, columns: Columns, today: date) -> Iterator[Listed | Problem]:
    """Each row with somebody in it, read or with what is wrong. A number that comes twice is told once."""
    seen: dict[tuple[DocumentType, str], int] = {}
    fields = {Field.NAME: columns.name, Field.NUMBER: columns.number}
    for at in sorted(grid):
        if at < columns.first or not is_person(grid[at], fields, columns.titles):
            continue
        told = _read_row(at + 1, grid[at], columns, today)
        if isinstance(told, Listed):
            key = (told.document_type, told.number)
            if key in seen:
                told = Problem(told.row, "outside_twice", str(seen[key]))
            else:
                seen[key] = told.row
        yield told


def _cell(row: Row, column: int | None) -> str:
    return "" if column is None else clean(row.get(column, ""))


def _read_row(number: int, row: Row, columns: Columns, today: date) -> Listed | Problem:
    kind = _TYPES.get(plain(_cell(row, columns.document_type) or "身份证"))
    if kind is None:
        return Problem(number, "outside_document_type", Field.DOCUMENT_TYPE.value)
    try:
        name = check_name(_cell(row, columns.name))
    except Refused as refusal:
        return Problem(number, refusal.code, Field.NAME.value)
    try:
        document = read(kind, _cell(row, columns.number), today)
    except Refused as refusal:
        return Problem(number, refusal.code, Field.NUMBER.value)
    days = [_cell(row, columns.from_on), _cell(row, columns.until_on)]
    read_days = [parse_day(day) if day else None for day in days]
    for day, told, column in zip(days, read_days, ("from_on", "until_on"), strict=True):
        if day and told is None:
            return Problem(number, "outside_day", column)
    from_on, until_on = read_days[0], None if read_days[1] == FOREVER else read_days[1]
    if from_on and until_on and until_on < from_on:
        return Problem(number, "outside_days_order", "until_on")
    return Listed(number, matching_name(name), kind, document.number, from_on, until_on)


def check_kept_until(kept_until: date, today: date) -> None:
    """Until when a list may be kept. Refused: outside_kept_until."""
    if not today <= kept_until <= later(today, MOST_MONTHS_KEPT):
        raise Refused("outside_kept_until", months=MOST_MONTHS_KEPT)


def check_as_of(as_of_on: date, today: date) -> None:
    """The day a list tells of. Refused: outside_as_of for one that is still to come."""
    if as_of_on > today:
        raise Refused("outside_as_of")


def speaks_of(day: date, from_on: date | None, until_on: date | None) -> bool:
    """Whether an entry says something of a day: without days of its own it says it of every day."""
    return (from_on is None or from_on <= day) and (until_on is None or day <= until_on)


def standing(outcomes: Iterable[Outcome]) -> Outcome | None:
    """What holds of a match: the last word that settled it, None while nobody did. An objection after it opens the
    match again."""
    last: Outcome | None = None
    for each in outcomes:
        last = each if each in SETTLING else None
    return last


def is_doubt(held: Outcome | None, over_on: date | None, day: date) -> bool:
    """Whether a match still says that a person must look. Who was found to be on it for good still is; a list never
    refuses by itself, so whoever decides on the money must see it."""
    if held is Outcome.NOT_HER:
        return False
    if held is Outcome.OVER:
        return over_on is not None and day <= over_on
    return True


def check_settling(held: Outcome | None, outcome: Outcome, over_on: date | None, today: date) -> None:
    """Whether a match may be settled so. Conflict: outside_settled; Refused: outside_outcome, outside_over_on."""
    if outcome not in SETTLING:
        raise Refused("outside_outcome")
    if held is outcome:
        raise Conflict("outside_settled")
    if (outcome is Outcome.OVER) != (over_on is not None) or (over_on is not None and over_on > today):
        raise Refused("outside_over_on")
