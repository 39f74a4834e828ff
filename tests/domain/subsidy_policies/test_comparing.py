"""Differences between versions, and the steps of a draft."""

import uuid
from dataclasses import fields, replace
from datetime import date

import pytest

from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.subsidies import CatalogueItem, Confidence, SubsidyPolicy, Term, Terms
from lms.domain.subsidy_policies import drafts
from lms.domain.subsidy_policies.comparing import HEADER, Change, compare
from lms.domain.subsidy_policies.drafts import DraftAct, DraftState
from lms.domain.subsidy_policies.values import NAMES, READERS

POLICY = SubsidyPolicy("LN-2021", "LN", "某文", "某厅", "", "某处", date(2021, 1, 1), None, "", None, Terms())


def test_every_term_can_be_read_and_compared() -> None:
    assert set(READERS) == set(NAMES) == {each.name for each in fields(Terms)}
    compared = {*HEADER, "jurisdiction", "terms", "catalogue", "digest", "tensions"}
    assert compared == {each.name for each in fields(SubsidyPolicy)}


def test_a_policy_does_not_differ_from_itself() -> None:
    assert compare(POLICY, POLICY) == ()


@pytest.mark.parametrize("name", NAMES)
def test_each_term_that_changed_is_told(name: str) -> None:
    term: Term[object] = Term("别的", "某条", Confidence.HIGH)
    after = replace(POLICY, terms=replace(POLICY.terms, **{name: term}))
    assert compare(POLICY, after) == (Change("term", name, Term(), term),)


def test_a_clause_alone_is_a_difference_too() -> None:
    after = replace(POLICY, terms=replace(POLICY.terms, attendance_min=Term(note="没有查到")))
    assert [each.name for each in compare(POLICY, after)] == ["attendance_min"]


def test_lines_of_the_catalogue_come_go_and_change() -> None:
    one, two = CatalogueItem("养老护理员", "occupation"), CatalogueItem("保育师", "occupation")
    before, after = replace(POLICY, catalogue=(one,)), replace(POLICY, catalogue=(two,))
    assert compare(before, after) == (
        Change("catalogue", "养老护理员", one, None),
        Change("catalogue", "保育师", None, two),
    )
    short = replace(one, is_shortage=True)
    assert compare(before, replace(POLICY, catalogue=(short,))) == (Change("catalogue", "养老护理员", one, short),)


@pytest.mark.parametrize("state", DraftState)
@pytest.mark.parametrize("act", DraftAct)
def test_a_step_follows_on_its_state_or_not_at_all(state: DraftState, act: DraftAct) -> None:
    after = drafts.STEPS.get((state, act))
    if after is None:
        with pytest.raises(Conflict, match="subsidy_draft_step"):
            drafts.step(state.value, act)
    else:
        assert drafts.step(state.value, act) is after


def test_what_is_published_or_withdrawn_is_for_good() -> None:
    ended = {DraftState.PUBLISHED, DraftState.WITHDRAWN}
    assert not [step for step in drafts.STEPS if step[0] in ended]
    assert {before for (before, _), after in drafts.STEPS.items() if after is DraftState.PUBLISHED} == {
        DraftState.ASKED
    }


def test_a_writer_is_not_the_second_person() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    drafts.check_second({one}, other)
    with pytest.raises(Forbidden, match="subsidy_second_person"):
        drafts.check_second({one, other}, other)


def test_line_ends_of_browsers_are_made_plain() -> None:
    assert drafts.check_text("a\r\nb\rc\n\n") == "a\nb\nc\n"
    drafts.check_edition(2, 2)
    with pytest.raises(Conflict, match="subsidy_draft_changed"):
        drafts.check_edition(1, 2)
    with pytest.raises(Refused, match="subsidy_text_long"):
        drafts.check_text("长" * drafts.LONGEST_TEXT)
