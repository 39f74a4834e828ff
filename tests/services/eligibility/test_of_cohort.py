"""Facts of a class are gathered set by set, from where they stand, for the human and not for one record of her."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import event

from lms.domain.eligibility.findings import Outcome
from lms.domain.levels import Level
from lms.domain.subsidies import Atom, Doubt, Fund, PastClaim, PastState, ReasonCode, SubsidyKind, Term
from lms.models.cases import Case
from lms.models.enrollments import Enrollment
from lms.models.people import PersonLink
from lms.parts import Parts
from lms.services import eligibility
from tests.support.cast import NOON, Cast
from tests.support.identity import FREE, Office
from tests.support.subsidies import finding, policy
from tests.support.subsidised import TODAY, Funded, Seams

T = SubsidyKind.TRAINING


@pytest.fixture
def seams(monkeypatch: pytest.MonkeyPatch) -> Seams:
    made = Seams()
    made.fit(monkeypatch)
    return made


@pytest.fixture
def funded(parts: Parts, cast: Cast) -> Funded:
    made = Funded(parts, cast)
    made.approve()
    return made


def ask(parts: Parts, cast: Cast, kind: SubsidyKind = T) -> list[eligibility.Candidate]:
    with parts.database.transaction(write=False) as session:
        return eligibility.of_cohort(session, cast.cohort, kind, today=TODAY)


def test_a_class_without_a_policy_has_no_candidates(parts: Parts, cast: Cast, seams: Seams) -> None:
    seams.policy = None
    assert ask(parts, cast) == []
    with parts.database.transaction(write=False) as session:
        assert eligibility.of_enrollment(session, cast.enrollment, today=TODAY) == {}


def test_facts_come_from_where_they_stand(parts: Parts, cast: Cast, seams: Seams, funded: Funded) -> None:
    before = ask(parts, cast)[0].assessment
    assert finding(before, "filed").code == "class_filed"
    assert finding(before, "identity").code == "identity_unverified"
    assert finding(before, "completion").code == "not_complete"
    assert finding(before, "certificate").code == "certificate_missing"
    assert before.atom.level is Level.JUNIOR
    funded.confirm()
    funded.complete()
    found = ask(parts, cast)[0]
    told = found.assessment
    assert finding(told, "identity").code == "identity_confirmed"
    assert finding(told, "completion").code == "record_undermined"  # the record stands, and nothing of her study does
    assert finding(told, "certificate").code == "certificate_held"
    assert (found.certificate_number, found.certificate_on) == ("KX20260001", TODAY)
    assert found.certificate_kind == "training"
    assert found.enrollment_id == cast.enrollment


def test_what_will_be_printed_later_is_not_there_yet(parts: Parts, cast: Cast, seams: Seams, funded: Funded) -> None:
    funded.complete(at=NOON + timedelta(days=3))
    assert ask(parts, cast)[0].certificate_number is None


def test_seams_of_others_count(parts: Parts, cast: Cast, seams: Seams, funded: Funded) -> None:
    her = cast.lifang.person_id
    assert her
    atom = Atom(her, T, "养老护理员", Level.JUNIOR)
    seams.past = {her: [PastClaim(atom, Fund.EMPLOYMENT, PastState.PAID, TODAY, cast.anhe, uuid.uuid4())]}
    seams.persons = {her: [Doubt("outside_pensioner", ReasonCode.GROUP_EXCLUDED)]}
    seams.places = {cast.kangning: [Doubt("sanction", ReasonCode.UNDER_INVESTIGATION)]}
    with parts.database.transaction() as session:
        session.add(Case(person_id=her, organisation_id=cast.kangning, opened_at=NOON))
    told = ask(parts, cast)[0].assessment
    assert finding(told, "same_level").outcome is Outcome.UNMET
    codes = [each.code for each in told.funding if each.criterion == "investigation"]
    assert codes == ["case_open", "outside_pensioner", "sanction"]


def test_one_human_under_two_records_is_one(parts: Parts, cast: Cast, seams: Seams, funded: Funded) -> None:
    second = funded.enroll(1)[0]
    ground = Office(parts, cast).number(FREE)
    with parts.database.transaction() as session:
        other = session.get_one(Enrollment, second).person_id
        assert cast.lifang.person_id
        link = {"living_id": cast.lifang.person_id, "change_id": ground, "linked_at": NOON}
        session.add(PersonLink(person_id=other, **link))
    first, twin = ask(parts, cast)
    assert first.person_id == twin.person_id == cast.lifang.person_id
    assert twin.enrolled_as == other
    assert first.assessment.atom == twin.assessment.atom
    assert finding(first.assessment, "twin").outcome is Outcome.MET
    assert finding(twin.assessment, "twin").reason is ReasonCode.DUPLICATE_IN_BATCH


def test_more_learners_cost_no_more_queries(parts: Parts, cast: Cast, seams: Seams, funded: Funded) -> None:
    seams.policy = policy(online_before_offline=Term(True))

    def count() -> int:
        asked: list[str] = []
        with parts.database.transaction(write=False) as session:
            engine = session.get_bind()
            listener = lambda *args: asked.append(args[2])  # noqa: E731
            event.listen(engine, "before_cursor_execute", listener)
            eligibility.of_cohort(session, cast.cohort, T, today=TODAY)
            event.remove(engine, "before_cursor_execute", listener)
        return len(asked)

    few = count()
    funded.enroll(20)
    assert len(ask(parts, cast)) == 21
    assert count() == few


def test_one_learner_is_judged_for_all_kinds(parts: Parts, cast: Cast, seams: Seams, funded: Funded) -> None:
    with parts.database.transaction(write=False) as session:
        found = eligibility.of_enrollment(session, cast.enrollment, today=TODAY)
        under = eligibility.of_cohort_under(session, cast.cohort, T, policy(code="OTHER"), today=TODAY)
    assert set(found) == set(SubsidyKind)
    assert under[0].assessment.policy_code == "OTHER"
