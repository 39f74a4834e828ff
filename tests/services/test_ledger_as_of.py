"""The ledger as of a day (study-time.md, I14)."""

from datetime import date, timedelta

import pytest

from lms.cli.ledger import as_json
from lms.domain.errors import Refused
from lms.parts import Parts
from lms.services import ledger_as_of
from tests.support import history
from tests.support.cast import NOON, Cast
from tests.support.study import SOON, Phone, WoundClock, now

TODAY = date(2026, 11, 23)


def told(parts: Parts, day: date) -> str:
    with parts.database.transaction(write=False) as session:
        return as_json(ledger_as_of.list_statements(session, ledger_as_of.end_of(day, now=now() + timedelta(days=9))))


def test_i14_a_day_that_is_over_reads_the_same_for_ever(parts: Parts, cast: Cast, wound: WoundClock) -> None:
    history.watch(parts, cast, wound)
    phone = Phone(parts, cast.lifang, cast.enrollment, cast.lessons["read-hello"], check=SOON)
    phone.open()
    wound.forward(20_000)
    phone.beat(0, 20_000)
    before = told(parts, TODAY)
    assert len(before.splitlines()) == 2
    wound.forward(24 * 3_600_000)
    phone.open()
    for at in (20_000, 40_000, 60_000, 80_000):
        wound.forward(20_000)
        answer = phone.beat(at, at + 20_000)
    phone.reply(answer["challenge"], phone.right(answer["challenge"]))
    assert told(parts, TODAY) == before
    assert told(parts, TODAY + timedelta(days=1)) != before


def test_what_a_statement_says_adds_up(parts: Parts, cast: Cast, wound: WoundClock) -> None:
    history.watch(parts, cast, wound)
    with parts.database.transaction(write=False) as session:
        (row,) = ledger_as_of.list_statements(session, ledger_as_of.end_of(TODAY, now=NOON + timedelta(days=1)))
    assert row.credited_ms == sum(row.by_class.values()) == 115_000
    assert (row.by_class["gap"], row.voided_ms) == (35_000, 0)
    assert 0 < row.confirmed_ms <= row.credited_ms
    assert row.not_credited == 2  # seen before, and the phone that had lost the lease


def test_a_day_that_is_not_over_could_still_change() -> None:
    with pytest.raises(Refused, match="day_not_over"):
        ledger_as_of.end_of(TODAY, now=NOON)
    assert ledger_as_of.end_of(TODAY, now=NOON + timedelta(hours=12)).day == 24
