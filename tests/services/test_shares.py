"""Share links and the wallet against both databases: hers alone, over all institutions, until they are over."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.domain.errors import NotFound, Refused
from lms.domain.renewals import Phase
from lms.domain.rights import Asked
from lms.domain.shares import MOST_OPEN, State
from lms.models.audit import AuditEvent
from lms.models.people import Person
from lms.models.shares import Share, ShareRecord
from lms.parts import Parts
from lms.services import rights, shares, wallet
from lms.services.rights import gathering
from lms.services.scopes import Actor
from lms.services.shares import ShareView, Shown
from tests.support.cast import NOON, Cast
from tests.support.certified import CODES, certify
from tests.support.identity import Office
from tests.support.renewals import ISSUED, LAST, OVER, Years, noon_of
from tests.support.statements import statements

WEEK = NOON + timedelta(days=7)


def share(parts: Parts, actor: Actor, codes: list[str], now: datetime = NOON, **other: Any) -> uuid.UUID:
    wish: dict[str, Any] = {"reader": "employer", "days": 7, "codes": codes, "with_name": False, **other}
    with parts.database.transaction() as session:
        return shares.create(session, actor, parts.keyring, **wish, now=now)


def seen(parts: Parts, share_id: uuid.UUID, now: datetime = NOON) -> Shown | None:
    with parts.database.transaction() as session:
        return shares.find_link(session, shares.token_of(parts.keyring, share_id), now=now)


def own(parts: Parts, actor: Actor, share_id: uuid.UUID, now: datetime = NOON) -> ShareView:
    with parts.database.transaction(write=False) as session:
        return shares.get_own(session, actor, parts.keyring, share_id, now=now)


def take_back(parts: Parts, actor: Actor, share_id: uuid.UUID, now: datetime = NOON) -> None:
    with parts.database.transaction() as session:
        shares.revoke(session, actor, share_id, now=now)


def test_a_link_shows_what_she_chose_with_her_name_masked(parts: Parts, cast: Cast) -> None:
    made = share(parts, cast.lifang, [certify(parts, cast.enrollment)])
    found = seen(parts, made)
    assert found is not None
    assert (found.name, found.expires_at, found.transcript.hour_hundredths) == ("李*", WEEK, 133)
    assert [(each.code, each.state, each.intact) for each in found.records] == [(CODES[0], "valid", True)]


def test_her_whole_name_is_shown_where_she_wants_it(parts: Parts, cast: Cast) -> None:
    found = seen(parts, share(parts, cast.lifang, [certify(parts, cast.enrollment)], with_name=True))
    assert found is not None
    assert found.name == "李芳"


def test_a_link_opens_to_its_last_moment(parts: Parts, cast: Cast) -> None:
    made = share(parts, cast.lifang, [certify(parts, cast.enrollment)])
    assert seen(parts, made, WEEK - timedelta(microseconds=1)) is not None
    assert seen(parts, made, WEEK) is None
    assert own(parts, cast.lifang, made, WEEK).state is State.EXPIRED
    take_back(parts, cast.lifang, made, WEEK)
    assert own(parts, cast.lifang, made, WEEK).state is State.EXPIRED  # it ended by itself


def test_what_is_taken_back_opens_nothing_and_twice_is_once(parts: Parts, cast: Cast) -> None:
    made = share(parts, cast.lifang, [certify(parts, cast.enrollment)])
    for hours in (1, 2):
        take_back(parts, cast.lifang, made, NOON + timedelta(hours=hours))
    assert seen(parts, made, NOON + timedelta(hours=1)) is None
    assert own(parts, cast.lifang, made).revoked_at == NOON + timedelta(hours=1)
    with parts.database.transaction(write=False) as session:
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == str(made))).all()
    assert sorted(acts) == ["share.create", "share.revoke"]


def test_each_opening_is_counted(parts: Parts, cast: Cast) -> None:
    made = share(parts, cast.lifang, [certify(parts, cast.enrollment)])
    for hours in (1, 2):
        seen(parts, made, NOON + timedelta(hours=hours))
    seen(parts, made, WEEK)
    found = own(parts, cast.lifang, made)
    assert (found.opened_count, found.opened_at) == (2, NOON + timedelta(hours=2))


def test_the_database_alone_gives_no_address_away(parts: Parts, cast: Cast) -> None:
    made = share(parts, cast.lifang, [certify(parts, cast.enrollment)])
    token = own(parts, cast.lifang, made).token
    with parts.database.transaction() as session:
        row = session.get_one(Share, made)
        assert len(token) == 32
        assert token not in {row.token_digest, str(row.id), row.id.hex}
        assert shares.find_link(session, row.token_digest, now=NOON) is None
        assert shares.find_link(session, token.upper(), now=NOON) is None
        assert shares.find_link(session, "", now=NOON) is None


def test_a_stranger_has_no_part_in_it(parts: Parts, cast: Cast) -> None:
    code = certify(parts, cast.enrollment)
    made = share(parts, cast.lifang, [code])
    with pytest.raises(Refused, match="share_record"):
        share(parts, cast.chenmo, [code])
    for act in (own, take_back):
        with pytest.raises(NotFound):
            act(parts, cast.chenmo, made)
    with pytest.raises(NotFound):  # staff who learn nothing here have nothing to show
        share(parts, cast.zhoumin, [code])


def test_only_so_many_links_are_open_at_a_time(parts: Parts, cast: Cast) -> None:
    code = certify(parts, cast.enrollment)
    made = [share(parts, cast.lifang, [code]) for _ in range(MOST_OPEN)]
    with pytest.raises(Refused, match="share_too_many"):
        share(parts, cast.lifang, [code])
    take_back(parts, cast.lifang, made[0])
    share(parts, cast.lifang, [code])
    share(parts, cast.lifang, [code], WEEK)  # all others are over by then


def test_while_her_records_are_only_archived_no_link_opens(parts: Parts, cast: Cast) -> None:
    code = certify(parts, cast.enrollment)
    made = share(parts, cast.lifang, [code])
    with parts.database.transaction() as session:
        wish = rights.ask(session, cast.lifang, Asked.DELETION, "", now=NOON)
    assert seen(parts, made) is None
    with pytest.raises(Refused, match="share_restricted"):
        share(parts, cast.lifang, [code])
    with parts.database.transaction() as session:
        rights.withdraw(session, cast.lifang, wish, now=NOON)
    assert seen(parts, made) is not None


def test_one_human_on_record_as_two_has_one_wallet(parts: Parts, cast: Cast) -> None:
    certify(parts, cast.enrollment)
    certify(parts, cast.foreign_enrollment, CODES[1], NOON + timedelta(days=1), institution="安和护理院")
    with parts.database.transaction(write=False) as session:
        assert [each.code for each in wallet.of_learner(session, cast.lifang, now=NOON).records] == [CODES[0]]
    Office(parts, cast).join()
    with parts.database.transaction(write=False) as session:
        for actor in (cast.lifang, cast.chenmo):
            found = wallet.of_learner(session, actor, now=NOON)
            assert [each.code for each in found.records] == [CODES[1], CODES[0]]
            assert (found.name, found.transcript.institutions) == ("李芳", ("康宁养老服务中心", "安和护理院"))
    shown = seen(parts, share(parts, cast.chenmo, [CODES[0], CODES[1]]))
    assert shown is not None
    assert shown.transcript.counted == 2


def test_taking_the_wallet_out_is_on_record(parts: Parts, cast: Cast) -> None:
    certify(parts, cast.enrollment)
    with parts.database.transaction() as session:
        wallet.take_out(session, cast.lifang, "pdf", now=NOON)
    with parts.database.transaction(write=False) as session:
        row = session.scalars(select(AuditEvent).where(AuditEvent.action == "transcript.export")).one()
    assert (row.account_id, row.detail) == (cast.lifang.account_id, {"format": "pdf", "records": 1})


def test_ten_records_and_links_need_no_more_statements_than_one(parts: Parts, cast: Cast) -> None:
    def counted() -> int:
        with parts.database.transaction(write=False) as session, statements(parts.database.engine) as sent:
            shares.list_own(session, cast.lifang, parts.keyring, now=NOON)
            wallet.of_learner(session, cast.lifang, now=NOON)
        return len(sent)

    codes = [certify(parts, cast.enrollment)]
    share(parts, cast.lifang, codes)
    one = counted()
    codes += [certify(parts, cast.enrollment, each, number=number) for number, each in enumerate(CODES[1:], start=2)]
    for last in (1, 2, 3, 3):
        share(parts, cast.lifang, codes[:last])
    assert counted() == one


def test_what_is_past_its_last_day_is_counted_apart(parts: Parts, cast: Cast) -> None:
    years = Years(parts, cast)
    years.rule()
    made = share(parts, cast.lifang, [certify(parts, cast.enrollment)], days=90)
    years.complete()
    with parts.database.transaction(write=False) as session:
        for day, holding, left in ((ISSUED, 1, (LAST - ISSUED).days), (LAST, 1, 0), (OVER, 0, -1)):
            found = wallet.of_learner(session, cast.lifang, now=noon_of(day))
            assert (found.transcript.counted, found.transcript.holding) == (1, holding)
            assert (found.records[0].holding.left, found.transcript.hour_hundredths) == (left, 133)
    shown = seen(parts, made)
    assert shown is not None
    assert shown.records[0].holding.phase is Phase.VALID


def test_her_links_are_in_her_export_and_gone_with_her(parts: Parts, cast: Cast) -> None:
    made = share(parts, cast.lifang, [certify(parts, cast.enrollment)])
    person = cast.lifang.person_id
    assert person
    sections = {each.name: each for each in gathering.SOURCES}
    with parts.database.transaction() as session:
        (row,) = gathering.gather(session, [person], sections["shares"])
        assert row["id"] == str(made)
        assert "token_digest" not in row
        assert [each["code"] for each in gathering.gather(session, [person], sections["share_records"])] == [CODES[0]]
        rights.erasing.overwrite(session, parts.keyring, person, NOON)
        assert session.scalar(select(func.count()).select_from(Share)) == 0
        assert session.scalar(select(func.count()).select_from(ShareRecord)) == 0
        assert session.get_one(Person, person).name == "（已删除）"
    assert seen(parts, made) is None
