"""Each criterion: yes, no because, a person must look, or the policy does not ask."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lms.domain.eligibility.assessing import assess
from lms.domain.eligibility.facts import Exam, Facts, IdentityState, Known
from lms.domain.eligibility.findings import Outcome
from lms.domain.levels import Level
from lms.domain.subsidies import (
    Confidence,
    CountLimit,
    CountScope,
    Doubt,
    ExcludedGroup,
    Fund,
    PastState,
    PersonGroup,
    ReasonCode,
    SubsidyKind,
    SubsidyPolicy,
    Term,
)
from tests.support.subsidies import (
    CERTIFIED,
    HOUR_MS,
    NURSE,
    OPENS,
    TODAY,
    certificate,
    facts,
    finding,
    group,
    guessed,
    item,
    liaoning,
    past,
    policy,
    silent,
    study,
    sure,
    training,
    uid,
)

T, L, A = SubsidyKind.TRAINING, SubsidyKind.LIVING, SubsidyKind.APPRAISAL
YES, NO, LOOK, SILENT = Outcome.MET, Outcome.UNMET, Outcome.UNSURE, Outcome.SILENT
YEARLY = sure(CountLimit(1, CountScope.CALENDAR_YEAR, frozenset({T})))
ONCE = sure(CountLimit(1, CountScope.LIFETIME, frozenset({T})))
OTHER = "育婴员"


@pytest.mark.parametrize("kind", list(SubsidyKind))
def test_who_meets_everything_may_be_funded(kind: SubsidyKind) -> None:
    found = assess(facts(), policy(), kind)
    assert found.may_train is YES
    assert found.may_be_funded is YES, [each for each in found.funding if each.outcome in (NO, LOOK)]


Case = tuple[str, Facts, SubsidyPolicy, Outcome, str, ReasonCode | None]
E = ReasonCode
CASES: list[Case] = [
    # identity
    ("identity", facts(), policy(), YES, "identity_confirmed", None),
    ("identity", facts(identity=IdentityState.FORMAT), policy(), LOOK, "identity_unverified", E("E02")),
    ("identity", facts(identity=IdentityState.UNCHECKED), policy(), LOOK, "identity_unverified", E("E02")),
    ("identity", facts(identity=IdentityState.MISMATCH), policy(), NO, "identity_mismatch", E("E01")),
    ("identity", facts(identity=IdentityState.MISSING), policy(), NO, "document_missing", E("E01")),
    ("real_name", facts(identity=IdentityState.MISSING), policy(), LOOK, "document_missing", E("E01")),
    ("real_name", facts(identity=IdentityState.MISMATCH), policy(), YES, "document_on_record", None),
    ("open_to_all", facts(), policy(), SILENT, "training_not_restricted", None),
    ("open_to_all", facts(), liaoning(), YES, "training_for_anybody", None),
    # groups
    ("group", facts(), policy(), YES, "group_shown", None),
    ("group", facts(groups=()), policy(), NO, "group_not_shown", E("E10")),
    ("group", facts(groups=(group(known=Known.PENDING),)), policy(), LOOK, "group_unverified", E("E10")),
    ("group", facts(groups=(group(from_on=OPENS + timedelta(1)),)), policy(), NO, "group_not_shown", E("E10")),
    ("group", facts(groups=(group(until_on=OPENS),)), policy(), YES, "group_shown", None),
    (
        "group",
        facts(groups=(group(until_on=OPENS),)),
        policy(group_judged_on=sure("claim")),
        NO,
        "group_not_shown",
        E("E10"),
    ),
    (
        "group",
        facts(groups=(group(from_on=CERTIFIED, until_on=CERTIFIED),)),
        policy(group_judged_on=sure("certificate")),
        YES,
        "group_shown",
        None,
    ),
    (
        "group",
        facts(groups=(group(until_on=OPENS),)),
        policy(group_judged_on=Term()),
        LOOK,
        "group_day_unknown",
        E("E10"),
    ),
    ("group", facts(), policy(group_judged_on=Term()), YES, "group_shown", None),
    ("group", facts(groups=()), policy(allowed_groups=Term()), LOOK, "group_rule_unknown", E("E10")),
    (
        "group",
        facts(groups=()),
        policy(allowed_groups=guessed(frozenset({PersonGroup.UNEMPLOYED}))),
        LOOK,
        "group_not_shown",
        E("E10"),
    ),
    ("group", facts(groups=()), liaoning(), LOOK, "group_tension", E("E10")),
    ("group", facts(groups=()), liaoning(fund=Term()), LOOK, "group_tension", E("E10")),
    ("group", facts(groups=()), liaoning(fund=sure(Fund.ACTION)), LOOK, "group_tension", E("E10")),
    (
        "group",
        facts(groups=(), training=training(opens_on=date(2021, 12, 31))),
        liaoning(fund=sure(Fund.ACTION)),
        YES,
        "group_anybody",
        None,
    ),
    ("group", facts(), liaoning(), YES, "group_shown", None),
    # exclusions
    ("exclusion", facts(), policy(), YES, "exclusion_no_sign", None),
    ("exclusion", facts(), policy(excluded_groups=Term()), SILENT, "exclusion_silent", None),
    ("exclusion", facts(groups=(group(ExcludedGroup.PENSIONER),)), policy(), NO, "excluded", E("E11")),
    (
        "exclusion",
        facts(groups=(group(ExcludedGroup.PENSIONER, known=Known.PENDING),)),
        policy(),
        LOOK,
        "exclusion_unverified",
        E("E11"),
    ),
    (
        "exclusion",
        facts(groups=(group(ExcludedGroup.STUDENT),)),
        policy(excluded_groups=Term()),
        LOOK,
        "exclusion_rule_unknown",
        E("E11"),
    ),
    (
        "exclusion",
        facts(groups=(group(ExcludedGroup.PENSIONER),)),
        liaoning(excluded_groups=sure(frozenset(ExcludedGroup))),
        LOOK,
        "exclusion_forbidden_ground",
        E("E11"),
    ),
    (
        "exclusion",
        facts(groups=(group(ExcludedGroup.STUDENT),)),
        policy(excluded_groups=sure(frozenset({ExcludedGroup.PENSIONER}))),
        YES,
        "exclusion_no_sign",
        None,
    ),
    # counts
    ("count", facts(past=(past(occupation=OTHER),) * 2), policy(), YES, "count_within", None),
    ("count", facts(past=(past(occupation=OTHER),) * 3), policy(), NO, "count_reached", E("E20")),
    (
        "count",
        facts(past=(past(state=PastState.PENDING),)),
        policy(count_limit=ONCE),
        NO,
        "count_reserved",
        E("E20"),
    ),
    ("count", facts(past=(past(state=PastState.REFUSED),)), policy(count_limit=ONCE), YES, "count_within", None),
    (
        "count",
        facts(past=(past(state=PastState.CLAWED_BACK),)),
        policy(count_limit=ONCE),
        LOOK,
        "count_maybe_reached",
        E("E20"),
    ),
    ("count", facts(past=(past(is_outside=True),)), policy(count_limit=ONCE), LOOK, "count_maybe_reached", E("E20")),
    ("count", facts(past=(past(kind=L),)), policy(count_limit=ONCE), YES, "count_within", None),
    ("count", facts(past=(past(),)), policy(count_limit=YEARLY), YES, "count_within", None),
    ("count", facts(past=(past(on=date(2026, 1, 1)),)), policy(count_limit=YEARLY), NO, "count_reached", E("E20")),
    ("count", facts(past=(past(enrollment_id=uid(1)),)), policy(count_limit=ONCE), YES, "count_within", None),
    ("count", facts(), policy(count_limit=Term()), SILENT, "count_silent", None),
    ("count", facts(past=(past(),)), policy(count_limit=Term()), LOOK, "count_rule_unknown", E("E20")),
    # the same again
    ("same_level", facts(past=(past(),)), policy(), NO, "same_level_claimed", E("E21")),
    ("same_level", facts(past=(past(occupation="养老 护理员"),)), policy(), NO, "same_level_claimed", E("E21")),
    ("same_level", facts(past=(past(occupation=OTHER),)), policy(), YES, "same_level_first", None),
    ("same_level", facts(past=(past(Level.INTERMEDIATE),)), policy(), YES, "same_level_first", None),
    ("same_level", facts(past=(past(kind=A),)), policy(), YES, "same_level_first", None),
    ("same_level", facts(past=(past(state=PastState.PENDING),)), policy(), NO, "same_level_claimed", E("E21")),
    ("same_level", facts(past=(past(state=PastState.CLAWED_BACK),)), policy(), LOOK, "same_level_maybe", E("E21")),
    ("same_level", facts(past=(past(is_outside=True),)), policy(), LOOK, "same_level_maybe", E("E21")),
    ("same_level", facts(past=(past(state=PastState.REFUSED),)), policy(), YES, "same_level_first", None),
    (
        "same_level",
        facts(past=(past(),)),
        policy(same_occupation_level_once=Term()),
        LOOK,
        "same_level_rule_unknown",
        E("E21"),
    ),
    ("same_level", facts(), policy(same_occupation_level_once=Term()), SILENT, "same_level_silent", None),
    (
        "same_level",
        facts(past=(past(),)),
        policy(same_occupation_level_once=sure(False)),
        YES,
        "same_level_allowed",
        None,
    ),
    (
        "same_level",
        facts(certificates=(certificate(issued_on=OPENS - timedelta(1)),)),
        policy(),
        LOOK,
        "same_level_held",
        E("E21"),
    ),
    # higher blocks lower
    ("higher_level", facts(past=(past(Level.SENIOR),)), policy(), NO, "higher_held", E("E22")),
    ("higher_level", facts(past=(past(Level.JUNIOR),)), policy(), YES, "higher_none", None),
    ("higher_level", facts(past=(past(Level.SENIOR, occupation=OTHER),)), policy(), YES, "higher_none", None),
    (
        "higher_level",
        facts(certificates=(certificate(level=Level.SENIOR, issued_on=date(2020, 1, 1)),)),
        policy(),
        NO,
        "higher_held",
        E("E22"),
    ),
    (
        "higher_level",
        facts(certificates=(certificate(level=Level.SENIOR, issued_on=date(2020, 1, 1), known=Known.PENDING),)),
        policy(),
        LOOK,
        "higher_maybe",
        E("E22"),
    ),
    (
        "higher_level",
        facts(past=(past(Level.SENIOR),)),
        policy(higher_blocks_lower=Term()),
        LOOK,
        "higher_rule_unknown",
        E("E22"),
    ),
    ("higher_level", facts(), policy(higher_blocks_lower=Term()), SILENT, "higher_silent", None),
    (
        "higher_level",
        facts(past=(past(Level.SENIOR),)),
        policy(higher_blocks_lower=sure(False)),
        SILENT,
        "higher_not_asked",
        None,
    ),
    # the other fund
    ("other_fund", facts(past=(past(fund=Fund.UNEMPLOYMENT),)), policy(), NO, "fund_excludes", E("E23")),
    (
        "other_fund",
        facts(past=(past(fund=Fund.UNEMPLOYMENT, is_outside=True),)),
        policy(),
        LOOK,
        "fund_maybe",
        E("E23"),
    ),
    ("other_fund", facts(past=(past(fund=None),)), policy(), LOOK, "fund_maybe", E("E23")),
    ("other_fund", facts(past=(past(),)), policy(), YES, "fund_free", None),
    ("other_fund", facts(), policy(exclusive_funds=Term()), SILENT, "fund_silent", None),
    (
        "other_fund",
        facts(past=(past(fund=Fund.UNEMPLOYMENT),)),
        policy(exclusive_funds=Term()),
        LOOK,
        "fund_rule_unknown",
        E("E23"),
    ),
    ("twin", facts(is_twin=True), policy(), NO, "twin_in_class", E("E70")),
    ("claimed", facts(past=(past(enrollment_id=uid(1)),)), policy(), SILENT, "claimed_already", None),
    (
        "claimed",
        facts(past=(past(enrollment_id=uid(1), state=PastState.CLAWED_BACK),)),
        policy(),
        LOOK,
        "claimed_clawed_back",
        E("E90"),
    ),
    # the class
    ("filed", facts(training=training(filing="")), policy(), NO, "class_not_filed", E("E52")),
    ("filed", facts(training=training(filing="filed")), policy(), NO, "class_not_approved", E("E52")),
    ("filed", facts(training=training(filing="archived")), policy(), YES, "class_filed", None),
    ("catalogue", facts(), policy(catalogue=()), LOOK, "catalogue_unknown", E("E51")),
    ("catalogue", facts(training=training(occupation="")), policy(), LOOK, "occupation_unknown", E("E51")),
    ("catalogue", facts(training=training(occupation=OTHER)), policy(), NO, "occupation_off_catalogue", E("E51")),
    (
        "catalogue",
        facts(training=training(level=Level.CHIEF_TECHNICIAN)),
        policy(),
        NO,
        "level_off_catalogue",
        E("E51"),
    ),
    ("catalogue", facts(), policy(catalogue=(item(levels=()),)), LOOK, "catalogue_levels_unknown", E("E51")),
    ("catalogue", facts(), policy(catalogue=(item(levels=(), kind="special_skill"),)), YES, "on_catalogue", None),
    ("catalogue", facts(training=training(occupation=" 养老护理员")), policy(), YES, "on_catalogue", None),
    # study
    ("completion", facts(study=study(record="", unmet=("x",))), policy(), NO, "not_complete", E("E30")),
    ("completion", facts(study=study(record="", unsure=("x",))), policy(), LOOK, "completion_doubtful", E("E30")),
    ("completion", facts(study=study(record="revoked")), policy(), NO, "record_gone", E("E30")),
    ("completion", facts(study=study(record="expired")), policy(), YES, "completed", None),
    ("completion", facts(study=study(unmet=("x",))), policy(), LOOK, "record_undermined", E("E30")),
    ("hours", facts(), policy(), YES, "hours_enough", None),
    ("hours", facts(study=study(online_ms=20 * HOUR_MS - 1)), policy(), NO, "hours_short", E("E30")),
    ("hours", facts(), policy(minutes_per_class_hour=sure(60)), NO, "hours_short", E("E30")),
    ("hours", facts(), policy(class_hours_min=sure({"": 51})), NO, "hours_short", E("E30")),
    ("hours", facts(), policy(class_hours_min=guessed({"": 51})), LOOK, "hours_short", E("E30")),
    ("hours", facts(), policy(class_hours_min=Term()), SILENT, "hours_silent", None),
    ("hours", facts(), policy(class_hours_min=sure({OTHER: 90})), SILENT, "hours_silent", None),
    ("online_share", facts(), policy(), YES, "online_share_within", None),
    ("online_share", facts(study=study(online_ms=30 * HOUR_MS)), policy(), YES, "online_share_within", None),
    (
        "online_share",
        facts(study=study(online_ms=31 * HOUR_MS)),
        policy(),
        NO,
        "online_share_over",
        E("E31"),
    ),
    (
        "online_share",
        facts(study=study(in_person_ms=0)),
        policy(online_free_occupations=sure(frozenset({NURSE}))),
        YES,
        "online_share_free",
        None,
    ),
    (
        "online_share",
        facts(study=study(in_person_ms=0)),
        policy(online_free_occupations=Term()),
        LOOK,
        "online_share_free_unknown",
        E("E31"),
    ),
    ("online_share", facts(), policy(online_share_max=Term()), SILENT, "online_share_silent", None),
    ("platform", facts(), policy(), YES, "platform_by_filing", None),
    ("platform", facts(training=training(resources_named=False)), policy(), LOOK, "platform_unknown", E("E31")),
    ("platform", facts(study=study(online_ms=0)), policy(), SILENT, "platform_not_asked", None),
    ("order", facts(), policy(), YES, "order_kept", None),
    (
        "order",
        facts(study=study(practice_from=date(2026, 5, 14))),
        policy(),
        LOOK,
        "practice_before_theory",
        E("E33"),
    ),
    ("order", facts(), policy(online_before_offline=Term()), SILENT, "order_not_asked", None),
    ("attendance", facts(study=study(attended=8)), policy(), YES, "attendance_enough", None),
    ("attendance", facts(study=study(attended=7)), policy(), NO, "attendance_low", E("E32")),
    ("attendance", facts(study=study(held=0, attended=0)), policy(), SILENT, "attendance_no_classes", None),
    ("attendance", facts(), policy(attendance_min=Term()), SILENT, "attendance_silent", None),
    ("sessions", facts(study=study(missed_stretches=1)), policy(), LOOK, "sessions_unverified", E("E34")),
    ("exam", facts(study=study(exam=Exam.FAILED)), policy(), NO, "exam_failed", E("E40")),
    ("exam", facts(study=study(exam=Exam.RESIT)), policy(), NO, "exam_resit", E("E40")),
    ("exam", facts(study=study(exam=Exam.OPEN)), policy(), NO, "exam_open", E("E40")),
    ("exam", facts(study=study(exam=Exam.DISPUTED)), policy(), LOOK, "exam_disputed", E("E40")),
    ("exam", facts(study=study(exam=Exam.NOT_ASKED)), policy(), LOOK, "exam_not_asked", E("E40")),
    # certificates
    ("certificate", facts(), policy(), YES, "certificate_held", None),
    ("certificate", facts(certificates=()), policy(), NO, "certificate_missing", E("E41")),
    ("certificate", facts(certificates=()), policy(certificate_kinds=Term()), LOOK, "certificate_missing", E("E41")),
    ("certificate", facts(), policy(certificate_kinds=Term()), LOOK, "certificate_kinds_unknown", E("E42")),
    (
        "certificate",
        facts(certificates=(certificate(issued_on=OPENS - timedelta(1)),)),
        policy(),
        NO,
        "certificate_missing",
        E("E41"),
    ),
    (
        "certificate",
        facts(certificates=(certificate(known=Known.PENDING),)),
        policy(),
        LOOK,
        "certificate_unverified",
        E("E41"),
    ),
    (
        "certificate",
        facts(certificates=(certificate(carries_level=None),)),
        policy(),
        LOOK,
        "certificate_issuer_unclear",
        E("E42"),
    ),
    (
        "certificate",
        facts(certificates=(certificate(level=Level.SENIOR),)),
        policy(),
        NO,
        "certificate_other_level",
        E("E42"),
    ),
    (
        "certificate",
        facts(certificates=(certificate(kind="vocational"),)),
        policy(),
        NO,
        "certificate_kind_not_accepted",
        E("E42"),
    ),
    (
        "certificate",
        facts(certificates=(certificate(kind="training", level=None, enrollment_id=uid(1)),)),
        policy(),
        YES,
        "certificate_held",
        None,
    ),
    (
        "certificate",
        facts(certificates=(certificate(kind="training", level=None, enrollment_id=uid(99)),)),
        policy(),
        NO,
        "certificate_missing",
        E("E41"),
    ),
    # time
    ("late", facts(today=date(2027, 6, 5)), policy(), YES, "in_time", None),
    ("late", facts(today=date(2027, 6, 6)), policy(), NO, "too_late", E("E50")),
    ("late", facts(today=date(2027, 6, 6)), policy(claim_within_days=guessed(365)), LOOK, "too_late", E("E50")),
    ("late", facts(), policy(claim_within_days=Term()), SILENT, "late_silent", None),
    # money
    ("amount", facts(), policy(), YES, "amount_standard", None),
    ("amount", facts(), policy(catalogue=(item(amounts_fen={}),)), LOOK, "amount_unknown", E("E60")),
    (
        "amount",
        facts(),
        policy(catalogue=(item(amounts_fen={(T, Level.JUNIOR): guessed(90_000)}),)),
        LOOK,
        "amount_unconfirmed",
        E("E60"),
    ),
    # doubts
    ("investigation", facts(), policy(), YES, "nothing_open", None),
    ("investigation", facts(cases=(uid(50),)), policy(), LOOK, "case_open", E("E90")),
    (
        "investigation",
        facts(doubts=(Doubt("outside_pensioner", ReasonCode.GROUP_EXCLUDED),)),
        policy(),
        LOOK,
        "outside_pensioner",
        E("E11"),
    ),
]


@pytest.mark.parametrize(
    ("criterion", "about", "by", "outcome", "code", "reason"),
    CASES,
    ids=[f"{number}-{case[0]}-{case[4]}" for number, case in enumerate(CASES)],
)
def test_criterion(
    criterion: str, about: Facts, by: SubsidyPolicy, outcome: Outcome, code: str, reason: ReasonCode | None
) -> None:
    told = finding(assess(about, by, T), criterion)
    assert (told.outcome, told.code, told.reason) == (outcome, code, reason)


APPRAISED = [
    (facts(), policy(), YES, "first"),
    (facts(certificates=(certificate(), certificate(issued_on=date(2024, 1, 1)))), policy(), NO, "first_repeated"),
    (
        facts(certificates=(certificate(), certificate(issued_on=date(2024, 1, 1), level=Level.APPRENTICE))),
        policy(),
        LOOK,
        "first_other_level",
    ),
    (facts(past=(past(Level.INTERMEDIATE, kind=A),)), policy(), LOOK, "first_other_level"),
    (facts(certificates=()), policy(), SILENT, "first_not_judged"),
]


@pytest.mark.parametrize(("about", "by", "outcome", "code"), APPRAISED)
def test_appraisal_is_paid_for_the_first_certificate(
    about: Facts, by: SubsidyPolicy, outcome: Outcome, code: str
) -> None:
    told = finding(assess(about, by, A), "first_certificate")
    assert (told.outcome, told.code) == (outcome, code)


def test_no_policy_makes_appraisal_rest_on_a_training_certificate() -> None:
    only = facts(certificates=(certificate(kind="training", level=None, enrollment_id=uid(1)),))
    lax = policy(appraisal_certificate_kinds=sure(frozenset({"training", "skill_level"})))
    told = finding(assess(only, lax, A), "certificate")
    assert (told.outcome, told.code) == (NO, "certificate_training_only")


def test_a_living_allowance_is_paid_by_the_day_and_for_groups_of_its_own() -> None:
    paid = assess(facts(), policy(), L)
    assert paid.amount_fen == 5 * 2500
    other = assess(facts(groups=(group(PersonGroup.GRADUATE),)), policy(), L)
    assert finding(other, "group").code == "group_not_shown"
    assert finding(assess(facts(study=study(offline_days=0)), policy(), L), "amount").code == "amount_nothing"
    unfinished = assess(facts(study=study(record="", unmet=("x",))), policy(), L)
    assert finding(unfinished, "completion").outcome is LOOK
    assert "certificate" not in {each.criterion for each in paid.funding}


@pytest.mark.parametrize(
    ("told", "fen"),
    [
        ({}, 100_000),
        ({"pay_percent_blended": sure(70)}, 70_000),
        ({"shortage_uplift_percent": sure(30)}, 130_000),
        ({"pay_percent_blended": sure(70), "shortage_uplift_percent": sure(33)}, 93_100),
    ],
)
def test_percents_change_the_standard_in_whole_fen(told: dict[str, Term[int]], fen: int) -> None:
    assert assess(facts(), policy(**told), T).amount_fen == fen


def test_a_percent_nobody_confirmed_sends_the_amount_to_a_person() -> None:
    found = assess(facts(), policy(pay_percent_blended=guessed(70)), T)
    assert (found.amount_fen, finding(found, "amount").outcome) == (70_000, LOOK)


def test_a_refusal_rests_on_what_somebody_confirmed() -> None:
    short = facts(study=study(online_ms=0))
    for confidence in Confidence:
        told = policy(class_hours_min=Term({"": 50}, "某文", confidence))
        expected = NO if confidence in (Confidence.HIGH, Confidence.MEDIUM) else LOOK
        assert finding(assess(short, told, T), "hours").outcome is expected


def test_every_no_and_every_doubt_has_a_reason_and_names_its_term() -> None:
    for criterion, about, by, *_ in CASES:
        for each in assess(about, by, T).funding:
            assert (each.reason is not None) == (each.outcome in (NO, LOOK)), criterion


def test_a_policy_that_knows_nothing_says_neither_yes_nor_no_about_money() -> None:
    found = assess(facts(past=(past(),)), silent(), T)
    assert found.may_be_funded is LOOK
    assert NO not in {each.outcome for each in found.funding}


def test_what_knows_no_levels_is_one_atom_at_every_level() -> None:
    skill = item(levels=(), kind="special_skill", amounts_fen={(T, None): sure(50_000)})
    found = assess(facts(), policy(catalogue=(skill,)), T)
    assert (found.atom.level, found.amount_fen) == (None, 50_000)


def test_an_occupation_whose_levels_nobody_found_keeps_those_of_the_class() -> None:
    assert assess(facts(), policy(catalogue=(item(levels=()),)), T).atom.level is Level.JUNIOR


def test_the_atom_is_the_humans_and_compares_occupations_plainly() -> None:
    spaced = replace(training(), occupation="养老 护理员　")
    assert assess(facts(training=spaced), policy(), T).atom == assess(facts(), policy(), T).atom
    assert assess(facts(enrollment_id=uid(77)), policy(), T).atom.person_id == uid(2)
    assert TODAY > OPENS
