"""Evidence of groups: entered at an institution, verified by an officer above it who is somebody else."""

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from lms.domain.eligibility.facts import Known
from lms.domain.eligibility.groups import Entry, Paper, State
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.roles import Role
from lms.domain.subsidies import ExcludedGroup, PersonGroup, SubsidyKind
from lms.models.audit import AuditEvent
from lms.models.eligibility import GroupEvidence
from lms.parts import Parts
from lms.services import eligibility
from lms.services.eligibility import persons
from lms.services.rights import opening, subsidies
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast
from tests.support.humans import one_human
from tests.support.subsidies import finding, policy
from tests.support.subsidised import TODAY, Funded, Seams


@pytest.fixture
def funded(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Funded:
    Seams(policy(group_judged_on=policy().terms.group_judged_on)).fit(monkeypatch)
    made = Funded(parts, cast)
    made.approve()
    return made


def code(funded: Funded) -> str:
    with funded.parts.database.transaction(write=False) as session:
        found = eligibility.of_cohort(session, funded.cast.cohort, SubsidyKind.TRAINING, today=TODAY)
    return finding(found[0].assessment, "group").code


def test_only_an_officers_word_shows_a_group(parts: Parts, cast: Cast, funded: Funded) -> None:
    places = funded.officials()
    assert code(funded) == "group_not_shown"
    one = funded.enter()
    assert code(funded) == "group_unverified"
    funded.say(one, places.gaoyuan)
    assert code(funded) == "group_shown"
    funded.say(one, places.linlan, word=State.REFUTED)
    assert code(funded) == "group_not_shown"


def test_whoever_entered_or_learns_does_not_verify(parts: Parts, cast: Cast, funded: Funded) -> None:
    places, one = funded.officials(), funded.enter()
    for desk, who, word in (
        (Role.INSTITUTION, cast.zhoumin, State.SEEN),
        (Role.INSTITUTION, cast.zhoumin, State.VERIFIED),
        (Role.OFFICER, places.gaoyuan, State.SEEN),
    ):
        with pytest.raises(Forbidden):
            funded.say(one, who, desk, word)
    mine, _ = one_human(parts, cast, [replace(places.gaoyuan, person_id=None), replace(cast.zhoumin, person_id=None)])
    with pytest.raises(Forbidden) as refused:
        funded.say(one, mine)
    assert refused.value.code == "group_second_person"


def test_another_district_and_another_institution_find_nothing(parts: Parts, cast: Cast, funded: Funded) -> None:
    places, one = funded.officials(), funded.enter()
    with pytest.raises(NotFound):
        funded.say(one, places.weiguang)
    with pytest.raises(NotFound), parts.database.transaction() as session:
        eligibility.withdraw_group(session, cast.sunyue, one, now=NOON)
    with parts.database.transaction(write=False) as session:
        assert eligibility.list_groups(session, parts.keyring, cast.sunyue, Role.INSTITUTION) == []
        with pytest.raises(NotFound):
            eligibility.get_group(session, parts.keyring, places.weiguang, Role.OFFICER, one)
        with pytest.raises(NotFound):
            eligibility.list_of_learner(session, parts.keyring, cast.sunyue, cast.enrollment)


def test_names_and_numbers_are_masked_above(parts: Parts, cast: Cast, funded: Funded) -> None:
    places, one = funded.officials(), funded.enter()
    with parts.database.transaction(write=False) as session:
        above = eligibility.get_group(session, parts.keyring, places.gaoyuan, Role.OFFICER, one)
        here = eligibility.get_group(session, parts.keyring, cast.zhoumin, Role.INSTITUTION, one)
        kept = session.scalars(select(GroupEvidence.number_sealed)).one()
    assert (above.name, here.name) == ("李*", "李芳")
    assert "SY2026001" not in (above.number, here.number, kept)
    assert above.open_words == (State.VERIFIED, State.REFUTED)
    assert (here.open_words, here.why_not, here.may_withdraw) == ((), "group_second_person", True)


def test_what_was_entered_may_be_taken_back_until_it_is_decided(parts: Parts, cast: Cast, funded: Funded) -> None:
    places, one = funded.officials(), funded.enter()
    with pytest.raises(Conflict) as twice:
        funded.enter()
    assert twice.value.code == "group_twice"
    with parts.database.transaction() as session:
        eligibility.withdraw_group(session, cast.zhoumin, one, now=NOON)
    again = funded.enter()
    funded.say(again, places.gaoyuan)
    with pytest.raises(Conflict), parts.database.transaction() as session:
        eligibility.withdraw_group(session, cast.zhoumin, again, now=NOON)
    with pytest.raises(Conflict):
        funded.say(again, places.gaoyuan)
    with parts.database.transaction(write=False) as session:
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("group.%"))).all()
    assert sorted(acts) == ["group.enter", "group.enter", "group.verified", "group.withdrawn"]


WRONG = [
    ({"paper": Paper.DIPLOMA}, "group_paper"),
    ({"valid_from": date(2027, 1, 1)}, "group_day"),
    ({"valid_until": date(2025, 1, 1)}, "group_validity"),
    ({"number": "x y"}, "group_number"),
]


@pytest.mark.parametrize(("change", "refusal"), WRONG)
def test_what_cannot_be_is_not_entered(cast: Cast, funded: Funded, change: dict[str, Any], refusal: str) -> None:
    entry = replace(Entry(PersonGroup.UNEMPLOYED, Paper.UNEMPLOYMENT, date(2026, 1, 1)), **change)
    with funded.parts.database.transaction() as session:
        who = (session, funded.parts.keyring, cast.zhoumin, cast.enrollment)
        with pytest.raises(Refused) as refused:
            eligibility.enter_group(*who, entry, now=NOON)
    assert refused.value.code == refusal


def test_words_are_appended(parts: Parts, funded: Funded) -> None:
    funded.say(funded.enter(), funded.officials().gaoyuan)
    for act in ("UPDATE group_words SET note = 'x'", "DELETE FROM group_words"):
        with pytest.raises(DBAPIError), parts.database.transaction() as session:
            session.execute(text(act))


def test_her_file_opens_it_and_an_erasure_closes_it(parts: Parts, cast: Cast, funded: Funded) -> None:
    one, her = funded.enter(), cast.lifang.person_id
    assert her
    with parts.database.transaction() as session:
        assert opening.groups(session, parts.keyring, [her])[0]["number"] == "SY2026001"
        subsidies._groups(session, parts.keyring, her, NOON)
    with parts.database.transaction(write=False) as session:
        assert session.get_one(GroupEvidence, one).number_sealed == ""
        assert persons.groups(session, {her: her})[her][0].known is Known.PENDING


def test_an_excluded_group_needs_its_own_paper(cast: Cast, funded: Funded) -> None:
    actor: Actor = cast.zhoumin
    told = Entry(ExcludedGroup.PENSIONER, Paper.PENSION_RECORD, date(2026, 1, 1))
    with funded.parts.database.transaction() as session:
        made = eligibility.enter_group(session, funded.parts.keyring, actor, cast.enrollment, told, now=NOON)
    assert isinstance(made, uuid.UUID)
