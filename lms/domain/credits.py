"""Credits (学分转换互认): what was achieved, turned into credits by the table that was in force on its day.

No table, no credits: none of the rates is confirmed, so none is built in (domain.md 8.2 asks for effective-dated
tables). A table that is not confirmed by a document is told as such wherever its credits are.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.domain.errors import Refused
from lms.domain.labels import folded


class Basis(StrEnum):
    """What credits are given for: a completed course, a level, another certificate."""

    COURSE = "course"
    LEVEL = "level"
    CERTIFICATE = "certificate"


@dataclass(frozen=True)
class Key:
    """What a row of a table is about: the slug of a course; an occupation with a level or a kind of certificate."""

    basis: Basis
    name: str
    detail: str = ""

    @property
    def compared(self) -> tuple[Basis, str, str]:
        """As it is compared with another: width, blanks and case of what people type do not matter."""
        return self.basis, folded(self.name), self.detail


@dataclass(frozen=True)
class Row:
    """So many credits (in hundredths) for `key`, counted as `target`; with `per_hundredths` for each such number of
    class hours (in hundredths), whole multiples only."""

    key: Key
    credits: int
    target: str
    per_hundredths: int | None = None


@dataclass(frozen=True)
class Table:
    """One equivalence table of a scheme (who recognises), in force from a day on; `source`: the document it is from."""

    code: str
    scheme: str
    source: str
    confirmed: bool
    from_on: date
    until_on: date | None
    rows: tuple[Row, ...]

    def holds(self, day: date) -> bool:
        """Whether its own days include this one."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True)
class Achievement:
    """Something that stands on a day; `hours`: its class hours in hundredths, where it has any."""

    source: uuid.UUID
    key: Key
    title: str
    on: date
    hours: int = 0


@dataclass(frozen=True)
class Entry:
    """One line of a transcript; `is_repeat`: the same was counted in this scheme before, so it brings nothing."""

    achievement: Achievement
    table: Table
    row: Row
    credits: int
    is_repeat: bool = False


def in_force(tables: Iterable[Table], scheme: str, day: date) -> Table | None:
    """The table of a scheme that held on a day: the latest begun; a later one ends the one before."""
    begun = [table for table in tables if table.scheme == scheme and table.from_on <= day]
    latest = max(begun, key=lambda table: table.from_on, default=None)
    return latest if latest is not None and latest.holds(day) else None


def transcript(achievements: Iterable[Achievement], tables: Sequence[Table]) -> list[Entry]:
    """Every achievement in every scheme that knows it, in the order of days; the same key and target count once."""
    entries: list[Entry] = []
    counted: set[tuple[str, tuple[Basis, str, str], str]] = set()
    for achievement in sorted(achievements, key=lambda each: each.on):
        for scheme in sorted({table.scheme for table in tables}):
            table = in_force(tables, scheme, achievement.on)
            for row in table.rows if table else ():
                if table is None or row.key.compared != achievement.key.compared:
                    continue
                same = (scheme, row.key.compared, row.target)
                worth = 0 if same in counted else _worth(row, achievement.hours)
                entries.append(Entry(achievement, table, row, worth, same in counted))
                if worth:
                    counted.add(same)
    return entries


def _worth(row: Row, hours: int) -> int:
    return row.credits if row.per_hundredths is None else row.credits * (hours // row.per_hundredths)


def sums(entries: Iterable[Entry]) -> dict[str, tuple[int, int]]:
    """By scheme: credits of confirmed tables, and of those that are not, in hundredths."""
    found: dict[str, tuple[int, int]] = {}
    for entry in entries:
        sure, unsure = found.get(entry.table.scheme, (0, 0))
        more = (entry.credits, 0) if entry.table.confirmed else (0, entry.credits)
        found[entry.table.scheme] = (sure + more[0], unsure + more[1])
    return found


def check_table(table: Table, others: Iterable[Table], today: date) -> None:
    """What was once told stays told: a table of a scheme that has one begins after the last one and not before today.

    Refused: credit_term, credit_before (day), credit_past, credit_twice where two rows say the same.
    """
    if table.until_on is not None and table.until_on < table.from_on:
        raise Refused("credit_term")
    said = [(row.key.compared, row.target) for row in table.rows]
    if len(set(said)) != len(said):
        raise Refused("credit_twice")
    last = max((each.from_on for each in others if each.scheme == table.scheme), default=None)
    if last is None:
        return
    if table.from_on <= last:
        raise Refused("credit_before", day=last)
    if table.from_on < today:
        raise Refused("credit_past")
