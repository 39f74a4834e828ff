"""What a file of questions is read into: rows as they stand there, and what was understood of them."""

from dataclasses import dataclass, field

from lms.domain.bank import Entry
from lms.domain.bank_rules import Fault

MOST_QUESTIONS = 3000
UNTOLD = 0
"""The difficulty of an entry whose file tells none."""


@dataclass(frozen=True)
class Raw:
    """One row as our template has it, all of it text; `place` is the row, line or number in the file."""

    place: int
    type: str = ""
    stem: str = ""
    options: tuple[str, ...] = ()
    feedback: tuple[str, ...] = ()
    answer: str = ""
    explanation: str = ""
    difficulty: str = ""
    objective: str = ""
    tags: str = ""
    case: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Found:
    """One question of a file. Without `entry` it was not understood, and `faults` say why.

    `objective` of the entry is what the file calls it, `difficulty` is UNTOLD where the file tells none. `remarks`
    say what was left behind. `picture` holds the bytes of a picture that stood in the file.
    """

    place: int
    raws: tuple[Raw, ...]
    entry: Entry | None = None
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()
    picture: bytes | None = None


@dataclass(frozen=True)
class Reading:
    """All questions of a file, and how many of its rows were titles, totals or headings."""

    found: tuple[Found, ...]
    skipped: int = 0


@dataclass
class Draft:
    """A row being gathered line by line."""

    place: int
    values: dict[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    feedback: dict[int, str] = field(default_factory=dict)
    number: int = 0
    scope: int = 0
    is_part: bool = False
    is_ours: bool = False
    picture: bytes | None = None

    def done(self, case: str = "") -> Raw:
        """The row."""
        feedback = tuple(self.feedback.get(number, "") for number in range(len(self.options)))
        return Raw(self.place, options=tuple(self.options), feedback=feedback, case=case, **self.values)
