"""What is wrong with a subsidy policy, and where in it; the reader of files turns the place into a line."""

from dataclasses import dataclass, field

Place = tuple[str | int, ...]
"""The keys and numbers that lead to a value: ("terms", "count_limit", "value")."""


@dataclass(frozen=True)
class Fault:
    """One fault; `code` is worded in authoring/subsidy_wording.py with `values`."""

    place: Place
    code: str
    values: dict[str, str | int] = field(default_factory=dict, hash=False)


class Faults:
    """Where readers write faults down, so that all of them are told at once."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, place: Place, code: str, **values: str | int) -> None:
        """Write one down."""
        self.found.append(Fault(place, code, values))
