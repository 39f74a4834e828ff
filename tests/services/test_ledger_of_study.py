"""A caregiver studies over midnight, is interrupted and changes phones; the ledger tells her each minute."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from lms.domain.errors import Refused
from lms.domain.roles import Role
from lms.domain.statements import CheckState, stretches
from lms.domain.study import Heartbeat
from lms.models.study import LessonProgress
from lms.parts import Parts
from lms.services import ledger, presence, study
from lms.services.ledger import Ledger, Which
from lms.services.receipts import Draws, Report
from tests.support.cast import Cast
from tests.support.study import WoundClock

EVENING = datetime(2026, 11, 26, 15, 59, 0, tzinfo=UTC)  # 23:59 in China
BEAT = 20_000


@dataclass
class Night:
    """Wall clock and study clock of one night, moving together."""

    wound: WoundClock
    now: datetime = EVENING

    def pass_ms(self, milliseconds: int) -> None:
        self.wound.forward(milliseconds)
        self.now += timedelta(milliseconds=milliseconds)


@dataclass
class Handset:
    """A phone of 李芳's."""

    parts: Parts
    cast: Cast
    night: Night
    slug: str = "say-hello"
    session: str = ""
    nonce: str = ""
    seq: int = 0
    said: dict[str, object] = field(default_factory=dict)

    def open(self) -> None:
        with self.parts.database.transaction() as session:
            answer = study.open_session(
                session,
                self.cast.lifang,
                enrollment_id=self.cast.enrollment,
                lesson_id=self.cast.lessons[self.slug],
                idempotency_key=None,
                draws=Draws(nonce=uuid.uuid4().hex, beat=0.5),
                now=self.night.now,
            )
        told = json.loads(answer.text)
        self.session, self.nonce, self.seq = told["session"], told["nonce"], 0

    def beat(self, start: int, end: int, *, check: float = 0.9) -> object:
        """Plays [start, end) at its own speed and reports it."""
        self.night.pass_ms(end - start)
        report = Report(uuid.UUID(self.session), Heartbeat(self.seq + 1, self.nonce, start, end), {})
        draws = Draws(nonce=uuid.uuid4().hex, beat=0.5, check=check)
        lifang = self.cast.lifang
        with self.parts.database.transaction() as session:
            asked = study.Asked(lifang.person_id, lifang.account_id, report, draws)
            (answer,) = study.record_heartbeats(session, self.parts.signer, [asked], now=self.night.now)
        if isinstance(answer, Refused):
            return answer.code
        self.said = json.loads(answer.text)
        self.seq, self.nonce = self.seq + 1, str(self.said["nonce"])
        return self.said["verdict"]


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> Night:
    """Just before midnight in China."""
    return Night(WoundClock(monkeypatch))


def read(parts: Parts, cast: Cast) -> Ledger:
    with parts.database.transaction(write=False) as session:
        return ledger.read(session, parts.keyring, cast.lifang, cast.enrollment, role=Role.LEARNER)


def test_over_midnight_with_an_interruption_and_another_phone(parts: Parts, cast: Cast, night: Night) -> None:
    first, second = Handset(parts, cast, night), Handset(parts, cast, night)
    first.open()
    for number in range(2):
        assert first.beat(number * BEAT, (number + 1) * BEAT) == "credited"
    night.pass_ms(10_000)  # called away for ten seconds, until 23:59:50
    assert first.beat(2 * BEAT, 3 * BEAT) == "credited"  # until 00:00:10
    second.open()
    assert second.beat(3 * BEAT, 4 * BEAT) == "credited"
    assert first.beat(3 * BEAT, 4 * BEAT) == "lease_lost"
    assert second.beat(0, BEAT) == "already_credited"

    found = read(parts, cast)
    sums = {each.day: each.totals.credited_ms for each in found.days}
    assert sums == {date(2026, 11, 26): 50_000, date(2026, 11, 27): 30_000}
    halves = [row for row in found.rows if row.crosses_midnight]
    assert [(row.day.day, row.credited_ms, row.from_ms, row.to_ms) for row in halves] == [
        (27, 10_000, 50_000, 60_000),
        (26, 10_000, 40_000, 50_000),
    ]
    assert {row.verdict for row in found.select(Which(state="uncredited"))} == {"lease_lost", "already_credited"}
    (told,) = [each for each in stretches(found.rows) if len(each.rows) == 3 and each.first.day.day == 26]
    assert told.first.starts_at == EVENING
    with parts.database.transaction(write=False) as session:
        kept = session.get_one(LessonProgress, (cast.enrollment, cast.lessons["say-hello"]))
        assert (kept.credited_ms, kept.confirmed_ms, kept.by_class) == (80_000, 0, {"online": 80_000})
    assert (found.totals.credited_ms, found.totals.by_class) == (80_000, {"online": 80_000})


def test_a_passed_check_confirms_what_she_reads(parts: Parts, cast: Cast, night: Night) -> None:
    phone = Handset(parts, cast, night)
    phone.open()
    for number in range(4):
        phone.beat(number * BEAT, (number + 1) * BEAT, check=0.0)
    challenge = phone.said["challenge"]
    assert isinstance(challenge, dict)
    assert [row.check for row in read(parts, cast).rows] == [CheckState.WAITING] * len(read(parts, cast).rows)
    with parts.database.transaction(write=False) as session:
        right = session.get_one(presence.PresenceCheck, uuid.UUID(challenge["id"])).right_option
    night.pass_ms(5_000)
    with parts.database.transaction() as session:
        draws = Draws(nonce="", beat=0.5)
        presence.answer(session, cast.lifang, uuid.UUID(challenge["id"]), right, draws=draws, now=night.now)
    found = read(parts, cast)
    assert {row.check for row in found.rows} == {CheckState.CONFIRMED}
    with parts.database.transaction(write=False) as session:
        kept = session.get_one(LessonProgress, (cast.enrollment, cast.lessons["say-hello"]))
    assert kept.confirmed_ms == found.totals.confirmed_ms == found.totals.credited_ms == 4 * BEAT
