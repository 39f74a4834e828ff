"""One verdict: each thing a policy asks for stands against it until it is there, and nothing else does."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain import completion
from lms.domain.attendance import AttendanceFacts, ClassDay
from lms.domain.blended import (
    Conclusion,
    Hours,
    TrainingFacts,
    assess,
    check_order,
    conclude,
    hours,
    practice_points,
    resits,
)
from lms.domain.completion import LessonFacts
from lms.domain.courses import LessonKind
from lms.domain.errors import Refused
from lms.domain.exams import ExamFacts
from lms.domain.policies import POLICIES, Blended, ExamRules, Policy, PracticeRules
from lms.domain.practice import Outcome, SittingKind, SkillFacts

UNIT_MS = 45 * 60_000
ONLINE = Policy(code="online", effective_from=date(2026, 1, 1))
BLENDED = replace(ONLINE, code="blended", blended=Blended())
VIDEO = LessonFacts("v", "视频课", LessonKind.VIDEO, 20 * UNIT_MS)
SKILL = SkillFacts("p", "协助进食", SittingKind.EXAM, 0, Outcome.NONE, None)
TASK = replace(SKILL, kind=SittingKind.WORKPLACE)
PASSED = replace(SKILL, tries=1, outcome=Outcome.PASSED, points=80)
WHOLE = TrainingFacts(
    lessons=(replace(VIDEO, credited_ms=20 * UNIT_MS),),
    exam=ExamFacts(best_percent=82, passed=True, tries=1),
    skills=(PASSED,),
    attendance=AttendanceFacts(held=5, attended=5, attended_ms=30 * UNIT_MS),
)


def under(**rules: object) -> Policy:
    """A policy that asks this beside what a blended one asks."""
    return replace(BLENDED, blended=replace(Blended(), **rules))  # type: ignore[arg-type]


def codes(facts: TrainingFacts, policy: Policy = BLENDED) -> tuple[list[str], list[str]]:
    verdict = assess(facts, policy)
    return [reason.code for reason in verdict.unmet], [reason.code for reason in verdict.unsure]


def test_who_has_done_everything_is_told_yes() -> None:
    assert assess(WHOLE, BLENDED).is_yes


EXAMS = [
    (ExamFacts(), "exam_not_tried"),
    (ExamFacts(tries=1, open_sitting=True), "exam_waiting"),
    (ExamFacts(best_percent=59, tries=2), "exam_not_passed"),
    (ExamFacts(best_percent=59, tries=3), "exam_no_tries_left"),
    (ExamFacts(best_percent=None, tries=3), "exam_no_tries_left"),
    (ExamFacts(best_percent=60, passed=True, tries=3), None),
    (ExamFacts(best_percent=60, passed=True, tries=2, open_sitting=True), None),
]
SKILLS = [
    (SKILL, "skill_not_judged"),
    (replace(SKILL, tries=1, outcome=Outcome.WAITING), "skill_waiting"),
    (replace(SKILL, tries=1, outcome=Outcome.FAILED), "skill_failed"),
    (replace(SKILL, tries=3, outcome=Outcome.FAILED), "skill_no_tries_left"),
    (PASSED, None),
    (TASK, None),
]
CLASSES = [
    (AttendanceFacts(held=5, attended=4, attended_ms=30 * UNIT_MS), None),
    (AttendanceFacts(held=5, attended=3, absent=2, attended_ms=30 * UNIT_MS), "attendance_low"),
    (AttendanceFacts(held=9, attended=7, on_leave=2, attended_ms=30 * UNIT_MS), "attendance_low"),
    (AttendanceFacts(held=0, attended=0, attended_ms=30 * UNIT_MS), None),
    (AttendanceFacts(held=5, attended=5, attended_ms=20 * UNIT_MS), None),
    (AttendanceFacts(held=5, attended=5, attended_ms=20 * UNIT_MS - 1), "online_share_over"),
]


@pytest.mark.parametrize(("exam", "code"), EXAMS)
def test_the_theory_exam(exam: ExamFacts, code: str | None) -> None:
    assert codes(replace(WHOLE, exam=exam)) == ([code] if code else [], [])


@pytest.mark.parametrize(("skill", "code"), SKILLS)
def test_the_skills(skill: SkillFacts, code: str | None) -> None:
    assert codes(replace(WHOLE, skills=(PASSED, skill))) == ([code] if code else [], [])


@pytest.mark.parametrize(("attendance", "code"), CLASSES)
def test_the_classes(attendance: AttendanceFacts, code: str | None) -> None:
    assert codes(replace(WHOLE, attendance=attendance)) == ([code] if code else [], [])


def test_examiners_who_disagree_send_the_case_to_a_person() -> None:
    disputed = replace(WHOLE, skills=(replace(SKILL, tries=1, outcome=Outcome.DISPUTED),))
    assert codes(disputed) == ([], ["skill_disputed"])
    assert not assess(disputed, BLENDED).is_yes


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.NONE, ["task_not_signed"]),
        (Outcome.WAITING, ["task_not_signed"]),
        (Outcome.FAILED, ["task_not_signed"]),
        (Outcome.PASSED, []),
    ],
)
def test_tasks_at_work_where_they_are_asked(outcome: Outcome, expected: list[str]) -> None:
    facts = replace(WHOLE, skills=(PASSED, replace(TASK, outcome=outcome)))
    assert codes(facts, under(workplace_tasks=True)) == (expected, [])
    assert codes(facts) == ([], [])


def test_theory_before_practice_where_it_is_asked() -> None:
    facts = replace(WHOLE, exam=ExamFacts(), skills=(SKILL,))
    assert codes(facts, under(theory_first=True))[0] == ["exam_not_tried", "skill_after_theory"]
    assert codes(facts)[0] == ["exam_not_tried", "skill_not_judged"]
    with pytest.raises(Refused, match="theory_first"):
        check_order(Blended(theory_first=True), ExamFacts())
    check_order(Blended(theory_first=True), ExamFacts(passed=True))
    check_order(Blended(theory_first=True, exam=None), ExamFacts())
    check_order(Blended(), ExamFacts())
    check_order(None, ExamFacts())


CONCLUSIONS = [
    (ExamFacts(best_percent=82, passed=True, tries=1), PASSED, Conclusion.PASSED),
    (ExamFacts(), PASSED, Conclusion.OPEN),
    (ExamFacts(best_percent=40, tries=1), PASSED, Conclusion.RESIT),
    (ExamFacts(best_percent=40, tries=3), PASSED, Conclusion.FAILED),
    (WHOLE.exam, replace(SKILL, tries=1, outcome=Outcome.WAITING), Conclusion.OPEN),
    (WHOLE.exam, replace(SKILL, tries=1, outcome=Outcome.FAILED), Conclusion.RESIT),
    (WHOLE.exam, replace(SKILL, tries=3, outcome=Outcome.FAILED), Conclusion.FAILED),
    (ExamFacts(best_percent=40, tries=3), replace(SKILL, tries=1, outcome=Outcome.DISPUTED), Conclusion.DISPUTED),
]


@pytest.mark.parametrize(("exam", "skill", "expected"), CONCLUSIONS)
def test_the_conclusion_of_the_closing_examination(exam: ExamFacts, skill: SkillFacts, expected: Conclusion) -> None:
    absent = AttendanceFacts(held=5)
    assert conclude(replace(WHOLE, exam=exam, skills=(skill,), attendance=absent), Blended()) is expected


def test_points_and_resits_of_the_score_book() -> None:
    skills = (PASSED, replace(PASSED, points=71, tries=3), replace(TASK, outcome=Outcome.PASSED, tries=1))
    facts = replace(WHOLE, skills=skills, exam=replace(WHOLE.exam, tries=2))
    assert (practice_points(facts, Blended()), resits(facts, Blended())) == (75, 3)
    assert practice_points(replace(facts, skills=(*skills, SKILL)), Blended()) is None
    assert practice_points(replace(facts, skills=()), Blended()) is None


def test_time_in_person_where_it_is_asked() -> None:
    facts = replace(WHOLE, attendance=replace(WHOLE.attendance, attended_ms=20 * UNIT_MS))
    asked = under(in_person_minutes_min=45 * 20 + 1)
    (reason,) = assess(facts, asked).unmet
    assert (reason.code, reason.values) == ("in_person_time_missing", {"missing_ms": 60_000})
    assert codes(facts, under(in_person_minutes_min=45 * 20)) == ([], [])


@pytest.mark.parametrize(("present", "expected"), [(7, ["class_day_low"]), (8, [])])
def test_a_day_with_too_few_of_the_class_is_for_a_person_to_judge(present: int, expected: list[str]) -> None:
    facts = replace(WHOLE, class_days=(ClassDay(date(2026, 11, 20), 10, present),))
    assert codes(facts, under(attendance_class_day_min=80)) == ([], expected)
    assert codes(facts) == ([], [])


def test_what_a_policy_leaves_out_is_not_asked() -> None:
    nothing = TrainingFacts(lessons=WHOLE.lessons, skills=(SKILL,), attendance=AttendanceFacts(held=9))
    rules = Blended(online_share_max=None, attendance_person_min=None, exam=None, practice=None)
    assert assess(nothing, replace(ONLINE, blended=rules)).is_yes


def test_the_values_that_the_sentences_need() -> None:
    facts = replace(
        WHOLE,
        attendance=AttendanceFacts(held=7, attended=5, absent=1, on_leave=1, attended_ms=10 * UNIT_MS + UNIT_MS // 7),
    )
    over, low = assess(facts, BLENDED).unmet
    assert over.values == {
        "most": 50,
        "percent": 67,
        "missing_hundredths": 986,
        "online_hundredths": 2000,
        "in_person_hundredths": 1014,
    }
    assert low.values == {"held": 7, "attended": 5, "absent": 1, "on_leave": 1, "percent": 71, "least": 80}


def test_what_a_correction_taught_in_person_is_no_online_time() -> None:
    facts = replace(WHOLE, taught_ms=5 * UNIT_MS, attendance=replace(WHOLE.attendance, attended_ms=10 * UNIT_MS))
    assert hours(facts, BLENDED) == Hours(online=1500, in_person=1500, online_planned=1500)
    assert assess(facts, BLENDED).is_yes


def test_the_share_is_judged_by_the_hours_planned_so_that_the_first_lesson_asks_no_less() -> None:
    """At the first lesson 100 % are online; what she is told to attend is what the whole course asks for."""
    facts = TrainingFacts(lessons=(replace(VIDEO, credited_ms=UNIT_MS),))
    asked = next(reason for reason in assess(facts, BLENDED).unmet if reason.code == "online_share_over")
    assert asked.values["missing_hundredths"] == 1900  # 95 % of 20 class hours
    assert Hours(0, 0, 0).online_percent == 0


lessons = st.lists(st.tuples(st.integers(0, 9 * UNIT_MS), st.integers(0, 100)), max_size=3).map(
    lambda rows: tuple(replace(VIDEO, duration_ms=ms, credited_ms=ms * part // 100) for ms, part in rows)
)
exams = st.tuples(st.integers(0, 100), st.booleans(), st.integers(0, 4), st.booleans()).map(
    lambda told: ExamFacts(best_percent=told[0], passed=told[1], tries=told[2], open_sitting=told[3])
)
skills = st.lists(st.tuples(st.sampled_from(SittingKind), st.integers(0, 4), st.sampled_from(Outcome)), max_size=3).map(
    lambda rows: tuple(SkillFacts("p", "", kind, tries, outcome, None) for kind, tries, outcome in rows)
)
classes = st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 60 * UNIT_MS)).map(
    lambda told: AttendanceFacts(held=max(told[:2]), attended=min(told[:2]), attended_ms=told[2])
)
trainings = st.builds(TrainingFacts, lessons, exams, skills, classes, st.just(()), st.integers(0, 3 * UNIT_MS))
percents = st.none() | st.integers(0, 100)
policies = st.builds(
    Blended,
    online_share_max=percents,
    attendance_person_min=percents,
    in_person_minutes_min=st.none() | st.integers(0, 2000),
    theory_first=st.booleans(),
    workplace_tasks=st.booleans(),
    exam=st.none() | st.builds(ExamRules, attempts=st.integers(1, 4)),
    practice=st.none() | st.builds(PracticeRules, attempts=st.integers(1, 4)),
).map(lambda rules: replace(ONLINE, blended=rules))


@given(trainings)
def test_a_policy_that_asks_nothing_more_says_what_completion_says(facts: TrainingFacts) -> None:
    for policy in [ONLINE, *(each for each in POLICIES if each.blended is None)]:
        assert assess(facts, policy) == completion.assess(facts.lessons, policy)


@given(trainings, policies)
def test_a_blended_verdict_is_never_kinder(facts: TrainingFacts, policy: Policy) -> None:
    verdict, studied = assess(facts, policy), completion.assess(facts.lessons, policy)
    assert verdict.unmet[: len(studied.unmet)] == studied.unmet
    assert studied.is_yes or not verdict.is_yes


@given(trainings, policies)
def test_a_yes_keeps_to_the_share_and_the_floors(facts: TrainingFacts, policy: Policy) -> None:
    """Told a second time from the figures themselves, without the rule's own arithmetic."""
    rules = policy.blended
    assert rules
    if not assess(facts, policy).is_yes:
        return
    counted = hours(facts, policy)
    if rules.online_share_max:
        assert counted.online * 100 <= rules.online_share_max * counted.total
    if rules.attendance_person_min is not None and facts.attendance.held:
        assert facts.attendance.attended / facts.attendance.held >= rules.attendance_person_min / 100
    assert rules.exam is None or facts.exam.passed
    asked = [each for each in facts.skills if each.kind is SittingKind.EXAM and rules.practice]
    assert all(each.outcome is Outcome.PASSED for each in asked)


@given(trainings, policies, st.integers(0, 20 * UNIT_MS), st.integers(0, 3))
def test_more_attendance_never_makes_it_worse(facts: TrainingFacts, policy: Policy, more_ms: int, more: int) -> None:
    known = facts.attendance
    better = replace(known, attended=min(known.held, known.attended + more), attended_ms=known.attended_ms + more_ms)
    before = {reason.code for reason in assess(facts, policy).unmet}
    assert {reason.code for reason in assess(replace(facts, attendance=better), policy).unmet} <= before


@given(trainings, policies)
def test_a_pass_in_theory_takes_no_other_reason_in(facts: TrainingFacts, policy: Policy) -> None:
    before = codes(facts, policy)[0]
    after = codes(replace(facts, exam=replace(facts.exam, passed=True)), policy)[0]
    assert len(after) <= len(before)
    assert not [code for code in after if code.startswith("exam")]


@given(trainings, st.integers(1, 100))
def test_the_hours_it_asks_for_are_enough_and_not_one_hundredth_too_many(facts: TrainingFacts, most: int) -> None:
    counted = hours(facts, BLENDED)
    missing = counted.in_person_missing(most)
    total = counted.online_planned + counted.in_person + missing
    assert counted.online_planned * 100 <= most * total
    assert not missing or counted.online_planned * 100 > most * (total - 1)


def test_the_policies_in_force_ask_what_can_be_asked() -> None:
    for policy in POLICIES:
        rules = policy.blended
        assert rules is None or 1 <= (rules.online_share_max or 1) <= 100
