"""Progress against plan, and who is overdue: one row a learner and class, as of now or of a day that is over."""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain import completion
from lms.domain.completion import LessonFacts
from lms.domain.policies import Policy, policy_named
from lms.domain.reporting import LearnerState, Pace, Plan, plan
from lms.models.records import Record
from lms.services import pasts, progress, scopes, selections
from lms.services.batches import Learner, batches
from lms.services.scopes import Actor
from lms.services.selections import Selection


@dataclass(frozen=True)
class PlanRow:
    """One learner: where she stands against an even spread of the required study time over the days of her class.

    `days_over`: days since her class closed; 0 while it runs.
    """

    learner: Learner
    plan: Plan
    days_over: int

    @property
    def enrollment_id(self) -> uuid.UUID:
        """By which her evidence is found."""
        return self.learner.enrollment_id


@dataclass(frozen=True)
class CohortPace:
    """How a class stands: its learners by pace, and the sums of their time in ms."""

    cohort_id: uuid.UUID
    name: str
    learners: int
    behind: int
    overdue: int
    credited_ms: int
    planned_ms: int
    required_ms: int


def plan_rows(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    selection: Selection,
    *,
    unmasked: bool = False,
    start: int = 0,
    now: datetime,
) -> Iterator[PlanRow]:
    """Everybody selected, in batches. Refused: day_not_over."""
    at = selections.reading(selection, now=now)
    for batch in batches(session, keyring, actor, selection, unmasked=unmasked, start=start, now=now):
        known = progress.facts(session, [each.enrollment for each in batch], at.before)
        recorded = _recorded(session, [each.enrollment_id for each in batch], at.before)
        yield from [_row(each, known[each.enrollment_id], each.enrollment_id in recorded, at.today) for each in batch]


def _recorded(session: Session, ids: Sequence[uuid.UUID], before: datetime | None) -> set[uuid.UUID]:
    return set(
        session.scalars(select(Record.enrollment_id).where(Record.enrollment_id.in_(ids), scopes.standing(before)))
    )


def overdue_rows(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    selection: Selection,
    *,
    unmasked: bool = False,
    start: int = 0,
    now: datetime,
) -> Iterator[PlanRow]:
    """Those of the selected whose class has closed while they have no completion record."""
    rows = plan_rows(session, keyring, actor, _unfinished(selection), unmasked=unmasked, now=now)
    yield from islice((row for row in rows if row.plan.pace is Pace.OVERDUE), start, None)


def count_learners(session: Session, actor: Actor, selection: Selection, *, now: datetime) -> int:
    """How many learners are selected."""
    return selections.count_learners(session, actor, selection, now=now)


def count_overdue(session: Session, actor: Actor, selection: Selection, *, now: datetime) -> int:
    """How many of them are overdue."""
    chosen, at = _unfinished(selection), selections.reading(selection, now=now)
    query = selections.learners(session, actor, chosen, now=now)
    there = selections.count(session, query.where(pasts.closes_on(at.before) < at.today))
    gone = selections.departed(session, actor, replace(chosen, state=_over(chosen)), now=now) if _over(chosen) else []
    return there + len(gone)


def _over(chosen: Selection) -> LearnerState | None:
    """Of those who left without a record, who can be overdue: learners of closed classes, unless others are asked."""
    return LearnerState.CLOSED if chosen.state in (LearnerState.UNRECORDED, LearnerState.CLOSED) else None


def by_cohort(rows: Iterator[PlanRow] | Sequence[PlanRow]) -> list[CohortPace]:
    """The same rows by class, in their order."""
    names: dict[uuid.UUID, str] = {}
    sums: Counter[tuple[uuid.UUID, str]] = Counter()
    for row in rows:
        cohort, found = row.learner.cohort, row.plan
        names[cohort.id] = cohort.name
        told = {"learners": 1, "behind": found.pace is Pace.BEHIND, "overdue": found.pace is Pace.OVERDUE}
        told |= {"credited": found.credited_ms, "planned": found.planned_ms, "required": found.required_ms}
        for word, value in told.items():
            sums[cohort.id, word] += value
    return [_pace(key, name, sums) for key, name in names.items()]


def _pace(key: uuid.UUID, name: str, sums: Counter[tuple[uuid.UUID, str]]) -> CohortPace:
    words = ("learners", "behind", "overdue", "credited", "planned", "required")
    return CohortPace(key, name, *(sums[key, word] for word in words))


def _unfinished(selection: Selection) -> Selection:
    """Whoever is overdue has no record; to ask for those who have one finds nobody."""
    return selection if selection.state else replace(selection, state=LearnerState.UNRECORDED)


def _row(learner: Learner, lessons: Sequence[LessonFacts], is_recorded: bool, today: date) -> PlanRow:
    cohort = learner.cohort
    policy = policy_named(cohort.policy_code)
    found = plan(
        required_ms=sum(completion.required_ms(lesson, policy) for lesson in lessons),
        credited_ms=sum(_counted(lesson, policy) for lesson in lessons),
        is_recorded=is_recorded,
        opens_on=cohort.opens_on,
        closes_on=cohort.closes_on,
        today=today,
    )
    return PlanRow(learner, found, max(0, (today - cohort.closes_on).days))


def _counted(lesson: LessonFacts, policy: Policy) -> int:
    """What counts towards the plan: no more of a lesson than it needs."""
    return min(lesson.credited_ms, completion.required_ms(lesson, policy))
