"""The facts an assessment rests on, as plain values. Nothing here tells a region, a hukou, an age or an insurance: what
Liaoning forbids to ask cannot be asked (domain.md 4)."""

import unicodedata
import uuid
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.domain.levels import Level
from lms.domain.subsidies import Doubt, ExcludedGroup, PastClaim, PersonGroup

LEVELS = {
    "5": Level.JUNIOR,
    "4": Level.INTERMEDIATE,
    "3": Level.SENIOR,
    "2": Level.TECHNICIAN,
    "1": Level.SENIOR_TECHNICIAN,
}
"""Levels as a filing writes them (domain/filings.LEVELS)."""


class IdentityState(StrEnum):
    """What is known of the best of her documents (domain/verification); MISSING: none is on record."""

    CONFIRMED = "confirmed"
    FORMAT = "format"
    UNCHECKED = "unchecked"
    MISMATCH = "mismatch"
    MISSING = "missing"


class Known(StrEnum):
    """How far a paper has come: PENDING: entered or seen, and nobody has verified it yet."""

    VERIFIED = "verified"
    PENDING = "pending"


class Exam(StrEnum):
    """The closing examination (结业考核), theory and practice together. NOT_ASKED: her class holds none."""

    PASSED = "passed"
    FAILED = "failed"
    RESIT = "resit"
    DISPUTED = "disputed"
    OPEN = "open"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class GroupFact:
    """That she belongs to a group from a day until another, by an entry of evidence."""

    id: uuid.UUID
    group: PersonGroup | ExcludedGroup
    known: Known
    from_on: date
    until_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it covers a day; both ends belong to it."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True)
class CertificateFact:
    """A certificate of hers. `kind`: of domain/qualifications, or `training` for one printed here.

    `carries_level`: None where the register of assessors does not settle it. `number`: None where it is sealed.
    """

    id: uuid.UUID
    kind: str
    occupation: str
    level: Level | None
    issued_on: date
    known: Known
    carries_level: bool | None = True
    number: str | None = None
    enrollment_id: uuid.UUID | None = None


@dataclass(frozen=True)
class ClassFacts:
    """The class as it was filed. `filing`: a state of domain/filings, "" for one that is not filed.

    `resources_named`: whether the filing says which platform or resources online study uses.
    """

    cohort_id: uuid.UUID
    organisation_id: uuid.UUID
    opens_on: date
    closes_on: date
    occupation: str = ""
    level: Level | None = None
    filing: str = ""
    resources_named: bool = False


@dataclass(frozen=True)
class StudyFacts:
    """What she did in the class. Times in ms.

    `unmet`, `unsure`: codes of the verdict on completion; `record`: the state of its frozen record, "" without one.
    `offline_days`: civil days with a class she attended. `missed_stretches`: pieces of study whose presence check
    failed and was never made up for. `theory_until`, `practice_from`: last day of online study, first of practice.
    """

    online_ms: int = 0
    in_person_ms: int = 0
    minutes_per_class_hour: int = 45
    unmet: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    record: str = ""
    record_id: uuid.UUID | None = None
    held: int = 0
    attended: int = 0
    offline_days: int = 0
    exam: Exam = Exam.NOT_ASKED
    missed_stretches: int = 0
    theory_until: date | None = None
    practice_from: date | None = None


@dataclass(frozen=True)
class Facts:
    """Everything about one enrollment. `person_id`: the living person; `today`: the day a claim would be made.

    `past`: earlier lines of this human, those of this enrollment too. `is_twin`: the same human stands in this class
    a second time, before this enrollment. `cases`: open cases about her study.
    """

    enrollment_id: uuid.UUID
    person_id: uuid.UUID
    today: date
    training: ClassFacts
    study: StudyFacts = StudyFacts()
    identity: IdentityState = IdentityState.UNCHECKED
    document_id: uuid.UUID | None = None
    groups: tuple[GroupFact, ...] = ()
    certificates: tuple[CertificateFact, ...] = ()
    past: tuple[PastClaim, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    cases: tuple[uuid.UUID, ...] = ()
    is_twin: bool = False


def plain(occupation: str) -> str:
    """An occupation for comparison: half-width, without blanks, one kind of brackets."""
    return "".join(unicodedata.normalize("NFKC", occupation).split())
