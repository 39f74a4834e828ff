"""Completions as pages show them."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from lms.domain.renewals import RETAKEN, Phase, Span


@dataclass(frozen=True)
class Completion:
    """One completion of a course; `source` is what its rule rests on, empty while unconfirmed, None without a rule."""

    enrollment_id: uuid.UUID
    person_id: uuid.UUID
    course_id: uuid.UUID
    course: str
    course_en: str
    number: int
    institution: str
    cohort: str
    issued_on: date
    days: Span | None
    phase: Phase
    source: str | None

    @property
    def is_retaken(self) -> bool:
        """Whether it may be taken again today."""
        return self.phase in RETAKEN


@dataclass(frozen=True)
class Holding:
    """How a completion stands today; `left`: days, as `domain.renewals.days_left` counts them."""

    days: Span | None
    phase: Phase
    left: int | None = None

    @property
    def valid_until(self) -> date | None:
        """The last day it holds; None without one."""
        return self.days.valid_until if self.days else None


@dataclass(frozen=True)
class Taking:
    """A class in which the course is being taken again; `person_id`: under whom she joined it."""

    enrollment_id: uuid.UUID
    person_id: uuid.UUID
    cohort: str
    opens_on: date
    closes_on: date


@dataclass(frozen=True)
class CourseStanding:
    """A course that she has completed: how it stands today, what was before it, and whether she is taking it again."""

    current: Completion
    past: tuple[Completion, ...]
    taking: Taking | None

    @property
    def presses(self) -> bool:
        """Whether there is something for her to do."""
        return self.current.is_retaken and self.taking is None


@dataclass(frozen=True)
class Telling:
    """That she was told of a phase; `by_sms`: a message was asked for as well."""

    phase: Phase
    told_at: datetime
    by_sms: bool


@dataclass(frozen=True)
class Row:
    """A completion on a desk's list; `told`: what she was told of it."""

    name: str
    completion: Completion
    taking: Taking | None
    told: tuple[Telling, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What a desk's list is narrowed to; without a phase, all in which the course is taken again."""

    phase: Phase | None = None
    course_id: uuid.UUID | None = None
