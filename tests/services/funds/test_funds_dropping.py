"""A batch whose file was fetched is given up by two humans; its answers are booked by who did not make it."""

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select

from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.funds.accounts import Account
from lms.domain.roles import Role
from lms.models.audit import AuditEvent
from lms.parts import Parts
from lms.services.funds import answers, bank_files, batches, books, dropping, standing
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast
from tests.support.funds import Treasury, treasury
from tests.support.humans import one_human

WHY = "11月23日问过云川银行，文件没有收到"


@pytest.fixture
def money(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Treasury:
    found = treasury(parts, cast, monkeypatch)
    found.fill()
    return found


def ask(money: Treasury, batch: uuid.UUID, who: Actor, why: str = WHY) -> None:
    with money.parts.database.transaction() as session:
        dropping.ask(session, who, batch, why, now=NOON)


def decide(money: Treasury, batch: uuid.UUID, who: Actor, *, is_right: bool = True) -> None:
    with money.parts.database.transaction() as session:
        dropping.decide(session, who, batch, is_right=is_right, now=NOON)


def look(money: Treasury, batch: uuid.UUID, who: Actor | None = None) -> batches.BatchView:
    with money.parts.database.transaction(write=False) as session:
        return batches.look(session, who or money.qian, batch)


def test_one_human_does_not_give_up_what_was_fetched(money: Treasury) -> None:
    line = money.line()
    batch = money.fetched([line])
    with money.parts.database.transaction() as session, pytest.raises(Conflict, match="batch_fetched"):
        dropping.drop(session, money.he, batch, WHY, now=NOON)
    for why, code in ((" ", "batch_note_missing"), ("账号 6222000000000001 不对", "words_personal")):
        with pytest.raises(Refused, match=code):
            ask(money, batch, money.qian, why)
    with pytest.raises(Conflict, match="funds_decided"):
        decide(money, batch, money.he)
    ask(money, batch, money.qian)
    assert (look(money, batch).is_asker, look(money, batch, money.he).is_asker) == (True, False)
    with pytest.raises(Conflict, match="batch_drop_asked"):
        ask(money, batch, money.he)
    with pytest.raises(Conflict, match="funds_same_human"):
        decide(money, batch, money.qian)
    with pytest.raises(NotFound):
        decide(money, batch, money.neighbour)
    assert look(money, batch).batch.state == "checked"
    with pytest.raises(Conflict, match="payment_taken"):
        money.plan([line])
    decide(money, batch, money.he)
    with money.parts.database.transaction(write=False) as session:
        held = books.balances_of(session, money.book)
        told = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id.desc()).limit(2)).all()
    assert {account: fen for account, fen in held.items() if fen} == {
        Account.SOURCE: -10_000_000,
        Account.AVAILABLE: 10_000_000,
    }
    assert list(told) == ["funds.drop_confirm", "funds.drop_ask"]
    assert [(each.act, each.note) for each in look(money, batch).steps[2:]] == [("drop_ask", WHY), ("drop_confirm", "")]
    assert money.plan([line])


def test_two_accounts_of_the_asker_are_one_human(money: Treasury, cast: Cast) -> None:
    batch = money.fetched([money.line()])
    ask(money, batch, money.qian)
    one_human(money.parts, cast, [money.qian, money.he])
    with pytest.raises(Conflict, match="funds_same_human"):
        decide(money, batch, money.he)


def test_while_somebody_asks_the_file_stays_and_is_not_sent(money: Treasury) -> None:
    batch = money.fetched([money.line()])
    ask(money, batch, money.he)
    with money.parts.database.transaction() as session:
        with pytest.raises(Conflict, match="batch_drop_asked"):
            batches.send(session, money.qian, batch, now=NOON)
        with pytest.raises(Conflict, match="batch_drop_asked"):
            bank_files.make(session, money.parts.keyring, money.qian, batch, "csv", now=NOON)
        assert standing.asked_in(session, money.book) == {batch}
    decide(money, batch, money.qian, is_right=False)
    with money.parts.database.transaction() as session:
        assert standing.asked_in(session, money.book) == set()
        batches.send(session, money.qian, batch, now=NOON)
        with pytest.raises(Conflict, match="batch_state"):
            dropping.ask(session, money.qian, batch, WHY, now=NOON)


def test_what_nobody_fetched_is_dropped_by_one_and_not_asked_about(money: Treasury) -> None:
    batch = money.checked([money.line()])
    with pytest.raises(Conflict, match="batch_state"):
        ask(money, batch, money.qian)
    with money.parts.database.transaction() as session:
        dropping.drop(session, money.qian, batch, "选错了", now=NOON)
    assert look(money, batch).batch.state == "dropped"


def test_who_is_near_the_money_does_not_say_that_it_never_arrived(money: Treasury) -> None:
    batch = money.fetched([money.line()])
    near = {"roles": money.qian.roles | {(Role.INSTITUTION, money.cast.kangning)}}
    herself = {"person_id": money.cast.lifang.person_id}
    for change, code in ((near, "claim_works_there"), (herself, "claim_own")):
        with pytest.raises(Forbidden, match=code):
            ask(money, batch, replace(money.qian, **change))  # type: ignore[arg-type]
    ask(money, batch, money.qian)
    for change, code in ((near, "claim_works_there"), (herself, "claim_own")):
        with pytest.raises(Forbidden, match=code):
            decide(money, batch, replace(money.he, **change))  # type: ignore[arg-type]


def test_who_made_a_batch_books_none_of_its_answers(money: Treasury, cast: Cast) -> None:
    batch = money.sent([money.line()])
    made = money.answer(batch, "BE2026-01-0001,1000.00,成功,R1,2026-11-23,")
    with money.parts.database.transaction() as session:
        with pytest.raises(Conflict) as refused:
            answers.book(session, money.qian, made, now=NOON)
        assert (refused.value.code, refused.value.values) == ("answer_own_batch", {"name": "何对"})
        views = [answers.show(session, who, made, now=NOON) for who in (money.qian, money.he)]
    assert [each.is_own for each in views] == [True, False]
    with money.parts.database.transaction() as session:
        assert answers.book(session, money.he, made, now=NOON) == 1
    one_human(money.parts, cast, [money.qian, money.he])
    with money.parts.database.transaction() as session, pytest.raises(Conflict, match="answer_own_batch"):
        answers.book(session, money.he, made, now=NOON)
