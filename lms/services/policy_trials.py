"""The simulator: a version of a policy run against past cohorts, and who changes and why. It changes nothing.

Before is the policy that the class pins, after is the one that is tried; both are judged by the evidence of today.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.eligibility.findings import Assessment, Candidate, Finding, Outcome
from lms.domain.errors import Refused
from lms.domain.filings import APPROVED
from lms.domain.identity import mask_name
from lms.domain.programmes import PROGRAMMES
from lms.domain.roles import Role
from lms.domain.subsidies import SubsidyKind, SubsidyPolicy
from lms.models.enrollments import Cohort, Enrollment
from lms.models.filings import Filing
from lms.models.people import Person
from lms.services import audit, eligibility, scopes, subsidies
from lms.services.scopes import Actor

MOST_CLASSES = 50

Judge = Callable[[Session, uuid.UUID, SubsidyKind, SubsidyPolicy], Sequence[Candidate]]
"""Judges everybody of one class by one policy."""


@dataclass(frozen=True)
class FindingChange:
    """One criterion that is answered otherwise; None where one of the two does not ask."""

    criterion: str
    before: Finding | None
    after: Finding | None


@dataclass(frozen=True)
class Turn:
    """One learner whose answer or amount changes. `name` is masked; amounts are in fen, None where none is known."""

    enrollment_id: uuid.UUID
    cohort_id: uuid.UUID
    cohort: str
    name: str
    before: Outcome
    after: Outcome
    before_fen: int | None
    after_fen: int | None
    findings: tuple[FindingChange, ...]


@dataclass(frozen=True)
class Trial:
    """What a run says. `counts`: learners by answer before and after; `unpinned`: classes without a policy of their
    own, which have no before and are left out; `left_off`: older classes beyond the fifty that were looked at."""

    code: str
    kind: SubsidyKind
    classes: int
    unpinned: int
    left_off: int
    learners: int
    counts: Mapping[tuple[Outcome, Outcome], int]
    turns: tuple[Turn, ...]


def judge_by(today: date) -> Judge:
    """The rule of eligibility itself, as of a day."""

    def judge(session: Session, cohort_id: uuid.UUID, kind: SubsidyKind, policy: SubsidyPolicy) -> Sequence[Candidate]:
        return eligibility.of_cohort_under(session, cohort_id, kind, policy, today=today)

    return judge


def of_version(
    session: Session, actor: Actor, version_id: uuid.UUID, kind: SubsidyKind, *, judge: Judge, now: datetime
) -> Trial:
    """Runs a published version. NotFound; Forbidden: role_needed."""
    found = subsidies.get_version(session, actor, version_id, now=now)
    return _run(session, actor, found.whole, kind, judge, now)


def of_draft(
    session: Session, actor: Actor, draft_id: uuid.UUID, kind: SubsidyKind, *, judge: Judge, now: datetime
) -> Trial:
    """Runs a draft that reads as a policy. NotFound; Refused: subsidy_faults (n); Forbidden: role_needed."""
    draft = subsidies.get_draft(session, actor, draft_id)
    if draft.policy is None:
        raise Refused("subsidy_faults", n=len(draft.problems))
    return _run(session, actor, subsidies.whole(session, draft.policy), kind, judge, now)


def _run(session: Session, actor: Actor, tried: SubsidyPolicy, kind: SubsidyKind, judge: Judge, now: datetime) -> Trial:
    scopes.require(actor, Role.PLATFORM)
    cohorts, left_off = _past(session, actor, tried.jurisdiction, clock.civil_day(now))
    pinned = subsidies.policies_of(session, [each.id for each in cohorts])
    counts: Counter[tuple[Outcome, Outcome]] = Counter()
    turns: list[Turn] = []
    for cohort in cohorts:
        if cohort.id not in pinned:
            continue
        before, after = (judge(session, cohort.id, kind, policy) for policy in (pinned[cohort.id], tried))
        pairs = _pairs(before, after)
        names = _names(session, cohort.id)
        pairs = {each: pair for each, pair in pairs.items() if each in names}
        counts.update((one.may_be_funded, other.may_be_funded) for one, other in pairs.values())
        turns += [_turn(cohort, each, names[each], *pair) for each, pair in pairs.items() if is_turned(*pair)]
    detail = {"policy": tried.code, "digest": tried.digest, "kind": kind.value, "classes": len(cohorts)}
    audit.record(session, "subsidy.trial", tried.code, now=now, account_id=actor.account_id, detail=detail)
    return Trial(
        code=tried.code,
        kind=kind,
        classes=len(pinned),
        unpinned=len(cohorts) - len(pinned),
        left_off=left_off,
        learners=sum(counts.values()),
        counts=counts,
        turns=tuple(turns),
    )


def is_turned(before: Assessment, after: Assessment) -> bool:
    """Whether the answer or the amount changes."""
    return (before.may_be_funded, before.amount_fen) != (after.may_be_funded, after.amount_fen)


def changed(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[FindingChange, ...]:
    """The criteria whose outcome or reason is another, in the order in which they are told."""
    ones, others = ({each.criterion: each for each in findings} for findings in (before, after))
    names = (*ones, *(name for name in others if name not in ones))
    told = (FindingChange(name, ones.get(name), others.get(name)) for name in names)
    return tuple(each for each in told if _said(each.before) != _said(each.after))


def _said(finding: Finding | None) -> tuple[object, ...]:
    if finding is None:
        return (Outcome.SILENT, "", None)
    return (finding.outcome, finding.code, finding.reason)


def _pairs(before: Sequence[Candidate], after: Sequence[Candidate]) -> dict[uuid.UUID, tuple[Assessment, Assessment]]:
    others = {each.enrollment_id: each.assessment for each in after}
    found = [(each.enrollment_id, each.assessment) for each in before if each.enrollment_id in others]
    return {each: (one, others[each]) for each, one in found}


def _turn(cohort: Cohort, enrollment_id: uuid.UUID, name: str, before: Assessment, after: Assessment) -> Turn:
    return Turn(
        enrollment_id=enrollment_id,
        cohort_id=cohort.id,
        cohort=cohort.name,
        name=name,
        before=before.may_be_funded,
        after=after.may_be_funded,
        before_fen=before.amount_fen,
        after_fen=after.amount_fen,
        findings=changed(before.funding, after.funding),
    )


def _past(session: Session, actor: Actor, jurisdiction: str, today: date) -> tuple[Sequence[Cohort], int]:
    """The fifty approved classes of a place that opened last, today at the latest; how many older ones there are."""
    places = [each.code for each in PROGRAMMES if jurisdiction in ("CN", each.jurisdiction)]
    approved = Cohort.filing.in_([each.value for each in APPROVED])
    mine = scopes.filings_of(actor, Role.PLATFORM).join(Filing, Filing.cohort_id == Cohort.id)
    wanted = mine.where(approved, Filing.programme.in_(places), Cohort.opens_on <= today)
    count = session.scalar(select(func.count()).select_from(wanted.with_only_columns(Cohort.id).subquery())) or 0
    found = session.scalars(wanted.order_by(Cohort.opens_on.desc(), Cohort.id).limit(MOST_CLASSES)).all()
    return found, count - len(found)


def _names(session: Session, cohort_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """By enrollment, the masked names of those whose records may be shown."""
    query = select(Enrollment.id, Person.name).join(Person, Person.id == Enrollment.person_id)
    shown = query.where(Enrollment.cohort_id == cohort_id, scopes.may_show(Role.PLATFORM))
    return {each: mask_name(name) for each, name in session.execute(shown)}
