"""What the six departments see: numbers of places, never of few people, never a person (domain/small_cells.py)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.domain.errors import NotFound
from lms.domain.organisations import Tier, tier_of
from lms.domain.roles import Role
from lms.domain.small_cells import hidden
from lms.services import rollup
from lms.services.rollup import Place, Row
from lms.services.scopes import Actor

PEOPLE, COMPLETED = "people", "completed"
COLUMNS = (PEOPLE, COMPLETED)


@dataclass(frozen=True)
class Cell:
    """The numbers of one place; None is not told. `may_open`: whether there is a table of what is below it."""

    id: uuid.UUID
    name: str
    kind: str
    institutions: int
    cohorts: int
    people: int | None
    completed: int | None
    credited_ms: int | None
    may_open: bool


@dataclass(frozen=True)
class Board:
    """A table of numbers: the places below one (`here`), or those where the department's reach begins (None)."""

    here: Cell | None
    path: tuple[tuple[uuid.UUID, str], ...]
    cells: tuple[Cell, ...]

    @property
    def hides(self) -> bool:
        """Whether any number is not told."""
        return any(None in (each.people, each.completed) for each in self.cells)


Untold = dict[uuid.UUID, frozenset[str]]


def overview(session: Session, actor: Actor) -> Board:
    """The places where the department's reach begins, as a rule one city or one district."""
    rows = rollup.tops(session, actor, Role.STATISTICS)
    untold = _alone(rows)
    return Board(None, (), tuple(_cell(each, untold[each.id]) for each in rows))


def board(session: Session, actor: Actor, organisation_id: uuid.UUID) -> Board:
    """The table below one place; NotFound out of reach, and for an institution, whose classes are too few people.

    A number that is not told in a table is not told in any table below it, where it could be added up.
    """
    found = rollup.place(session, actor, organisation_id, Role.STATISTICS)
    if tier_of(found.kind) > Tier.DISTRICT:
        raise NotFound
    above = found.path[-1][0] if found.path else None
    known = board(session, actor, above).cells if above else overview(session, actor).cells
    here = next(each for each in known if each.id == organisation_id)
    untold = _together(found.rows, _untold_of(here))
    return Board(here, found.path, tuple(_cell(each, untold[each.id]) for each in found.rows))


def _untold_of(cell: Cell) -> frozenset[str]:
    return frozenset(column for column in COLUMNS if getattr(cell, column) is None)


def _alone(rows: Sequence[Row]) -> Untold:
    """Numbers of which no sum is shown: only what is small itself."""
    return {
        row.id: frozenset(column for column in COLUMNS if hidden({column: getattr(row.figures, column)}))
        for row in rows
    }


def _together(rows: Sequence[Row], above: frozenset[str]) -> Untold:
    """Numbers whose sum is shown above, or is itself not told."""
    small = {column: hidden({row.id: getattr(row.figures, column) for row in rows}) for column in COLUMNS}
    return {row.id: frozenset(each for each in COLUMNS if each in above or row.id in small[each]) for row in rows}


def _cell(row: Row | Place, untold: frozenset[str]) -> Cell:
    """Study time and completions of people that are not told are not told either."""
    figures, nobody = row.figures, PEOPLE in untold
    return Cell(
        id=row.id,
        name=row.name,
        kind=row.kind.value,
        institutions=figures.institutions,
        cohorts=figures.cohorts,
        people=None if nobody else figures.people,
        completed=None if nobody or COMPLETED in untold else figures.completed,
        credited_ms=None if nobody else figures.credited_ms,
        may_open=tier_of(row.kind) <= Tier.DISTRICT,
    )
