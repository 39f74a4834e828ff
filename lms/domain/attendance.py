"""Classes in person: what is known of one enrollment's attendance."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AttendanceFacts:
    """Of the classes held so far: how many she attended, and how she missed or shortened the others.

    `late` and `left_early` are among those attended; `on_leave` and `absent` are not. `attended_ms`: time credited.
    """

    held: int = 0
    attended: int = 0
    late: int = 0
    left_early: int = 0
    on_leave: int = 0
    absent: int = 0
    attended_ms: int = 0
