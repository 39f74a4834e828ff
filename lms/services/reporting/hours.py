"""Study hours (学时统计表, domain.md 6.1): what was credited and what was not, as of now or of any day that is over.

Read from rows that are added and never changed, by the time they were added: a report of a past day is the same
bytes whenever it is asked for (I14).
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import case, func, select, tuple_
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.policies import policy_named
from lms.domain.presence import CheckOutcome
from lms.domain.reporting import online_share_percent
from lms.domain.study import EvidenceClass
from lms.models.evidence import EvidenceEntry
from lms.models.presence import PresenceCheck, PresenceOutcome
from lms.models.study import StudyInterval
from lms.services import ledger_as_of, selections
from lms.services.batches import Learner, batches
from lms.services.ledger_as_of import Statement
from lms.services.scopes import Actor
from lms.services.selections import Selection

ATTENDED = EvidenceClass.ATTENDED.value


@dataclass(frozen=True)
class HoursRow:
    """One learner in one class. Times in ms, class hours in hundredths, each rounded down by itself.

    `invalid_ms`: reported and not credited, by the ledger's word for why; `voided_ms`: credited once and taken back
    by a correction. `checks`, `checks_passed`: presence checks that came to an end. `evidence`: the leaf that her
    chain of evidence ended with, in hex, "" before the first.
    """

    learner: Learner
    online_ms: int
    online_hundredths: int
    in_person_hundredths: int
    confirmed_ms: int
    checks: int
    checks_passed: int
    invalid_ms: Mapping[str, int]
    voided_ms: int
    evidence: str

    @property
    def enrollment_id(self) -> uuid.UUID:
        """By which her evidence is found."""
        return self.learner.enrollment_id

    @property
    def total_hundredths(self) -> int:
        """Both kinds of class hours, as the form adds them up."""
        return self.online_hundredths + self.in_person_hundredths

    @property
    def online_percent(self) -> int | None:
        """The share of online class hours, rounded up."""
        return online_share_percent(self.online_hundredths, self.in_person_hundredths)


class _Place(NamedTuple):
    """What `statements_of` wants to know of an enrollment."""

    id: uuid.UUID
    person_id: uuid.UUID
    cohort_id: uuid.UUID
    organisation_id: uuid.UUID
    policy_code: str


@dataclass
class _Found:
    """What was on record of one enrollment."""

    statements: list[Statement] = field(default_factory=list)
    invalid: dict[str, int] = field(default_factory=dict)
    checks: int = 0
    passed: int = 0
    evidence: str = ""


def hours_rows(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    selection: Selection,
    *,
    unmasked: bool = False,
    start: int = 0,
    now: datetime,
) -> Iterator[HoursRow]:
    """Everybody selected, in batches. Refused: day_not_over."""
    at = selections.reading(selection, now=now)
    end = at.before or now
    for batch in batches(session, keyring, actor, selection, unmasked=unmasked, start=start, now=now):
        known = _read(session, batch, end)
        yield from [_row(learner, known[learner.enrollment_id]) for learner in batch]


def _read(session: Session, batch: Sequence[Learner], end: datetime) -> Mapping[uuid.UUID, _Found]:
    found: dict[uuid.UUID, _Found] = defaultdict(_Found)
    for statement in ledger_as_of.statements_of(session, [_place(each) for each in batch], end):
        found[statement.enrollment].statements.append(statement)
    ids = [each.enrollment_id for each in batch]
    for enrollment_id, verdict, lost_ms in session.execute(_not_credited(ids, end)):
        if lost_ms > 0:
            found[enrollment_id].invalid[verdict] = lost_ms
    for enrollment_id, checks, passed in session.execute(_checks(ids, end)):
        found[enrollment_id].checks, found[enrollment_id].passed = checks, passed or 0
    leaves = _leaves(session, {each.enrollment.person_id for each in batch}, end)
    for each in batch:
        found[each.enrollment_id].evidence = leaves.get(each.enrollment.person_id, "")
    return found


def _place(learner: Learner) -> _Place:
    enrollment, cohort = learner.enrollment, learner.cohort
    return _Place(enrollment.id, enrollment.person_id, cohort.id, cohort.organisation_id, cohort.policy_code)


def _not_credited(ids: Sequence[uuid.UUID], end: datetime) -> Any:
    lost = func.sum(StudyInterval.to_ms - StudyInterval.from_ms - StudyInterval.credited_ms)
    rows = select(StudyInterval.enrollment_id, StudyInterval.verdict, lost)
    rows = rows.where(StudyInterval.enrollment_id.in_(ids), StudyInterval.recorded_at < end)
    by = (StudyInterval.enrollment_id, StudyInterval.verdict)
    return rows.group_by(*by).order_by(*by)


def _checks(ids: Sequence[uuid.UUID], end: datetime) -> Any:
    passed = func.sum(case((PresenceOutcome.outcome == CheckOutcome.PASSED.value, 1), else_=0))
    rows = select(PresenceCheck.enrollment_id, func.count(), passed)
    rows = rows.join(PresenceOutcome, PresenceOutcome.check_id == PresenceCheck.id)
    rows = rows.where(PresenceCheck.enrollment_id.in_(ids), PresenceOutcome.recorded_at < end)
    return rows.group_by(PresenceCheck.enrollment_id)


def _leaves(session: Session, persons: set[uuid.UUID], end: datetime) -> dict[uuid.UUID, str]:
    """By person: the last leaf of her chain before `end`."""
    entry = EvidenceEntry
    last = select(entry.person_id, func.max(entry.number)).where(entry.person_id.in_(persons), entry.recorded_at < end)
    keys = [(person, number) for person, number in session.execute(last.group_by(entry.person_id))]
    rows = select(entry.person_id, entry.leaf).where(tuple_(entry.person_id, entry.number).in_(keys))
    return {row.person_id: row.leaf for row in session.execute(rows)} if keys else {}


def _row(learner: Learner, found: _Found) -> HoursRow:
    policy = policy_named(learner.cohort.policy_code)
    in_person = sum(each.by_class[ATTENDED] for each in found.statements)
    online = sum(each.credited_ms for each in found.statements) - in_person
    return HoursRow(
        learner=learner,
        online_ms=online,
        online_hundredths=policy.class_hour_hundredths(online),
        in_person_hundredths=policy.class_hour_hundredths(in_person),
        confirmed_ms=sum(each.confirmed_ms for each in found.statements),
        checks=found.checks,
        checks_passed=found.passed,
        invalid_ms=found.invalid,
        voided_ms=sum(each.voided_ms for each in found.statements),
        evidence=found.evidence,
    )
