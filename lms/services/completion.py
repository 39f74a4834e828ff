"""Facts become a verdict, and a verdict of yes becomes a record."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.clock import civil_day
from lms.domain import blended as rules
from lms.domain import completion
from lms.domain.blended import Hours, TrainingFacts
from lms.domain.completion import LessonFacts
from lms.domain.filings import may_study
from lms.domain.policies import Policy, check_running, policy_named
from lms.domain.verdicts import Verdict
from lms.models.enrollments import Enrollment
from lms.models.records import Record
from lms.services import activation, blended, records, renewals


@dataclass(frozen=True)
class Standing:
    """How far one enrollment is: the facts, the policy, the one verdict."""

    facts: TrainingFacts
    policy: Policy
    verdict: Verdict

    @property
    def lessons(self) -> tuple[LessonFacts, ...]:
        """The facts of each lesson, in order of study."""
        return self.facts.lessons

    @property
    def hours(self) -> Hours:
        """Counted class hours, online and in person."""
        return rules.hours(self.facts, self.policy)

    @property
    def credited_ms(self) -> int:
        """Credited study time over the course."""
        return completion.credited_total_ms(self.lessons)

    @property
    def required_ms(self) -> int:
        """Credited study time the policy asks for over the course."""
        return sum(completion.required_ms(lesson, self.policy) for lesson in self.lessons)

    @property
    def done_count(self) -> int:
        """How many lessons are done."""
        return sum(completion.is_done(lesson, self.policy) for lesson in self.lessons)


def standing(session: Session, enrollment: Enrollment, *, now: datetime) -> Standing:
    """Where the enrollment stands now, judged by the policy its cohort is pinned to."""
    policy = policy_named(enrollment.cohort.policy_code)
    facts = blended.facts(session, [enrollment], {enrollment.id: policy}, now=now)[enrollment.id]
    return Standing(facts, policy, rules.assess(facts, policy))


def require_running(session: Session, enrollment: Enrollment, *, now: datetime) -> None:
    """Refuses study, quizzes and exams outside of the class's civil days, before its filing is approved, and whatever
    `activation` refuses."""
    cohort = enrollment.cohort
    check_running(cohort.opens_on, cohort.closes_on, civil_day(now), approved=may_study(cohort.filing))
    activation.check_may_study(session, enrollment.person_id, cohort.policy_code)


def refresh(session: Session, enrollment: Enrollment, *, now: datetime) -> Record | None:
    """Issues the record when nothing is missing any more, and fixes how long it holds; harmless to call at any time."""
    session.flush()
    session.scalar(select(Enrollment.id).where(Enrollment.id == enrollment.id).with_for_update())
    where = standing(session, enrollment, now=now)
    if not where.verdict.is_yes:
        return None
    made = records.issue(session, enrollment, where.facts, where.policy, now=now)
    renewals.fix(session, enrollment, issued_at=made.issued_at)
    return made
