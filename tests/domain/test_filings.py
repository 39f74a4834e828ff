"""Filing a class: which act follows on which state, who may act, and what no history can reach."""

import uuid
from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lms.domain import filings, policies, programmes
from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.filings import Act, State, Waiting
from lms.domain.roles import Role

TODAY = date(2026, 11, 23)
LEGAL = {
    ("draft", "file"): "filed",
    ("returned", "file"): "filed",
    ("filed", "return"): "returned",
    ("filed", "approve"): "approved",
    ("approved", "close"): "closed",
    ("closed", "archive"): "archived",
}


@pytest.mark.parametrize("state", ["", *State])
@pytest.mark.parametrize("act", list(Act))
def test_which_act_follows_on_which_state(state: str, act: Act) -> None:
    after = LEGAL.get((str(state), act.value))
    if after is not None:
        assert filings.step(state, act) == after
        return
    with pytest.raises(Conflict, match="filing_step"):
        filings.step(state, act)


@pytest.mark.parametrize("act", list(Act))
def test_the_institution_files_and_who_reviews_answers(act: Act) -> None:
    reviewers, staff = (Role.OFFICER, Role.PLATFORM), (Role.INSTITUTION,)
    ours, theirs = (reviewers, staff) if act in (Act.RETURN, Act.APPROVE) else (staff, reviewers)
    for role in ours:
        filings.check_actor(act, role)
    for role in (*theirs, Role.INSPECTOR, Role.STATISTICS):
        with pytest.raises(Forbidden, match="role_needed"):
            filings.check_actor(act, role)


def test_nobody_answers_her_own_institution() -> None:
    filings.check_apart(works_there=False)
    with pytest.raises(Forbidden, match="filing_reviewer_works_there"):
        filings.check_apart(works_there=True)


def test_nobody_decides_on_her_own_act() -> None:
    one = uuid.uuid4()
    filings.check_second_person(one, uuid.uuid4())
    filings.check_second_person(None, one)
    with pytest.raises(Forbidden, match="filing_second_person"):
        filings.check_second_person(one, one)


@pytest.mark.parametrize(
    ("state", "roster", "change", "studies", "writes"),
    [
        ("", None, "filing_no_change", True, True),
        ("draft", None, "filing_no_change", False, True),
        ("filed", "filing_in_review", "filing_no_change", False, True),
        ("returned", None, "filing_no_change", False, True),
        ("approved", "filing_roster_frozen", None, True, True),
        ("running", "filing_roster_frozen", None, True, True),
        ("closed", "filing_over", "filing_no_change", True, True),
        ("archived", "filing_over", "filing_no_change", True, False),
    ],
)
def test_what_a_state_allows(state: str, roster: str | None, change: str | None, studies: bool, writes: bool) -> None:
    assert refused(filings.check_roster, state) == roster
    assert refused(filings.check_change, state) == change
    assert filings.may_study(state) is studies
    assert refused(filings.check_writable, state) == (None if writes else "filing_archived")
    earning = "cohort_not_approved" if not studies else None if writes else "filing_archived"
    assert refused(filings.check_earning, state) == earning
    assert refused(filings.check_open, state) == (None if state in ("draft", "returned") else "filing_not_open")


def refused(check: object, *values: object) -> str | None:
    try:
        check(*values)  # type: ignore[operator]
    except Refused as found:
        return found.code
    return None


@pytest.mark.parametrize(("days", "code"), [(-1, "filing_opens_before_approval"), (0, None), (9, None)])
def test_no_class_opens_before_its_approval(days: int, code: str | None) -> None:
    assert refused(filings.check_approval, TODAY + timedelta(days=days), TODAY) == code


def test_study_waits_for_the_approval_whatever_the_day() -> None:
    with pytest.raises(Refused, match="cohort_not_approved"):
        policies.check_running(TODAY, TODAY, TODAY, approved=False)


def test_an_approved_class_runs_from_its_opening_day() -> None:
    assert filings.standing("approved", TODAY + timedelta(days=1), TODAY) == "approved"
    assert filings.standing("approved", TODAY, TODAY) == "running"
    assert filings.standing("filed", TODAY - timedelta(days=1), TODAY) == "filed"


@pytest.mark.parametrize(
    ("remarks", "note", "code"),
    [
        ({}, " ", "filing_return_words"),
        ({"shoe": "太小了一点"}, "", "filing_return_words"),
        ({"plan": "短"}, "", "words_length"),
        ({"plan": "打电话 13800000001 问我"}, "", "words_personal"),
        ({"plan": "第二行没有老师"}, "", None),
        ({}, "请补齐材料", None),
    ],
)
def test_a_return_says_why(remarks: dict[str, str], note: str, code: str | None) -> None:
    assert refused(filings.check_remarks, remarks, note) == code


def test_remarks_are_kept_by_field() -> None:
    assert filings.check_remarks({"plan": " 第二行没有老师 ", "place": " "}, "") == ({"plan": "第二行没有老师"}, "")


@pytest.mark.parametrize(
    ("text", "fits"), [("渝人社备〔2026〕15号", True), (" KX-20261123-0001 ", True), ("abc", False), ("a b c d", False)]
)
def test_a_number_of_the_authority(text: str, fits: bool) -> None:
    assert refused(filings.check_number, text) == (None if fits else "filing_number_shape")


@pytest.mark.parametrize(
    ("known", "number"),
    [
        ([], "KX-20261123-0001"),
        (["KX-20261123-0001", "KX-20261122-0009", "渝1号备案"], "KX-20261123-0002"),
        (["KX-20261123-0009", "KX-20261123-x"], "KX-20261123-0010"),
    ],
)
def test_our_own_numbers_run_within_a_day(known: list[str], number: str) -> None:
    assert filings.next_number(TODAY, known) == number


def test_the_digest_is_of_the_content_and_not_of_its_order() -> None:
    assert filings.digest([{"a": 1, "b": "李*"}]) == filings.digest([{"b": "李*", "a": 1}])
    assert filings.digest([{"a": 1}, {"b": 2}]) != filings.digest([{"b": 2}, {"a": 1}])


def test_two_filings_are_compared_field_by_field() -> None:
    before = {"plan": [1], "name": "一班", "policy": "a"}
    assert filings.compare(before, {"plan": [1, 2], "name": "二班", "policy": "b"}) == ["name", "plan", "policy"]
    assert filings.compare(before, before) == []


def test_what_must_be_finished_before_a_class_is_closed() -> None:
    assert [each.code for each in filings.closing(Waiting(), TODAY, TODAY)] == ["filing_days_left"]
    assert filings.closing(Waiting(), TODAY - timedelta(days=1), TODAY) == ()
    found = filings.closing(Waiting(changes=1, lists=2, corrections=3, cases=4, exams=5), date(2026, 1, 1), TODAY)
    assert [(each.code, each.values["n"]) for each in found] == [
        ("filing_waiting_changes", 1),
        ("filing_waiting_lists", 2),
        ("filing_waiting_corrections", 3),
        ("filing_waiting_cases", 4),
        ("filing_waiting_exams", 5),
    ]


def test_kinds_belong_to_programmes() -> None:
    assert programmes.programme_named("LN-2021").name
    programmes.check_kind("LN-2021", "startup")
    assert refused(programmes.check_kind, "CQ-2024", "startup") == "filing_kind"
    assert refused(programmes.check_kind, "??", "startup") == "filing_programme"


class History(RuleBasedStateMachine):
    """Any order of acts, roster edits and days, each let through by the rules and by nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.state: str = State.DRAFT
        self.today = TODAY
        self.opens_on = TODAY + timedelta(days=3)
        self.acts: list[tuple[Act, date]] = []
        self.roster = 1
        self.frozen: int | None = None
        self.studied_on: list[tuple[date, bool]] = []

    @rule(act=st.sampled_from([Act.FILE, Act.RETURN, Act.APPROVE, Act.CLOSE, Act.ARCHIVE]))
    def tries(self, act: Act) -> None:
        try:
            after = filings.step(self.state, act)
            if act is Act.APPROVE:
                filings.check_approval(self.opens_on, self.today)
        except Refused:
            return
        self.state = after
        self.acts.append((act, self.today))
        if act is Act.APPROVE:
            self.frozen = self.roster

    @rule(days=st.integers(min_value=1, max_value=4))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(days=st.integers(min_value=-5, max_value=9))
    def the_days_are_moved(self, days: int) -> None:
        if refused(filings.check_open, self.state) is None:
            self.opens_on = self.today + timedelta(days=days)

    @rule(change=st.sampled_from([-1, 1]))
    def somebody_is_entered_or_taken_out(self, change: int) -> None:
        if refused(filings.check_roster, self.state) is None:
            self.roster += change

    @rule(change=st.sampled_from([-1, 1]))
    def two_people_change_the_roster(self, change: int) -> None:
        if refused(filings.check_change, self.state) is None:
            self.roster += change
            self.frozen = self.roster

    @rule()
    def somebody_studies(self) -> None:
        approved = filings.may_study(self.state)
        end = self.opens_on + timedelta(days=30)
        if refused(lambda: policies.check_running(self.opens_on, end, self.today, approved=approved)) is None:
            self.studied_on.append((self.today, Act.APPROVE in [act for act, _day in self.acts]))

    @invariant()
    def nothing_runs_without_an_approval_before_it(self) -> None:
        approvals = [day for act, day in self.acts if act is Act.APPROVE]
        told = filings.standing(self.state, self.opens_on, self.today)
        if told in (State.APPROVED, State.RUNNING, State.CLOSED, State.ARCHIVED):
            assert len(approvals) == 1
            assert approvals[0] <= self.opens_on
        assert all(known for _day, known in self.studied_on)
        assert all(day >= approvals[0] for day, _known in self.studied_on)

    @invariant()
    def the_roster_is_the_frozen_one(self) -> None:
        if self.state in filings.APPROVED:
            assert self.roster == self.frozen


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
