from datetime import timedelta

import pytest

from lms.domain.errors import Forbidden
from lms.domain.funds.controls import Limits, Sharing, Thing
from lms.domain.subsidies import Payee
from lms.models.accounts import LoginSession
from lms.models.base import new_id
from lms.models.filings import Filing
from lms.services import sealed
from lms.services.filings import places
from lms.services.funds import controls
from tests.support.cast import NOON
from tests.support.funds import treasury


@pytest.fixture
def money(parts, cast, monkeypatch):
    return treasury(parts, cast, monkeypatch)


def to_person(money, number, person, **more):
    """A line that is paid to a person's own account."""
    made = new_id()
    sealed_number = sealed.seal_account(money.parts.keyring, made, number)
    payee = Payee("person", made, "测试", "云川银行", sealed_number, number[-4:], made)
    line = money.line(payee=payee, **more)
    money.owed.remove(line)
    line = type(line)(**{**vars(line), "atom": type(line.atom)(**{**vars(line.atom), "person_id": person})})
    money.owed.append(line)
    return line


def report(money, limits=None, who=None):
    with money.parts.database.transaction() as session:
        days = {"since": NOON - timedelta(days=1), "until": NOON + timedelta(days=1)}
        return controls.report(session, money.parts.keyring, who or money.qian, limits or Limits(), **days)


def test_nothing_is_told_of_two_people_at_work(money):
    money.fill()
    found = report(money)
    assert found.is_clean
    assert found.steps == 2


def test_one_account_for_two_persons_is_told_with_masked_names(money):
    money.fill()
    lifang, chenmo = money.cast.lifang.person_id, money.cast.chenmo.person_id
    lines = [to_person(money, "6222000000000009", each) for each in (lifang, chenmo)]
    money.plan(lines)
    [found] = report(money).many_persons
    assert (found.persons, found.fen, found.tail) == (2, 200_000, "0009")
    assert report(money).persons[lifang] == "李*"


def test_an_account_that_payees_of_two_institutions_share(money):
    lifang, chenmo = money.cast.lifang.person_id, money.cast.chenmo.person_id
    money.fill()
    money.plan([to_person(money, "6222000000000009", lifang)])
    money.plan([to_person(money, "6222000000000009", chenmo, organisation_id=money.cast.anhe)])
    assert [each.why for each in report(money).shared] == [Sharing.ACROSS_INSTITUTIONS]


def test_an_institutions_account_that_a_person_is_paid_to(money):
    money.fill()
    money.plan([money.line(), to_person(money, "6222000000000001", money.cast.lifang.person_id)])
    [found] = report(money).shared
    assert (found.thing, found.why) == (Thing.ACCOUNT, Sharing.STAFF_AND_PAYEE)


def test_a_phone_that_an_institution_files_as_its_own(money):
    money.fill()
    money.plan([to_person(money, "6222000000000009", money.cast.lifang.person_id)])
    with money.parts.database.transaction() as session:
        cohort, phone = money.cast.cohort, money.cast.phones["lifang"]
        found = session.get(Filing, cohort)
        if found is None:
            found = Filing(cohort_id=cohort, created_at=NOON)
            session.add(found)
        found.phone_sealed = places.seal_phone(money.parts.keyring, cohort, phone)
    [shared] = report(money).shared
    assert (shared.thing, shared.shown) == (Thing.PHONE, money.cast.phones["lifang"][-4:])


def sign_in(money, account_id, mark, at=NOON):
    with money.parts.database.transaction() as session:
        told = {"token_digest": new_id().hex, "method": "code", "device_mark": mark}
        session.add(LoginSession(account_id=account_id, **told, created_at=at, expires_at=at))


def test_two_who_took_steps_of_one_thing_on_one_device(money):
    money.fill()
    for who in (money.qian, money.he, money.cast.zhoumin):
        sign_in(money, who.account_id, "0123abcd")
    found = report(money)
    [shared] = found.shared
    assert (shared.thing, shared.why, shared.shown) == (Thing.DEVICE, Sharing.TWO_STEPS, "abcd")
    assert sorted(found.accounts[each.account_id] for each in shared.uses) == ["何对", "钱进"]


def test_a_payee_and_the_staff_of_her_institution_on_one_device(money):
    money.fill()
    money.plan([to_person(money, "6222000000000009", money.cast.lifang.person_id)])
    for who in (money.cast.zhoumin, money.cast.lifang):
        sign_in(money, who.account_id, "0123abcd")
    [found] = report(money).shared
    assert (found.thing, found.why) == (Thing.DEVICE, Sharing.STAFF_AND_PAYEE)


@pytest.mark.parametrize(
    ("one", "other", "at"), [("a", "b", NOON), ("", "", NOON), ("a", "a", NOON - timedelta(days=2))]
)
def test_other_devices_none_and_days_before_are_not_told(money, one, other, at):
    money.fill()
    money.plan([to_person(money, "6222000000000009", money.cast.lifang.person_id)])
    sign_in(money, money.cast.zhoumin.account_id, one, at)
    sign_in(money, money.cast.lifang.account_id, other, at)
    assert report(money).is_clean


def test_many_approvals_by_one_human_are_a_burst(money):
    for _ in range(3):
        money.fill(1_000)
    [found] = report(money, Limits(acts=3)).bursts
    assert found.account_id == money.he.account_id


def test_another_authoritys_steps_are_not_seen(money):
    money.fill()
    assert report(money, who=money.neighbour).steps == 0


def test_only_a_paymaster_asks(money):
    with pytest.raises(Forbidden):
        report(money, who=money.cast.zhoumin)
