"""A short history of study through the real services: every kind of entry that evidence knows."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import select

from lms import signer
from lms.crypto import NoteSigner
from lms.domain.attendance import MarkKind
from lms.domain.corrections import Decision
from lms.domain.errors import Refused
from lms.domain.presence import ANSWER_MS
from lms.domain.roles import Role
from lms.domain.study import EvidenceClass
from lms.models.study import StudySegment
from lms.parts import Parts
from lms.services import corrections, practice
from lms.services.corrections import Attachment, Claim
from tests.support.cast import NOON, Cast
from tests.support.classes import MINUTE, School, plan, row
from tests.support.practicals import BAD, GOOD, open_class, signing
from tests.support.study import NEVER, SOON, Phone, WoundClock, chain, now

REASON = "这一段是别人用她的手机播放的"
NOTE = "看过录像，确实不是本人"


def study(parts: Parts, cast: Cast, wound: WoundClock) -> None:
    """Two persons study online, through a gap, offline, on two phones; checks, corrections; the log is signed."""
    watch(parts, cast, wound)
    correct(parts, cast, wound)
    read(parts, cast, wound)
    attend(parts, cast, wound)
    examine(parts, cast, wound)
    sign(parts)


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


def correct(parts: Parts, cast: Cast, wound: WoundClock) -> None:
    """A segment is voided, a morning in class credited, another void rejected: each by two people."""
    lesson, reading = cast.lessons["say-hello"], cast.lessons["read-hello"]
    morning = Claim(EvidenceClass.ATTENDED, 0, 60_000, NOON.date(), time(9), time(9, 30))
    with parts.database.transaction() as session:
        rows = select(StudySegment.id).where(StudySegment.lesson_id == lesson).order_by(StudySegment.entry)
        first, second, *_ = session.scalars(rows).all()
        place = (session, parts.store, cast.zhoumin, cast.enrollment)
        paper = Attachment("paper.png", b"\x89PNG\r\n\x1a\n and the rest")
        made = [
            corrections.propose_void(*place, lesson, [first], REASON, now=now()),
            corrections.propose_credit(*place, reading, morning, REASON, paper, now=now()),
            corrections.propose_void(*place, lesson, [second], REASON, now=now()),
        ]
    wound.forward(1_000)
    verdicts = (Decision.APPROVED, Decision.APPROVED, Decision.REJECTED)
    for correction_id, decision in zip(made, verdicts, strict=True):
        with parts.database.transaction() as session:
            corrections.decide(session, cast.admin, Role.PLATFORM, correction_id, decision, NOTE, now=now())


def attend(parts: Parts, cast: Cast, wound: WoundClock) -> None:
    """李芳 signs into a class and out of it by the rotating code; of another, only paper tells."""
    school, day = School(parts, cast), NOON.date() + timedelta(days=1)
    first = school.add(plan(cast, time(9), time(10), day=day))
    second = school.add(plan(cast, time(10), time(11), day=day))
    wound.forward(round((NOON + timedelta(hours=21, minutes=2) - now()).total_seconds() * 1000))
    school.pass_by(first, MarkKind.IN)
    wound.forward(50 * MINUTE)
    school.pass_by(first, MarkKind.OUT)
    wound.forward(75 * MINUTE)
    school.decide(school.type_in(second, [row(cast, time(10), time(10, 45))]))


def examine(parts: Parts, cast: Cast, wound: WoundClock) -> None:
    """A practical: two examiners differ, so it is disputed; a mentor signs a task at work."""
    with parts.database.transaction() as session:
        place = open_class(session, parts.keyring, cast, password_hash="")
    judges, skill = place.examiners, (place.enrollment, place.wash)
    wound.forward(1_000)
    with parts.database.transaction() as session:
        sitting = practice.open_sitting(session, judges.heping, *skill, now=now())
    for examiner, marks, note in ((judges.heping, GOOD, "很稳"), (judges.hanmei, BAD, "没有洗手")):
        wound.forward(1_000)
        with parts.database.transaction() as session:
            practice.submit_sheet(session, examiner, sitting, signing(marks, note=note), now=now())
    with parts.database.transaction() as session:
        practice.sign_task(session, judges.fengyan, *skill, signing((), minutes=45), now=now())


def sign(parts: Parts) -> None:
    """The log is sequenced and signed."""
    assert parts.config.log_key is not None
    signer.run_round(parts.database, NoteSigner("kangxue", parts.config.log_key), parts.config.data_dir, now=now())
