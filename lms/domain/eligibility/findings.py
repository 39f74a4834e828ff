"""What an assessment says: each criterion with its clause, the facts used and where their evidence is."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from lms.domain.subsidies import Atom, ReasonCode, SubsidyKind


class Outcome(StrEnum):
    """Of one criterion, and of all: yes; no, because; a person must look. SILENT: the policy does not ask."""

    MET = "met"
    UNMET = "unmet"
    UNSURE = "unsure"
    SILENT = "silent"


@dataclass(frozen=True)
class Evidence:
    """Where a fact can be read: `kind` picks the page (web), `id` the row."""

    kind: str
    id: uuid.UUID


@dataclass(frozen=True)
class Finding:
    """One criterion. `reason` is set for UNMET and UNSURE; `code` is worded in web, with `values`."""

    criterion: str
    outcome: Outcome
    code: str = ""
    reason: ReasonCode | None = None
    clause: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Assessment:
    """One kind of subsidy for one learner of one class. `training`: findings on may_train; `funding`: on may_be_funded.

    `policy_code`, `policy_digest`: what it was judged by. `amount_fen`: None where the policy knows no standard.
    """

    kind: SubsidyKind
    atom: Atom
    policy_code: str
    policy_digest: str
    training: tuple[Finding, ...]
    funding: tuple[Finding, ...]
    amount_fen: int | None

    @property
    def may_train(self) -> Outcome:
        """Whether she may train; a policy that forbids preconditions leaves nothing to say no with."""
        return worst(self.training)

    @property
    def may_be_funded(self) -> Outcome:
        """What the system proposes."""
        return worst(self.funding)


@dataclass(frozen=True)
class Candidate:
    """One learner of a class as a claim needs her. `person_id`: the living person; `enrolled_as`: the enrollment's.

    `certificate_number`, `certificate_on`: of the certificate the kind of subsidy rests on, None without one. A number
    that is sealed is None here: `certificate_id` (with its kind) says whose seal to open for a file that needs it.
    """

    enrollment_id: uuid.UUID
    person_id: uuid.UUID
    enrolled_as: uuid.UUID
    assessment: Assessment
    class_hour_hundredths: int
    certificate_number: str | None
    certificate_on: date | None
    certificate_id: uuid.UUID | None = None
    certificate_kind: str = ""


def worst(findings: tuple[Finding, ...]) -> Outcome:
    """UNMET over UNSURE over MET."""
    outcomes = {each.outcome for each in findings}
    return next((each for each in (Outcome.UNMET, Outcome.UNSURE) if each in outcomes), Outcome.MET)
