"""What is known of one class, as the patterns want it: who did what when, on which device, and whose hand it was.

Moments are whole milliseconds on one axis (the study clock, or UTC), days civil days as texts; ids are texts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stretch:
    """Time that was credited to a person. `is_own`: by her own phone (a heartbeat, the code of a class), not by a
    paper list or a correction. `device`: by which it came, "" where unknown. `place`: of a class in person, "" online;
    two places differ where these texts do."""

    person: str
    started_ms: int
    ended_ms: int
    day: str
    is_own: bool = True
    device: str = ""
    place: str = ""
    source: str = ""

    @property
    def length_ms(self) -> int:
        """How long it is."""
        return self.ended_ms - self.started_ms


@dataclass(frozen=True)
class Try:
    """One submission of one quiz. `wrong`: question → the wrong answer given."""

    person: str
    lesson: str
    at_ms: int
    day: str
    wrong: Mapping[str, str] = field(default_factory=dict)
    device: str = ""


@dataclass(frozen=True)
class Sitting:
    """A written exam of a person on a device of her own, with when it was opened and closed."""

    id: str
    person: str
    opened_ms: int
    closed_ms: int
    day: str


@dataclass(frozen=True)
class Room:
    """One meeting of a class: where, by whom (`trainer`: the human), and who was marked present. `is_seen`: most of
    them signed with their own phones, so that it was held; of one on paper only nobody can say so."""

    meeting: str
    cohort: str
    trainer: str
    place: str
    started_ms: int
    ended_ms: int
    present: tuple[str, ...] = ()
    is_seen: bool = False


@dataclass(frozen=True)
class ClassFacts:
    """One class. `planned_ms`: what its course asks for; `own_days`: person → days on which she signed in herself or
    did anything by her own hand; `accounts`: person → fingerprint of the account she is paid to."""

    cohort: str
    members: tuple[str, ...]
    planned_ms: int
    stretches: tuple[Stretch, ...] = ()
    tries: tuple[Try, ...] = ()
    sittings: tuple[Sitting, ...] = ()
    rooms: tuple[Room, ...] = ()
    own_days: Mapping[str, int] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
