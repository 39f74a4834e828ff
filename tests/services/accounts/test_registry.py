"""Which phone belongs to which account, and which account to which person and institution."""

import uuid

import pytest
from sqlalchemy import select

from lms.domain.errors import NotFound, Refused
from lms.domain.identity import DocumentType
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.audit import AuditEvent
from lms.parts import Parts
from lms.services import accounts, people, sealed
from tests.support.cast import NOON, Cast

NEW_PHONE = "19912345678"


def person(parts: Parts) -> uuid.UUID:
    with parts.database.transaction() as session:
        made = people.register(
            session,
            parts.keyring,
            name="赵敏",
            document_type=DocumentType.RESIDENT_ID,
            number="509999199006150033",
            now=NOON,
        )
        return made.id


def link(parts: Parts, person_id: uuid.UUID | None, phone: str, organisation_id: uuid.UUID | None = None) -> uuid.UUID:
    assert person_id is not None
    with parts.database.transaction() as session:
        return accounts.account_for_learner(
            session, parts.keyring, person_id=person_id, phone=phone, organisation_id=organisation_id, now=NOON
        )


def staff(parts: Parts, phone: str, organisation_id: uuid.UUID | None, role: Role = Role.INSTITUTION) -> uuid.UUID:
    with parts.database.transaction() as session:
        return accounts.create_staff(
            session,
            parts.keyring,
            phone=phone,
            name="钱进",
            role=role,
            organisation_id=organisation_id,
            now=NOON,
        )


def account(parts: Parts, account_id: uuid.UUID) -> Account:
    with parts.database.transaction(write=False) as session:
        return session.get_one(Account, account_id)


def actions(parts: Parts) -> list[str]:
    with parts.database.transaction(write=False) as session:
        return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.action)))


def test_a_learner_with_a_new_phone_gets_an_account_with_her_name(parts: Parts) -> None:
    person_id = person(parts)
    made = link(parts, person_id, NEW_PHONE)
    found = account(parts, made)
    assert (found.person_id, found.name, found.password_hash) == (person_id, "赵敏", None)
    assert sealed.open_phone(parts.keyring, found.id, found.phone_sealed) == NEW_PHONE
    assert NEW_PHONE not in found.phone_sealed + found.phone_index
    assert actions(parts) == ["account.create", "account.link"]


def test_an_account_she_made_herself_becomes_hers(parts: Parts) -> None:
    with parts.database.transaction() as session:
        request_id = accounts.request_code(session, parts.keyring, phone=NEW_PHONE, now=NOON, draw=lambda: "123456")
        assert isinstance(request_id, uuid.UUID)
        token = accounts.sign_in_with_code(session, parts.keyring, request_id, code="123456", now=NOON)
        assert isinstance(token, str)
    person_id = person(parts)
    link(parts, person_id, NEW_PHONE)
    with parts.database.transaction(write=False) as session:
        found = accounts.find_actor(session, token, NOON)
    assert found is not None
    assert (found.person_id, found.name) == (person_id, "赵敏")


def test_the_same_person_and_phone_again_is_the_same_account(parts: Parts, cast: Cast) -> None:
    again = link(parts, cast.lifang.person_id, "+86 199 0000 0001")
    assert again == cast.lifang.account_id


def test_another_phone_for_a_known_person_is_refused(parts: Parts, cast: Cast) -> None:
    with pytest.raises(Refused, match="person_has_other_phone"):
        link(parts, cast.lifang.person_id, NEW_PHONE)
    with parts.database.transaction(write=False) as session:
        index = sealed.phone_index(parts.keyring, NEW_PHONE)
        assert session.scalar(select(Account).where(Account.phone_index == index)) is None


@pytest.mark.parametrize("who", ["admin", "zhoumin", "wanglei"])
def test_a_phone_of_staff_is_never_bound_to_a_person(parts: Parts, cast: Cast, who: str) -> None:
    with pytest.raises(Refused, match="phone_of_another_person"):
        link(parts, person(parts), cast.phones[who], cast.anhe)


def test_another_persons_phone_is_refused_and_tells_nothing(parts: Parts, cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        link(parts, person(parts), cast.phones["lifang"])
    assert (refused.value.code, refused.value.values) == ("phone_of_another_person", {})
    assert account(parts, cast.lifang.account_id).person_id == cast.lifang.person_id


def test_a_staff_member_may_learn_with_her_own_phone(parts: Parts, cast: Cast) -> None:
    linked = link(parts, person(parts), cast.phones["zhoumin"], cast.kangning)
    found = account(parts, linked)
    assert linked == cast.zhoumin.account_id
    assert (found.name, [each.role for each in found.memberships]) == ("周敏", ["institution"])


def test_a_phone_must_be_one(parts: Parts) -> None:
    with pytest.raises(Refused, match="mobile_shape"):
        link(parts, person(parts), "123")
    with pytest.raises(Refused, match="mobile_shape"):
        staff(parts, "123", uuid.uuid4())


def test_new_staff_have_their_role_and_no_password(parts: Parts, cast: Cast) -> None:
    found = account(parts, staff(parts, NEW_PHONE, cast.anhe))
    assert (found.name, found.password_hash, found.person_id) == ("钱进", None, None)
    assert [(each.role, each.organisation_id) for each in found.memberships] == [("institution", cast.anhe)]
    assert actions(parts) == ["account.create", "staff.add"]


def test_an_account_may_work_in_several_places_but_once_in_each(parts: Parts, cast: Cast) -> None:
    phone = cast.phones["zhoumin"]
    assert staff(parts, phone, cast.anhe) == cast.zhoumin.account_id
    assert staff(parts, phone, cast.kangning, Role.TRAINER) == cast.zhoumin.account_id
    assert staff(parts, phone, None, Role.PLATFORM) == cast.zhoumin.account_id
    assert account(parts, cast.zhoumin.account_id).name == "周敏"
    known = ((cast.kangning, Role.INSTITUTION), (cast.anhe, Role.INSTITUTION), (None, Role.PLATFORM))
    for place, role in known:
        with pytest.raises(Refused, match="staff_already"):
            staff(parts, phone, place, role)


def test_a_learners_long_login_ends_when_she_becomes_staff(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        token = accounts.open_session(session, cast.lifang.account_id, method=accounts.CODE, now=NOON)
    staff(parts, cast.phones["lifang"], cast.kangning)
    with parts.database.transaction(write=False) as session:
        assert accounts.find_actor(session, token, NOON) is None
        assert accounts.is_staff(session, cast.lifang.account_id, now=NOON)
        assert not accounts.is_staff(session, cast.chenmo.account_id, now=NOON)


@pytest.mark.parametrize("role", [Role.LEARNER, Role.PLATFORM])
def test_roles_that_no_institution_gives(parts: Parts, cast: Cast, role: Role) -> None:
    with pytest.raises(ValueError, match=role.value):
        staff(parts, NEW_PHONE, cast.kangning, role)


def test_an_institutions_role_needs_an_institution(parts: Parts) -> None:
    with pytest.raises(ValueError, match="institution"):
        staff(parts, NEW_PHONE, None)


def test_nobody_disables_herself_or_nobody(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        with pytest.raises(Refused, match="own_account"):
            accounts.disable(session, cast.admin.account_id, now=NOON, by=cast.admin.account_id)
        with pytest.raises(NotFound):
            accounts.disable(session, uuid.uuid4(), now=NOON)
        with pytest.raises(NotFound):
            accounts.enable(session, uuid.uuid4(), now=NOON)


def test_disabling_is_on_record_with_who_did_it(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        accounts.disable(session, cast.sunyue.account_id, now=NOON, by=cast.admin.account_id)
        accounts.enable(session, cast.sunyue.account_id, now=NOON, by=cast.admin.account_id)
    with parts.database.transaction(write=False) as session:
        rows = session.scalars(select(AuditEvent).where(AuditEvent.account_id == cast.admin.account_id)).all()
        assert {(row.action, row.subject) for row in rows} == {
            ("account.disable", str(cast.sunyue.account_id)),
            ("account.enable", str(cast.sunyue.account_id)),
        }
