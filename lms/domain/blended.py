"""One verdict on a whole training: what was studied online, attended in person, examined and shown by hand.

Every figure asked for stands in the cohort's policy; a policy that asks nothing beyond online study gives
exactly the verdict of `completion`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lms.domain import completion
from lms.domain.attendance import AttendanceFacts, ClassDay
from lms.domain.completion import LessonFacts
from lms.domain.errors import Refused
from lms.domain.exams import ExamFacts
from lms.domain.policies import MS_PER_MINUTE, Blended, Policy
from lms.domain.practice import Outcome, SittingKind, SkillFacts
from lms.domain.verdicts import Reason, Verdict

NO_TRIES_LEFT = frozenset({"exam_no_tries_left", "skill_no_tries_left"})
FAILED_ONCE = frozenset({"exam_not_passed", "skill_failed"})


class Conclusion(StrEnum):
    """What a score book says of the closing examination: OPEN: not everything is judged; RESIT: failed, tries left."""

    PASSED = "passed"
    FAILED = "failed"
    RESIT = "resit"
    DISPUTED = "disputed"
    OPEN = "open"


@dataclass(frozen=True)
class TrainingFacts:
    """What is known of one enrollment. Times in milliseconds.

    `taught_ms`: how much of the lessons' credited time was taught in person after all, by a correction.
    """

    lessons: tuple[LessonFacts, ...]
    exam: ExamFacts = field(default_factory=ExamFacts)
    skills: tuple[SkillFacts, ...] = ()
    attendance: AttendanceFacts = field(default_factory=AttendanceFacts)
    class_days: tuple[ClassDay, ...] = ()
    taught_ms: int = 0


@dataclass(frozen=True)
class Hours:
    """Counted class hours (学时) in hundredths: online and in person, each rounded down from what was credited.

    `online_planned`: what online study comes to once every lesson is done, never less than `online`.
    """

    online: int
    in_person: int
    online_planned: int

    @property
    def total(self) -> int:
        """Both together."""
        return self.online + self.in_person

    @property
    def online_percent(self) -> int:
        """The online part of what is counted so far in percent, rounded up: a share over the limit looks like it."""
        return -(-self.online * 100 // self.total) if self.total else 0

    def in_person_missing(self, most_percent: int) -> int:
        """Hundredths of class hours to attend until online study is at most that share; 0 when it is already."""
        needed = -(-self.online_planned * (100 - most_percent) // max(1, most_percent))
        return max(0, needed - self.in_person)


def hours(facts: TrainingFacts, policy: Policy) -> Hours:
    """The counted class hours of one enrollment."""
    credited = completion.credited_total_ms(facts.lessons)
    taught = min(facts.taught_ms, credited)
    required = sum(completion.required_ms(lesson, policy) for lesson in facts.lessons)
    return Hours(
        online=policy.class_hour_hundredths(credited - taught),
        in_person=policy.class_hour_hundredths(facts.attendance.attended_ms + taught),
        online_planned=policy.class_hour_hundredths(max(credited, required) - taught),
    )


def assess(facts: TrainingFacts, policy: Policy) -> Verdict:
    """The verdict, with every reason: lessons first, then hours, attendance, theory, practice."""
    studied = completion.assess(facts.lessons, policy)
    rules = policy.blended
    if rules is None:
        return studied
    unmet = [*_hours(facts, policy, rules), *_attendance(facts.attendance, rules)]
    unmet += [*_exam(facts.exam, rules), *_skills(facts, rules)]
    return Verdict((*studied.unmet, *unmet), (*studied.unsure, *_doubts(facts, rules)))


def conclude(facts: TrainingFacts, rules: Blended) -> Conclusion:
    """The conclusion of the closing examination (结业考核): theory and practice, without hours and attendance."""
    codes = {reason.code for reason in [*_exam(facts.exam, rules), *_skills(facts, rules)]}
    if any(skill.outcome is Outcome.DISPUTED for skill in _asked(facts.skills, rules)):
        return Conclusion.DISPUTED
    if codes & NO_TRIES_LEFT:
        return Conclusion.FAILED
    if codes & FAILED_ONCE:
        return Conclusion.RESIT
    return Conclusion.OPEN if codes else Conclusion.PASSED


def practice_points(facts: TrainingFacts, rules: Blended) -> int | None:
    """The mean of the skills' points, rounded down; None while any has none. How to add them up is our own choice."""
    asked = [skill for skill in _asked(facts.skills, rules) if skill.kind is SittingKind.EXAM]
    known = [skill.points for skill in asked if skill.points is not None]
    return sum(known) // len(known) if known and len(known) == len(asked) else None


def resits(facts: TrainingFacts, rules: Blended) -> int:
    """How many tries beyond the first, theory and skills together (补考)."""
    tries = [facts.exam.tries, *(skill.tries for skill in _asked(facts.skills, rules))]
    return sum(max(0, each - 1) for each in tries)


def awaits_theory(rules: Blended, exam: ExamFacts) -> bool:
    """Whether practicals wait for the theory exam: the policy asks for that order (Yunnan), and it is not passed."""
    return rules.theory_first and rules.exam is not None and not exam.passed


def check_order(rules: Blended | None, exam: ExamFacts) -> None:
    """Refused: theory_first for a practical that still waits for the theory exam."""
    if rules and awaits_theory(rules, exam):
        raise Refused("theory_first")


def _hours(facts: TrainingFacts, policy: Policy, rules: Blended) -> Iterator[Reason]:
    counted = hours(facts, policy)
    most = rules.online_share_max
    if most is not None and (missing := counted.in_person_missing(most)):
        told = {"most": most, "percent": counted.online_percent, "missing_hundredths": missing}
        told |= {"online_hundredths": counted.online, "in_person_hundredths": counted.in_person}
        yield Reason("online_share_over", told)
    least_ms = (rules.in_person_minutes_min or 0) * MS_PER_MINUTE
    missing_ms = least_ms - facts.attendance.attended_ms
    if missing_ms > 0:
        yield Reason("in_person_time_missing", {"missing_ms": missing_ms})


def _attendance(facts: AttendanceFacts, rules: Blended) -> Iterator[Reason]:
    least = rules.attendance_person_min
    if least is not None and facts.attended * 100 < facts.held * least:
        told = {"held": facts.held, "attended": facts.attended, "absent": facts.absent, "on_leave": facts.on_leave}
        yield Reason("attendance_low", {**told, "percent": facts.attended * 100 // facts.held, "least": least})


def _exam(facts: ExamFacts, rules: Blended) -> Iterator[Reason]:
    if rules.exam is None or facts.passed:
        return
    left = max(0, rules.exam.attempts - facts.tries)
    if facts.open_sitting:
        yield Reason("exam_waiting")
    elif not facts.tries:
        yield Reason("exam_not_tried", {"left": left})
    else:
        score = facts.best_percent or 0
        yield Reason("exam_not_passed" if left else "exam_no_tries_left", {"score": score, "left": left})


def _skills(facts: TrainingFacts, rules: Blended) -> Iterator[Reason]:
    for skill in _asked(facts.skills, rules):
        told = _named(skill)
        if skill.kind is SittingKind.WORKPLACE:
            if skill.outcome not in (Outcome.PASSED, Outcome.DISPUTED):
                yield Reason("task_not_signed", told)
        elif skill.outcome is Outcome.NONE:
            yield Reason("skill_after_theory" if awaits_theory(rules, facts.exam) else "skill_not_judged", told)
        elif skill.outcome is Outcome.WAITING:
            yield Reason("skill_waiting", told)
        elif skill.outcome is Outcome.FAILED:
            left = max(0, rules.practice.attempts - skill.tries) if rules.practice else 0
            yield Reason("skill_failed" if left else "skill_no_tries_left", told | {"left": left})


def _doubts(facts: TrainingFacts, rules: Blended) -> Iterator[Reason]:
    """What a person has to look at: nobody is told no for it by the system alone."""
    for skill in _asked(facts.skills, rules):
        if skill.outcome is Outcome.DISPUTED:
            yield Reason("skill_disputed", _named(skill))
    least = rules.attendance_class_day_min
    for day in facts.class_days if least is not None else ():
        if least is not None and day.present * 100 < day.roster * least:
            told = {"day": day.day.isoformat(), "present": day.present, "roster": day.roster, "least": least}
            yield Reason("class_day_low", told)


def _named(skill: SkillFacts) -> dict[str, object]:
    return {"lesson_id": skill.lesson_id, "title": skill.title, "title_en": skill.title_en}


def _asked(skills: Sequence[SkillFacts], rules: Blended) -> Iterator[SkillFacts]:
    for skill in skills:
        if rules.workplace_tasks if skill.kind is SittingKind.WORKPLACE else rules.practice is not None:
            yield skill
