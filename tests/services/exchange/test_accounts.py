"""Service accounts: who makes them for whom, tokens that are digests, ends that are at once."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.domain.errors import Forbidden, NotFound, Refused
from lms.domain.exchange import MOST_TOKENS
from lms.domain.roles import Role
from lms.models.audit import AuditEvent
from lms.models.exchange import ServiceToken
from lms.parts import Parts
from lms.services.exchange import accounts, callers
from lms.services.exchange.accounts import Wanted
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast


def create(parts: Parts, actor: Actor, desk: Role, wanted: Wanted) -> uuid.UUID:
    with parts.database.transaction() as session:
        return accounts.create(session, actor, desk, wanted, now=NOON)


@pytest.fixture
def service(parts: Parts, cast: Cast) -> uuid.UUID:
    """康宁's own program."""
    return create(parts, cast.zhoumin, Role.INSTITUTION, Wanted("人事系统", cast.kangning))


def issue(parts: Parts, cast: Cast, service: uuid.UUID) -> str:
    with parts.database.transaction() as session:
        return accounts.issue(session, cast.zhoumin, Role.INSTITUTION, service, ["read:cohorts"], 90, now=NOON)


def test_a_token_is_known_until_it_ends(parts: Parts, cast: Cast, service: uuid.UUID) -> None:
    token = issue(parts, cast, service)
    with parts.database.transaction() as session:
        caller = callers.find_caller(session, token, now=NOON)
        assert caller is not None
        assert (caller.actor.service_id, caller.actor.scopes) == (service, frozenset({"read:cohorts"}))
        assert caller.actor.roles == frozenset({(Role.INSTITUTION, cast.kangning)})
        assert callers.find_caller(session, token + "x", now=NOON) is None
        assert callers.find_caller(session, token, now=NOON + timedelta(days=90)) is None
        accounts.end_token(session, cast.zhoumin, Role.INSTITUTION, service, caller.token_id, now=NOON)
        assert callers.find_caller(session, token, now=NOON) is None
        kept = session.scalars(select(ServiceToken)).one()
        assert token not in repr(vars(kept))


def test_ending_the_account_ends_its_tokens(parts: Parts, cast: Cast, service: uuid.UUID) -> None:
    token = issue(parts, cast, service)
    with parts.database.transaction() as session:
        accounts.end(session, cast.admin, Role.PLATFORM, service, now=NOON)
        assert callers.find_caller(session, token, now=NOON) is None
        with pytest.raises(Refused, match="service_ended"):
            accounts.issue(session, cast.zhoumin, Role.INSTITUTION, service, ["read:cohorts"], 90, now=NOON)
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == str(service))).all()
    assert sorted(acts) == ["service.create", "service.end", "service.token"]


@pytest.mark.parametrize(
    ("who", "desk", "role", "place", "refusal"),
    [
        ("zhoumin", Role.INSTITUTION, Role.INSTITUTION, "anhe", NotFound),
        ("zhoumin", Role.INSTITUTION, Role.INSPECTOR, "kangning", Refused),
        ("zhoumin", Role.INSTITUTION, Role.INSTITUTION, None, Refused),
        ("zhoumin", Role.PLATFORM, Role.INSPECTOR, None, Forbidden),
        ("admin", Role.PLATFORM, Role.INSTITUTION, None, Refused),
        ("admin", Role.PLATFORM, Role.PLATFORM, None, Refused),
        ("admin", Role.PLATFORM, Role.OFFICER, None, Refused),
        ("admin", Role.PLATFORM, Role.OFFICER, "kangning", Refused),
        ("zhoumin", Role.INSTITUTION, Role.OFFICER, "kangning", Refused),
    ],
)
def test_nobody_makes_one_beyond_her_own(
    parts: Parts, cast: Cast, who: str, desk: Role, role: Role, place: str | None, refusal: type[Exception]
) -> None:
    wanted = Wanted("x", getattr(cast, place) if place else None, role)
    with pytest.raises(refusal):
        create(parts, getattr(cast, who), desk, wanted)


def test_each_desk_sees_and_ends_its_own(parts: Parts, cast: Cast, service: uuid.UUID) -> None:
    authority = create(parts, cast.admin, Role.PLATFORM, Wanted("民政", None, Role.INSPECTOR))
    local = create(parts, cast.admin, Role.PLATFORM, Wanted("区民政", cast.kangning, Role.INSPECTOR))
    with parts.database.transaction() as session:
        hers = accounts.list_all(session, cast.zhoumin, Role.INSTITUTION, now=NOON)
        everything = accounts.list_all(session, cast.admin, Role.PLATFORM, now=NOON)
        assert [each.id for each in hers] == [service]
        assert {each.id for each in everything} == {service, authority, local}
        for actor, other in ((cast.sunyue, service), (cast.zhoumin, authority), (cast.zhoumin, local)):
            with pytest.raises(NotFound):
                accounts.end(session, actor, Role.INSTITUTION, other, now=NOON)
            with pytest.raises(NotFound):
                accounts.issue(session, actor, Role.INSTITUTION, other, ["read:cohorts"], 90, now=NOON)


def test_tokens_are_few_and_do_not_live_for_ever(parts: Parts, cast: Cast, service: uuid.UUID) -> None:
    with parts.database.transaction() as session, pytest.raises(Refused, match="service_lifetime"):
        accounts.issue(session, cast.zhoumin, Role.INSTITUTION, service, ["read:cohorts"], 10_000, now=NOON)
    for _ in range(MOST_TOKENS):
        issue(parts, cast, service)
    with pytest.raises(Refused, match="service_too_many_tokens"):
        issue(parts, cast, service)
