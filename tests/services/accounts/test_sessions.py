"""Logins on devices: found by token, ended on the server."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from lms.domain.roles import Role
from lms.models.accounts import LoginSession
from lms.parts import Parts
from lms.services import accounts
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast

SECOND = timedelta(seconds=1)


def enter(parts: Parts, actor: Actor, now: datetime = NOON, device: str = "") -> str:
    with parts.database.transaction() as session:
        return accounts.open_session(session, actor.account_id, method=accounts.PASSWORD, now=now, device=device)


def who(parts: Parts, token: str, now: datetime = NOON) -> Actor | None:
    with parts.database.transaction(write=False) as session:
        return accounts.find_actor(session, token, now)


@pytest.mark.parametrize("name", ["lifang", "wanglei", "zhoumin", "admin"])
def test_a_token_brings_back_who_holds_it(parts: Parts, cast: Cast, name: str) -> None:
    actor = getattr(cast, name)
    assert who(parts, enter(parts, actor)) == actor


def test_an_unknown_token_is_nobody(parts: Parts, cast: Cast) -> None:
    enter(parts, cast.lifang)
    assert who(parts, "") is None
    assert who(parts, "x" * 43) is None


def test_the_database_holds_no_token(parts: Parts, cast: Cast) -> None:
    token = enter(parts, cast.lifang)
    with parts.database.transaction(write=False) as session:
        row = session.scalars(select(LoginSession)).one()
    assert len(token) >= 43  # 256 bits
    assert token not in row.token_digest


@pytest.mark.parametrize(("name", "lifetime"), [("lifang", timedelta(days=30)), ("zhoumin", timedelta(hours=12))])
def test_a_login_ends_by_itself(parts: Parts, cast: Cast, name: str, lifetime: timedelta) -> None:
    token = enter(parts, getattr(cast, name))
    assert who(parts, token, NOON + lifetime - SECOND) is not None
    assert who(parts, token, NOON + lifetime) is None


def test_signing_out_ends_this_login_only(parts: Parts, cast: Cast) -> None:
    here, there = enter(parts, cast.lifang), enter(parts, cast.lifang)
    with parts.database.transaction() as session:
        accounts.sign_out(session, here, now=NOON)
        accounts.sign_out(session, "unknown", now=NOON)
    assert who(parts, here) is None
    assert who(parts, there) == cast.lifang


def test_signing_out_everywhere_may_keep_one(parts: Parts, cast: Cast) -> None:
    here, there, hers = enter(parts, cast.lifang), enter(parts, cast.lifang), enter(parts, cast.chenmo)
    with parts.database.transaction() as session:
        assert accounts.sign_out_everywhere(session, cast.lifang.account_id, now=NOON, keep=here) == 1
    assert who(parts, here) is not None
    assert who(parts, there) is None
    with parts.database.transaction() as session:
        assert accounts.sign_out_everywhere(session, cast.lifang.account_id, now=NOON) == 1
    assert who(parts, here) is None
    assert who(parts, hers) == cast.chenmo


def test_a_disabled_account_is_out_on_all_devices_and_stays_out(parts: Parts, cast: Cast) -> None:
    tokens = [enter(parts, cast.lifang) for _ in range(2)]
    with parts.database.transaction() as session:
        accounts.disable(session, cast.lifang.account_id, now=NOON)
    assert [who(parts, token) for token in tokens] == [None, None]
    with parts.database.transaction() as session:
        accounts.enable(session, cast.lifang.account_id, now=NOON)
    assert [who(parts, token) for token in tokens] == [None, None]
    assert who(parts, enter(parts, cast.lifang)) == cast.lifang


def test_devices_are_the_live_logins_newest_first(parts: Parts, cast: Cast) -> None:
    enter(parts, cast.lifang, NOON - timedelta(days=31), device="iphone")
    enter(parts, cast.lifang, NOON - timedelta(days=1), device="computer")
    here = enter(parts, cast.lifang, NOON, device="android wechat")
    enter(parts, cast.chenmo)
    with parts.database.transaction(write=False) as session:
        found = accounts.list_devices(session, cast.lifang.account_id, here, now=NOON)
    assert [(each.kind, each.is_this) for each in found] == [("android wechat", True), ("computer", False)]


def test_a_profile_masks_the_phone(parts: Parts, cast: Cast) -> None:
    token = enter(parts, cast.lifang)
    with parts.database.transaction(write=False) as session:
        found = accounts.profile(session, parts.keyring, cast.lifang.account_id, token, now=NOON)
    assert (found.name, found.phone, found.has_password) == ("李芳", "199****0001", True)
    assert [device.is_this for device in found.devices] == [True]


def test_roles_are_read_anew_at_each_request(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        accounts.create_staff(
            session,
            parts.keyring,
            phone=cast.phones["zhoumin"],
            name="周敏",
            role=Role.TRAINER,
            organisation_id=cast.kangning,
            now=NOON,
        )
    found = who(parts, enter(parts, cast.zhoumin))
    assert found is not None
    assert found.roles == {(Role.INSTITUTION, cast.kangning), (Role.TRAINER, cast.kangning)}


def test_marks_of_browsers_are_forgotten_after_a_year(parts: Parts, cast: Cast) -> None:
    later = NOON + timedelta(days=366)
    with parts.database.transaction() as session:
        for at in (NOON, later):
            who_at = (session, cast.lifang.account_id)
            accounts.open_session(*who_at, method=accounts.PASSWORD, now=at, device_mark="a" * 64)
        accounts.forget_marks(session, now=later)
    with parts.database.transaction(write=False) as session:
        marks = select(LoginSession.device_mark).order_by(LoginSession.created_at)
        assert list(session.scalars(marks)) == ["", "a" * 64]
