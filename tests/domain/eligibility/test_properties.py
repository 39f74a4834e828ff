"""What holds whatever the facts are."""

from dataclasses import fields, replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lms.domain.eligibility.assessing import assess
from lms.domain.eligibility.facts import ClassFacts, Exam, Facts, GroupFact, IdentityState, Known, StudyFacts
from lms.domain.eligibility.findings import Outcome
from lms.domain.levels import Level
from lms.domain.subsidies import (
    Doubt,
    ExcludedGroup,
    Fund,
    PastClaim,
    PastState,
    PersonGroup,
    ReasonCode,
    SubsidyKind,
    Term,
    Terms,
)
from tests.support.subsidies import certificate, facts, group, liaoning, past, policy, study, sure, training, uid

DAYS = st.dates(date(2024, 1, 1), date(2028, 1, 1))
LEVELS = st.sampled_from([None, *Level])
OCCUPATIONS = st.sampled_from(["养老护理员", "育婴员", ""])
GROUPS = st.builds(
    group,
    st.sampled_from([*PersonGroup, *ExcludedGroup]),
    known=st.sampled_from(Known),
    from_on=DAYS,
    until_on=st.none() | DAYS,
)
PAST = st.builds(
    past,
    LEVELS,
    kind=st.sampled_from(SubsidyKind),
    occupation=OCCUPATIONS,
    state=st.sampled_from(PastState),
    fund=st.sampled_from([None, *Fund]),
    on=DAYS,
    is_outside=st.booleans(),
    enrollment_id=st.sampled_from([None, uid(1), uid(91)]),
)
CERTIFICATES = st.builds(
    certificate,
    kind=st.sampled_from(["skill_level", "vocational", "special_skill", "training"]),
    occupation=OCCUPATIONS,
    level=LEVELS,
    issued_on=DAYS,
    known=st.sampled_from(Known),
    carries_level=st.sampled_from([True, False, None]),
)
STUDIES = st.builds(
    study,
    online_ms=st.integers(0, 10**9),
    in_person_ms=st.integers(0, 10**9),
    record=st.sampled_from(["", "valid", "revoked", "expired"]),
    unmet=st.sampled_from([(), ("x",)]),
    held=st.just(10),
    attended=st.integers(0, 10),
    offline_days=st.integers(0, 30),
    exam=st.sampled_from(Exam),
    missed_stretches=st.integers(0, 2),
)
FACTS = st.builds(
    facts,
    today=DAYS,
    training=st.builds(training, occupation=OCCUPATIONS, level=LEVELS, filing=st.sampled_from(["", "filed", "closed"])),
    study=STUDIES,
    identity=st.sampled_from(IdentityState),
    groups=st.lists(GROUPS, max_size=3).map(tuple),
    certificates=st.lists(CERTIFICATES, max_size=3).map(tuple),
    past=st.lists(PAST, max_size=4).map(tuple),
    is_twin=st.booleans(),
)
KINDS = st.sampled_from(SubsidyKind)
ABOUT_WHO = {"group", "exclusion", "open_to_all", "real_name"}
UNTOLD = ("region", "hukou", "birth", "age", "insurance", "residence", "address")


@given(FACTS, KINDS)
def test_nobody_is_refused_training(about: Facts, kind: SubsidyKind) -> None:
    for told in (policy(), liaoning()):
        assert assess(about, told, kind).may_train is not Outcome.UNMET


@given(FACTS, KINDS, st.lists(GROUPS, max_size=3), st.booleans())
def test_liaoning_refuses_nobody_for_who_she_is(
    about: Facts, kind: SubsidyKind, others: list[GroupFact], excludes: bool
) -> None:
    """Whatever is known of her groups, and whatever a policy file says of pensioners, no verdict says no for it."""
    banned = sure(frozenset({ExcludedGroup.PENSIONER})) if excludes else Term[frozenset[ExcludedGroup]]()
    told = liaoning(excluded_groups=banned)
    for each in (about, facts(groups=tuple(others))):
        found = assess(each, told, kind)
        refused = {one.criterion for one in (*found.training, *found.funding) if one.outcome is Outcome.UNMET}
        assert not refused & ABOUT_WHO


def test_facts_hold_nothing_that_liaoning_forbids_to_ask() -> None:
    names = {each.name for kind in (Facts, ClassFacts, StudyFacts, GroupFact) for each in fields(kind)}
    assert not [name for name in names for word in UNTOLD if word in name.split("_")]


@given(FACTS, KINDS)
def test_an_unconfirmed_policy_refuses_nobody_by_its_own_figures(about: Facts, kind: SubsidyKind) -> None:
    told = policy()
    terms = {each.name: Term(getattr(told.terms, each.name).value) for each in fields(Terms)}
    found = assess(about, policy(**terms), kind)
    by_figures = {"group", "exclusion", "count", "same_level", "higher_level", "other_fund", "hours", "online_share"}
    by_figures |= {"attendance", "late"}
    assert not [each for each in found.funding if each.outcome is Outcome.UNMET and each.criterion in by_figures]


@given(FACTS, KINDS, st.sampled_from(ReasonCode))
def test_a_doubt_is_never_a_refusal_and_never_a_yes(about: Facts, kind: SubsidyKind, reason: ReasonCode) -> None:
    before = assess(about, policy(), kind).may_be_funded
    doubted = facts(
        **{each.name: getattr(about, each.name) for each in fields(Facts)} | {"doubts": (Doubt("x", reason),)}
    )
    after = assess(doubted, policy(), kind).may_be_funded
    assert after is (Outcome.UNMET if before is Outcome.UNMET else Outcome.UNSURE)


@given(FACTS, KINDS, PAST)
def test_more_paid_before_never_makes_her_more_eligible(about: Facts, kind: SubsidyKind, line: PastClaim) -> None:
    worse = {Outcome.MET: 0, Outcome.UNSURE: 1, Outcome.UNMET: 2}
    more = replace(about, past=(*about.past, line))
    assert worse[assess(more, policy(), kind).may_be_funded] >= worse[assess(about, policy(), kind).may_be_funded]


@given(FACTS, KINDS)
def test_what_is_known_from_lists_only_refuses_nobody(about: Facts, kind: SubsidyKind) -> None:
    listed = replace(about, past=tuple(past(is_outside=True, on=date(2026, 1, 1)) for _ in range(5)))
    found = assess(listed, policy(), kind)
    of_lines = {"count", "same_level", "other_fund", "claimed"}
    assert not [each for each in found.funding if each.criterion in of_lines and each.outcome is Outcome.UNMET]


@given(FACTS, KINDS)
def test_the_same_facts_give_the_same_words(about: Facts, kind: SubsidyKind) -> None:
    assert assess(about, policy(), kind) == assess(replace(about), policy(), kind)
    later = replace(about, today=about.today + timedelta(1))
    assert assess(later, policy(), kind).atom == assess(about, policy(), kind).atom
