"""Inspectors: let in until a day, out on the next; whoever works there does not inspect there."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from lms.domain.errors import Forbidden, NotFound, Refused
from lms.domain.roles import Role
from lms.models.accounts import Membership
from lms.models.audit import AuditEvent
from lms.parts import Parts
from lms.services import accounts, inspectors
from lms.services.accounts import registry
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast
from tests.support.humans import one_human

TODAY = date(2026, 11, 23)
PHONE = "13800000009"


def grant(parts: Parts, actor: Actor, *, now: datetime = NOON, **changes: object) -> uuid.UUID:
    asked = {"name": "郑查", "phone": PHONE, "organisation_id": None, "last_day": TODAY + timedelta(days=5)}
    with parts.database.transaction() as session:
        return inspectors.grant(session, parts.keyring, actor, now=now, **{**asked, **changes})


def signed_in(parts: Parts, grant_id: uuid.UUID, now: datetime) -> str:
    with parts.database.transaction() as session:
        account_id = session.get_one(Membership, grant_id).account_id
        return accounts.open_session(session, account_id, method=accounts.CODE, now=now)


def roles(parts: Parts, token: str, now: datetime) -> set[tuple[Role, uuid.UUID | None]]:
    with parts.database.transaction(write=False) as session:
        found = accounts.find_actor(session, token, now)
        return set(found.roles) if found else set()


def listed(parts: Parts, cast: Cast, now: datetime = NOON) -> list[inspectors.Grant]:
    with parts.database.transaction(write=False) as session:
        found = inspectors.list_all(session, parts.keyring, cast.admin, now=now)
        return [each for each in found if each.name != "吴检"]


def test_a_role_ends_with_its_last_day_in_china(parts: Parts, cast: Cast) -> None:
    made = grant(parts, cast.admin, organisation_id=cast.anhe)
    last = datetime(2026, 11, 28, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in China
    token = signed_in(parts, made, last - timedelta(hours=1))
    assert roles(parts, token, last) == {(Role.INSPECTOR, cast.anhe)}
    assert roles(parts, token, last + timedelta(seconds=1)) == set()
    (shown,) = listed(parts, cast, last)
    assert (shown.last_day, shown.is_over, shown.organisation) == (date(2026, 11, 28), False, "安和护理院")
    assert shown.phone == "138****0009"
    assert listed(parts, cast, last + timedelta(seconds=1))[0].is_over


def test_an_inspector_is_signed_in_as_short_as_staff_and_later_as_long_as_a_learner(parts: Parts, cast: Cast) -> None:
    made = grant(parts, cast.admin)
    assert roles(parts, signed_in(parts, made, NOON), NOON + timedelta(hours=13)) == set()
    with parts.database.transaction(write=False) as session:
        account_id = session.get_one(Membership, made).account_id
        assert accounts.is_staff(session, account_id, now=NOON)
        assert not accounts.is_staff(session, account_id, now=NOON + timedelta(days=6))


def test_to_grant_again_sets_another_day(parts: Parts, cast: Cast) -> None:
    first = grant(parts, cast.admin)
    assert grant(parts, cast.admin, last_day=TODAY + inspectors.LONGEST) == first
    (shown,) = listed(parts, cast)
    assert (shown.last_day, shown.organisation) == (date(2027, 2, 21), "")


def test_taken_back_it_is_over_at_once_and_stays_on_record(parts: Parts, cast: Cast) -> None:
    made = grant(parts, cast.admin)
    token = signed_in(parts, made, NOON)
    with parts.database.transaction() as session:
        inspectors.revoke(session, cast.admin, made, now=NOON)
    assert roles(parts, token, NOON) == set()
    assert [each.is_over for each in listed(parts, cast)] == [True]
    with parts.database.transaction(write=False) as session:
        acts = session.scalars(select(AuditEvent).where(AuditEvent.action.like("inspector.%")).order_by(AuditEvent.id))
        assert [(act.action, act.detail["grant"]) for act in acts] == [
            ("inspector.grant", str(made)),
            ("inspector.revoke", str(made)),
        ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"last_day": TODAY - timedelta(days=1)}, "inspector_day_past"),
        ({"last_day": TODAY + timedelta(days=91)}, "inspector_day_too_far"),
        ({"phone": "110"}, "mobile_shape"),
        ({"name": " "}, "name_missing"),
        ({"phone": "19900000004"}, "inspector_works_there"),
    ],
)
def test_what_is_not_granted(parts: Parts, cast: Cast, changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refused, match=code):
        grant(parts, cast.admin, **changes)
    assert listed(parts, cast) == []


def test_who_works_for_one_institution_may_inspect_another(parts: Parts, cast: Cast) -> None:
    with pytest.raises(Refused, match="inspector_works_there"):
        grant(parts, cast.admin, phone=cast.phones["zhoumin"], organisation_id=cast.kangning)
    grant(parts, cast.admin, phone=cast.phones["zhoumin"], organisation_id=cast.anhe)


def test_only_the_platform_grants(parts: Parts, cast: Cast) -> None:
    for actor in (cast.zhoumin, cast.wujian, cast.lifang):
        with pytest.raises(Forbidden):
            grant(parts, actor)
        with parts.database.transaction() as session, pytest.raises(Forbidden):
            inspectors.revoke(session, actor, uuid.uuid4(), now=NOON)
    with pytest.raises(NotFound):
        grant(parts, cast.admin, organisation_id=uuid.uuid4())


def test_only_an_inspectors_role_is_taken_back_here(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        staff = session.scalar(select(Membership.id).where(Membership.account_id == cast.zhoumin.account_id))
        for each in (staff, uuid.uuid4()):
            with pytest.raises(NotFound):
                inspectors.revoke(session, cast.admin, each, now=NOON)


def test_an_endless_inspector_is_not_made_by_the_back_door(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session, pytest.raises(ValueError, match="inspector"):
        registry.create_staff(
            session,
            parts.keyring,
            phone=PHONE,
            name="郑查",
            role=Role.INSPECTOR,
            organisation_id=cast.kangning,
            now=NOON,
        )


def test_her_own_leave(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction(write=False) as session:
        (own,) = inspectors.list_own(session, parts.keyring, cast.wujian, now=NOON)
        assert own.organisation == "康宁养老服务中心"
        after = datetime(2100, 1, 1, tzinfo=UTC)
        assert inspectors.list_own(session, parts.keyring, cast.wujian, now=after) == []


def test_nobody_inspects_her_institution_by_another_account(parts: Parts, cast: Cast) -> None:
    one_human(parts, cast, [cast.zhoumin, cast.sunyue])
    with pytest.raises(Refused, match="inspector_works_there"):
        grant(parts, cast.admin, phone=cast.phones["sunyue"], organisation_id=cast.kangning)
