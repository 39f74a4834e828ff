"""A short history of study through the real services: every kind of entry that evidence knows."""

from dataclasses import replace

import pytest

from lms.domain.errors import Refused
from lms.domain.presence import ANSWER_MS
from lms.parts import Parts
from tests.support.cast import Cast
from tests.support.study import NEVER, SOON, Phone, WoundClock, chain


def study(parts: Parts, cast: Cast, wound: WoundClock) -> None:
    """Two persons study online, through a gap, offline, on two phones, with checks passed, missed and made up for."""
    watch(parts, cast, wound)
    read(parts, cast, wound)


def watch(parts: Parts, cast: Cast, wound: WoundClock) -> None:
    """李芳: heartbeats, a check passed, a gap, a second phone, a refused heartbeat, a check missed and recovered."""
    phone = Phone(parts, cast.lifang, cast.enrollment, cast.lessons["say-hello"], check=SOON)
    phone.open()
    for at in (0, 20_000, 40_000):
        wound.forward(20_000)
        told = phone.beat(at, at + 20_000)
    phone.reply(told["challenge"], phone.right(told["challenge"]))
    wound.forward(45_000)
    kept = phone.gap((60_000, 80_000, 0, 20_000), (80_000, 95_000, 20_000, 35_000))
    phone.upload(kept, kept[:1])
    phone.upload(kept)
    wound.forward(ANSWER_MS)
    other = replace(phone, check=NEVER)
    other.open()
    with pytest.raises(Refused, match="lease_lost"):
        phone.beat(95_000, 96_000)
    for at in (0, 95_000):
        wound.forward(20_000)
        other.beat(at, at + 20_000)
    wound.forward(5_000)
    other.beat(115_000, 115_000)
    again = other.recover()
    other.reply(again, other.right(again))


def read(parts: Parts, cast: Cast, wound: WoundClock) -> None:
    """陈默: a reading over midnight, then the rest without a line under a pass; one check answered wrongly."""
    phone = Phone(parts, cast.chenmo, cast.foreign_enrollment, cast.lessons["read-hello"], check=NEVER)
    wound.forward(12 * 3_600_000 - (wound.ms - 3_600_000) - 10_000)
    phone.open()
    wound.forward(20_000)
    phone.beat(0, 20_000)
    taken = phone.take_pass(cast.lessons["say-hello"], cast.lessons["read-hello"])
    wound.forward(3_600_000)
    phone.check = SOON
    kept = chain(
        taken["seed"],
        cast.lessons["read-hello"],
        [(20_000, 60_000, 60_000, 100_000), (60_000, 90_000, 100_000, 130_000)],
    )
    phone.upload_pass(taken, kept)
    phone.open()
    for at in (90_000, 100_000):
        wound.forward(10_000)
        told = phone.beat(at, at + 10_000)
    if told["challenge"]:
        phone.reply(told["challenge"], (phone.right(told["challenge"]) + 1) % 2)
