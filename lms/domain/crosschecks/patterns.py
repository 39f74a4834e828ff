"""What strange patterns of a whole class there are, from where on one is strange, and what finding one says.

The detectors of `flags` and `exam_flags` look at one person's study or exam; these look at a class and over classes.
None of them changes a number: a flag waits for somebody who looks, and until then its persons are not paid.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lms.domain.errors import Conflict


class Pattern(StrEnum):
    """What was noticed of a class."""

    GHOST_COHORT = "ghost_cohort"
    IDENTICAL_TRACES = "identical_traces"
    DEVICE_FARM = "device_farm"
    BURST_SITTINGS = "burst_sittings"
    TRAINER_TWO_ROOMS = "trainer_two_rooms"
    ATTENDANCE_DENSE = "attendance_dense"
    ANSWERS_ALIKE = "answers_alike"
    ACCOUNT_SHARED = "account_shared"


class Outcome(StrEnum):
    """What somebody who looked says of a flag: it is true; it is true and has a good reason; there is nothing."""

    FOUNDED = "founded"
    EXPLAINED = "explained"
    UNFOUNDED = "unfounded"


@dataclass(frozen=True)
class Limits:
    """From where on something is strange. Our own choice throughout, tuned on made-up years (docs/guides/
    cross-checks.md); each says what an honest class does.

    least_class: of fewer learners nothing is said of a class as a whole.
    ghost_percent, ghost_days, ghost_hours_percent: of an honest class, on paper lists too, most learners sign in
        themselves on two days at least (activation, quiz, exam). A class of whom this part never did so on
        `ghost_days` days, though others entered this part of the planned hours for them, is hardly there.
    same_percent, same_stretches, same_unit_ms: honest phones start within minutes of each other, never all in the same
        two seconds over and over. Only what they did themselves counts: paper lists say the same of everybody.
    farm_persons, farm_percent: a family shares a phone, two or three a time. In a computer room seats change or each
        has her own; one device on which so many of one class did this part of all their study is one hand's.
    run_quizzes, run_ms, run_persons: nobody reads and answers so many different quizzes in that time; one who is
        quick with two or three is quick.
    chain_sittings, chain_gap_ms: exams of a class that never overlap and follow each other at once are taken by one
        hand; in a room they are taken at the same time.
    rooms_ms: classes end a little late; longer than this, a trainer stands in two rooms.
    own_meetings: a class that the trainer held so often without any other at that hour is her own; one in which she
        never stands but at the hours of another is the one to be asked about.
    places_ms: the same of a learner. day_hours: study and classes of one civil day that leave no time to live.
    alike_persons, alike_mistakes, alike_per_million: two who learn together make mistakes together; so many linked by
        shared mistakes are a ring. Of fewer shared mistakes nothing is said; the last is how likely an honest learner
        may be to be found like any other of her class.
    account_persons: a couple has one account; so many learners have none in common.
    """

    least_class: int = 8
    ghost_percent: int = 70
    ghost_days: int = 2
    ghost_hours_percent: int = 30
    same_percent: int = 50
    same_stretches: int = 4
    same_unit_ms: int = 2_000
    farm_persons: int = 5
    farm_percent: int = 50
    run_quizzes: int = 5
    run_ms: int = 100_000
    run_persons: int = 1
    chain_sittings: int = 6
    chain_gap_ms: int = 180_000
    rooms_ms: int = 600_000
    own_meetings: int = 3
    places_ms: int = 600_000
    day_hours: int = 15
    alike_persons: int = 3
    alike_mistakes: int = 6
    alike_per_million: int = 200
    account_persons: int = 3


USUAL = Limits()


@dataclass(frozen=True)
class Found:
    """One pattern in one class.

    `subject`: what it is about beside the class (a device, a trainer, an account), "" for the class itself.
    `suspects`: persons whose own study looks strange; `held`: those who only wait until somebody looked, since what
    they did cannot be told from what was made up. `evidence`: (kind, id), by which pages are found.
    """

    pattern: Pattern
    cohort: str
    subject: str = ""
    suspects: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    detail: Mapping[str, int] = field(default_factory=dict)
    evidence: tuple[tuple[str, str], ...] = ()

    @property
    def persons(self) -> frozenset[str]:
        """Everybody whose payment waits."""
        return frozenset(self.suspects) | frozenset(self.held)


def check_settling(said: Outcome | None, outcome: Outcome) -> None:
    """Whether a flag on which `said` was the last word may get another. Conflict: pattern_settled for the same."""
    if said is outcome:
        raise Conflict("pattern_settled")
