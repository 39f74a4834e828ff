"""How well the patterns find what was planted, and how many honest people they bother."""

from collections.abc import Iterable
from dataclasses import dataclass

from lms.domain.crosschecks.patterns import Found, Pattern
from lms.services.demo.year.plan import Plan, Plant


@dataclass(frozen=True)
class Scored:
    """One pattern: places where it was planted and found, and the persons in them."""

    pattern: Pattern
    planted: int
    found: int
    persons: int
    persons_found: int

    @property
    def recall_permille(self) -> int:
        """Of the persons planted, how many were found, in thousandths."""
        return 1000 * self.persons_found // max(1, self.persons)


@dataclass(frozen=True)
class Score:
    """A year. `honest`: persons without a part in anything; `suspected`: those of them who were taken for suspects;
    `held`: those who only wait, because a trainer was in two rooms."""

    by_pattern: tuple[Scored, ...]
    honest: int
    suspected: int
    held: int


def score(plan: Plan, found: Iterable[Found]) -> Score:
    """Compares what was found with what was planted. Learners of meetings that were made up count as found where they
    wait, though no pattern calls them suspects."""
    found = tuple(found)
    guilty = {person for plant in plan.plants for person in plant.persons}
    suspects = {person for each in found for person in each.suspects}
    held = {person for each in found for person in each.held} - suspects
    honest = {each.id for each in plan.learners} - guilty
    rows = tuple(_scored(pattern, plan.plants, found) for pattern in Pattern)
    return Score(rows, len(honest), len(honest & suspects), len(honest & held))


def _scored(pattern: Pattern, plants: Iterable[Plant], found: Iterable[Found]) -> Scored:
    mine = [plant for plant in plants if plant.pattern is pattern]
    at: dict[str, set[str]] = {}
    for each in found:
        if each.pattern is pattern:
            at.setdefault(each.cohort, set()).update(each.persons)
    caught = [plant for plant in mine if plant.cohort in at]
    persons = sum(len(plant.persons) for plant in mine)
    persons_found = sum(len(at.get(plant.cohort, set()) & set(plant.persons)) for plant in mine)
    return Scored(pattern, len(mine), len(caught), persons, persons_found)
