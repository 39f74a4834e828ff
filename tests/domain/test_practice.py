"""Practical skills by the rules: a sheet's points, the outcome of a sitting, who may sign, how often one may sit."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain import practice
from lms.domain.courses import Practice, Step
from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.policies import Blended, Policy, PracticeRules, policy_named
from lms.domain.practice import Examiner, Outcome, Result, Sheet, SittingKind, SkillFacts, judge, score, summarise

WASH = Practice(("脸盆",), (Step("洗手", 30, critical=True), Step("试水温", 30), Step("擦脸", 40)), pass_points=60)
PASS, FAIL, BARE = Sheet(80, 0), Sheet(40, 0), Sheet(60, 0)
MISSED = Sheet(90, 1)


@pytest.mark.parametrize(
    ("done", "points", "missed", "passed"),
    [
        ((True, True, True), 100, 0, True),
        ((True, True, False), 60, 0, True),
        ((True, False, False), 30, 0, False),
        ((False, True, True), 70, 1, False),
        ((False, False, False), 0, 1, False),
    ],
)
def test_a_sheet_adds_up_and_a_missed_critical_step_fails_the_whole(done, points, missed, passed) -> None:
    sheet = score(WASH, done)
    assert (sheet, sheet.passed(WASH.pass_points)) == (Sheet(points, missed), passed)


def test_every_step_of_this_checklist_is_marked() -> None:
    with pytest.raises(Refused, match="practice_other_steps"):
        score(WASH, (True, True))
    with pytest.raises(Refused, match="step=2"):
        score(WASH, (True, None, False))


@pytest.mark.parametrize(
    ("sheets", "examiners", "outcome", "points", "missing"),
    [
        ([], 2, Outcome.WAITING, None, 2),
        ([PASS], 2, Outcome.WAITING, None, 1),
        ([FAIL], 2, Outcome.WAITING, None, 1),
        ([PASS, BARE], 2, Outcome.PASSED, 70, 0),
        ([Sheet(80, 0), Sheet(61, 0)], 2, Outcome.PASSED, 70, 0),
        ([FAIL, MISSED], 2, Outcome.FAILED, 65, 0),
        ([PASS, FAIL], 2, Outcome.DISPUTED, None, 1),
        ([PASS, FAIL, BARE], 2, Outcome.PASSED, 70, 0),
        ([PASS, FAIL, MISSED], 2, Outcome.FAILED, 65, 0),
        ([], 1, Outcome.WAITING, None, 1),
        ([PASS], 1, Outcome.PASSED, 80, 0),
        ([MISSED], 1, Outcome.FAILED, 90, 0),
    ],
)
def test_the_outcome_of_a_sitting(sheets, examiners, outcome, points, missing) -> None:
    assert judge(sheets, examiners, 60) == Result(outcome, points, missing)


SHEETS = st.builds(Sheet, st.integers(0, 100), st.integers(0, 3))
BARS = st.integers(1, 100)


@given(st.lists(SHEETS, max_size=3), st.integers(1, 2), BARS)
def test_points_are_told_once_it_is_settled_and_stand_by_the_outcome(sheets, examiners, bar) -> None:
    told = judge(sheets, examiners, bar)
    assert (told.points is not None) == (told.outcome in practice.SETTLED) == (told.missing == 0)
    if told.outcome is Outcome.PASSED:
        assert told.points is not None
        assert told.points >= bar
        assert any(sheet.passed(bar) for sheet in sheets)
    if told.outcome is Outcome.FAILED:
        assert any(not sheet.passed(bar) for sheet in sheets)


@given(st.lists(SHEETS, min_size=2, max_size=2), BARS)
def test_it_does_not_matter_which_of_two_examiners_sent_first(sheets, bar) -> None:
    assert len({judge(order, 2, bar) for order in permutations(sheets)}) == 1


@given(st.lists(st.booleans(), min_size=3, max_size=3), st.integers(0, 2))
def test_doing_one_step_more_never_makes_a_sheet_worse(done, step) -> None:
    better = [*done[:step], True, *done[step + 1 :]]
    before, after = score(WASH, done), score(WASH, better)
    assert after.points >= before.points
    assert after.critical_missed <= before.critical_missed
    assert after.passed(60) or not before.passed(60)


def test_a_skill_is_the_sitting_that_was_passed_else_the_last() -> None:
    failed, passed, waits = (
        Result(Outcome.FAILED, 40, 0),
        Result(Outcome.PASSED, 70, 0),
        Result(Outcome.WAITING, None, 2),
    )
    told = {
        (): (0, Outcome.NONE, None),
        (failed,): (1, Outcome.FAILED, 40),
        (failed, waits): (2, Outcome.WAITING, None),
        (failed, passed): (2, Outcome.PASSED, 70),
        (passed, failed): (2, Outcome.PASSED, 70),
    }
    for results, (tries, outcome, points) in told.items():
        facts = summarise("l", "洗脸", SittingKind.EXAM, results)
        assert facts == SkillFacts("l", "洗脸", SittingKind.EXAM, tries, outcome, points)


@pytest.mark.parametrize(
    ("outcome", "tries", "code"),
    [
        (Outcome.NONE, 0, None),
        (Outcome.FAILED, 2, None),
        (Outcome.FAILED, 3, "practice_no_tries"),
        (Outcome.PASSED, 1, "practice_passed"),
        (Outcome.WAITING, 1, "practice_open"),
        (Outcome.DISPUTED, 3, "practice_open"),
    ],
)
def test_a_resit_is_open_until_it_is_passed_or_the_tries_are_used_up(outcome, tries, code) -> None:
    facts = SkillFacts("l", "洗脸", SittingKind.EXAM, tries, outcome, None)
    if code is None:
        practice.check_opening(facts, 3)
        return
    with pytest.raises(Refused, match=code):
        practice.check_opening(facts, 3)


@pytest.mark.parametrize(
    ("examiner", "outcome", "kind", "code"),
    [
        (Examiner(True, False, False), Outcome.WAITING, Forbidden, "practice_own"),
        (Examiner(False, True, False), Outcome.WAITING, Forbidden, "practice_taught"),
        (Examiner(False, False, True), Outcome.WAITING, Conflict, "practice_signed"),
        (Examiner(False, False, False), Outcome.PASSED, Conflict, "practice_settled"),
        (Examiner(False, False, False), Outcome.FAILED, Conflict, "practice_settled"),
    ],
)
def test_who_may_not_sign(examiner, outcome, kind, code) -> None:
    with pytest.raises(kind, match=code):
        practice.check_examiner(examiner, Result(outcome, None, 0))


def test_who_may_sign() -> None:
    for outcome in (Outcome.WAITING, Outcome.DISPUTED):
        practice.check_examiner(Examiner(False, False, False), Result(outcome, None, 1))


def test_a_policy_that_asks_for_none_forbids_none() -> None:
    day = policy_named("base-2023").effective_from
    one = Policy("one", day, blended=Blended(practice=PracticeRules(examiners=1, attempts=2)))
    assert practice.rules_of(one) == PracticeRules(1, 2)
    for policy in (policy_named("base-2023"), Policy("none", day, blended=Blended(practice=None))):
        assert practice.rules_of(policy) == PracticeRules(2, 3)


def test_notes_and_minutes() -> None:
    assert practice.check_note("  动作 \n 很轻 ") == "动作 很轻"
    assert practice.check_note("") == ""
    for text, code in (("长" * 501, "practice_note_long"), ("打 19900000001", "words_personal")):
        with pytest.raises(Refused, match=code):
            practice.check_note(text)
    practice.check_minutes(1)
    practice.check_minutes(600)
    for minutes in (0, -5, 601):
        with pytest.raises(Refused, match="practice_minutes"):
            practice.check_minutes(minutes)


def test_a_picture_rests_on_a_yes() -> None:
    practice.check_picture(9, True)
    for pictures, has_consent, code in ((0, False, "picture_no_consent"), (10, True, "picture_too_many")):
        with pytest.raises(Refused, match=code):
            practice.check_picture(pictures, has_consent)


def test_a_file_has_a_weight() -> None:
    practice.check_weight(10, 10)
    with pytest.raises(Refused, match="picture_too_heavy"):
        practice.check_weight(11, 10)
