"""Gaps and offline passes over the real tables (study-time.md: Gaps and offline; I1, I3-I6, I8, I10)."""

import itertools
import json
import random
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.offline import LONGEST_GAP_MS, LONGEST_PASS_MS, Part
from lms.domain.policies import policy_named
from lms.models.audit import AuditEvent
from lms.models.enrollments import Cohort
from lms.models.offline import StudyChain, StudyPart
from lms.models.study import LessonProgress, StudyInterval, StudySegment
from lms.parts import Parts
from tests.support.cast import NOON, Cast
from tests.support.study import Phone, WoundClock, chain


@pytest.fixture
def phone(parts: Parts, cast: Cast, wound: WoundClock) -> Phone:
    return Phone(parts, cast.lifang, cast.enrollment, cast.lessons["say-hello"])


def credited(parts: Parts) -> dict[str, int]:
    with parts.database.transaction(write=False) as session:
        total: dict[str, int] = {}
        for row in session.scalars(select(LessonProgress)):
            for name, value in row.by_class.items():
                total[name] = total.get(name, 0) + value
        return total


def walls(parts: Parts) -> list[tuple[int, int]]:
    with parts.database.transaction(write=False) as session:
        rows = select(StudySegment.wall_from_ms, StudySegment.wall_to_ms).order_by(StudySegment.wall_from_ms)
        return [tuple(row) for row in session.execute(rows)]


def cut(phone: Phone, wound: WoundClock) -> None:
    """Studies 20 s online, then loses the line and plays on for a minute."""
    phone.open()
    wound.forward(20_000)
    phone.beat(0, 20_000)
    wound.forward(65_000)


MINUTE = ((20_000, 40_000, 0, 20_000), (40_000, 60_000, 20_000, 40_000), (60_000, 80_000, 40_000, 60_000))


def test_what_was_played_in_a_gap_is_credited_when_the_line_is_back(
    phone: Phone, wound: WoundClock, parts: Parts
) -> None:
    cut(phone, wound)
    told = json.loads(phone.upload(phone.gap(*MINUTE)))
    assert (told["settled"], told["credited_total_ms"], told["position_ms"]) == (3, 80_000, 80_000)
    assert [part["verdict"] for part in told["parts"]] == ["credited"] * 3
    assert credited(parts) == {"online": 20_000, "gap": 60_000}
    wound.forward(20_000)
    assert phone.beat(80_000, 100_000)["credited_total_ms"] == 100_000


def test_i5_any_order_repetition_and_cutting_of_a_gap_ends_in_the_same_credit(
    phone: Phone, wound: WoundClock, parts: Parts
) -> None:
    cut(phone, wound)
    kept = phone.gap(*MINUTE)
    dice = random.Random(5)
    orders = [*itertools.permutations(kept)]
    for order in (dice.choice(orders), dice.choice(orders)):
        for part in order:
            phone.upload(kept, [part])
            phone.upload(kept, [part])
    phone.upload(kept, kept[::-1])
    assert credited(parts) == {"online": 20_000, "gap": 60_000}
    assert len(walls(parts)) == 4


def test_i4_an_upload_redelivered_gets_the_same_bytes_and_changes_nothing(
    phone: Phone, wound: WoundClock, parts: Parts
) -> None:
    cut(phone, wound)
    kept = phone.gap(*MINUTE)
    first = phone.upload(kept)
    wound.forward(30_000)
    assert [phone.upload(kept) for _ in range(3)] == [first] * 3
    assert credited(parts)["gap"] == 60_000


def test_a_lost_answer_costs_nothing(phone: Phone, wound: WoundClock, parts: Parts) -> None:
    """The server took the heartbeat, the phone never heard: the chain hangs on the nonce it knew."""
    cut(phone, wound)
    kept = phone.gap((40_000, 60_000, 20_000, 40_000))
    wound.ms -= 45_000
    lost = phone.send(phone.report(20_000, 40_000))
    wound.forward(45_000)
    phone.upload(kept)
    assert phone.send(phone.report(20_000, 40_000)) == lost
    assert credited(parts) == {"online": 40_000, "gap": 20_000}


def test_paused_time_is_no_gap_afterwards(phone: Phone, wound: WoundClock, parts: Parts) -> None:
    """Decision 0005: heartbeats came and said that nothing was played; later it was a gap all the same."""
    phone.open()
    kept = phone.gap(*((a, a + 20_000, a, a + 20_000) for a in range(0, 60_000, 20_000)))
    for _ in range(4):
        wound.forward(15_000)
        phone.beat(0, 0)
    told = json.loads(phone.upload(kept, after_seq=0))
    assert [part["verdict"] for part in told["parts"]] == ["credited_in_part", "outside_window", "outside_window"]
    assert credited(parts) == {"gap": 15_000}


def test_a_gap_of_an_ended_session_counts_up_to_where_she_took_up_elsewhere(
    phone: Phone, wound: WoundClock, parts: Parts
) -> None:
    phone.open()
    wound.forward(30_000)
    kept = phone.gap((0, 20_000, 0, 20_000), (20_000, 40_000, 20_000, 40_000))
    other = replace(phone)
    other.open()
    wound.forward(20_000)
    told = json.loads(phone.upload(kept))
    assert [part["verdict"] for part in told["parts"]] == ["credited", "credited_in_part"]
    assert credited(parts) == {"gap": 30_000}


def test_i8_a_phones_own_clock_only_moves_or_shrinks_credit(phone: Phone, wound: WoundClock, parts: Parts) -> None:
    cut(phone, wound)
    lies = phone.gap(
        (20_000, 40_000, 0, 1_000),  # says it took a second: worth a second
        (40_000, 60_000, 3_600_000, 3_620_000),  # says it was in an hour
        (60_000, 80_000, 0, 20_000),  # says it was before the others
        (80_000, 100_000, 20_000, 50_000),
        (100_000, 119_000, 50_000, 90_000),
    )
    told = json.loads(phone.upload(lies))
    assert [part["credited_ms"] for part in told["parts"]] == [1_000, 0, 20_000, 20_000, 15_000]
    spent = walls(parts)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spent))


def test_a_gap_longer_than_ten_minutes_ends_there(phone: Phone, wound: WoundClock, parts: Parts) -> None:
    phone.open()
    wound.forward(3_600_000)
    late = LONGEST_GAP_MS - 10_000
    kept = phone.gap((0, 20_000, late, late + 20_000), (20_000, 40_000, late + 20_000, late + 40_000))
    told = json.loads(phone.upload(kept))
    assert [part["verdict"] for part in told["parts"]] == ["credited_in_part", "gap_too_long"]
    assert credited(parts) == {"gap": 10_000}


OTHER = (*MINUTE[:2], (60_000, 79_000, 40_000, 60_000))
FORGERIES: dict[str, Callable[[Phone, list[Part]], str]] = {
    "head": lambda phone, _kept: phone.upload(phone.gap(*OTHER)),
    "count": lambda phone, kept: phone.upload(kept, kept[1:], count=2),
    "part": lambda phone, kept: phone.upload(kept, [replace(kept[1], to_ms=50_000)]),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_another_chain_after_the_first_is_refused_and_on_record(
    phone: Phone, wound: WoundClock, parts: Parts, forgery: str
) -> None:
    cut(phone, wound)
    kept = phone.gap(*MINUTE)
    phone.upload(kept, kept[:1])
    with pytest.raises(Conflict, match="chain_forked"):
        FORGERIES[forgery](phone, kept)
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).where(AuditEvent.action == "chain.forked")) == 1
        assert session.scalar(select(func.count()).select_from(StudyPart)) == 1
    phone.upload(kept)
    assert credited(parts)["gap"] == 60_000


def test_a_forged_first_upload_leaves_no_chain(phone: Phone, wound: WoundClock, parts: Parts) -> None:
    cut(phone, wound)
    forged = chain("guessed", phone.lesson, MINUTE)
    with pytest.raises(Conflict, match="chain_forked"):
        phone.upload(forged)
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(StudyChain)) == 0
    phone.upload(phone.gap(*MINUTE))
    assert credited(parts)["gap"] == 60_000


def test_i6_a_chain_of_one_session_earns_nothing_in_another(
    phone: Phone, wound: WoundClock, parts: Parts, cast: Cast
) -> None:
    cut(phone, wound)
    kept = phone.gap(*MINUTE)
    phone.upload(kept)
    other = replace(phone)
    other.open()
    wound.forward(65_000)
    with pytest.raises(Conflict, match="chain_forked"):
        other.upload(kept)
    stranger = Phone(parts, cast.chenmo, cast.foreign_enrollment, cast.lessons["say-hello"], phone.session)
    with pytest.raises(NotFound):
        stranger.upload(kept)
    reading = replace(phone, lesson=cast.lessons["read-hello"])
    reading.open()
    wound.forward(20_000)
    wrong = chain(reading.nonce, cast.lessons["say-hello"], MINUTE[:1])
    with pytest.raises(Refused, match="lesson_not_in_pass"):
        reading.upload(wrong)
    assert credited(parts) == {"online": 20_000, "gap": 60_000}


@pytest.mark.parametrize(
    ("play", "code"),
    [
        ((0, 120_001, 0, 9), "range_outside_lesson"),
        ((0, 61_000, 0, 61_000), "range_outside_lesson"),
        ((5, 5, 0, 9), "range_outside_lesson"),
        ((0, 9, 9, 0), "part_time_backwards"),
    ],
)
def test_a_part_that_cannot_be_leaves_nothing(
    phone: Phone, wound: WoundClock, parts: Parts, play: tuple[int, int, int, int], code: str
) -> None:
    phone.open()
    wound.forward(100_000)
    with pytest.raises(Refused, match=code):
        phone.upload(phone.gap((0, 20_000, 0, 20_000), play))
    assert credited(parts) == {}


HOUR = 3_600_000


def test_a_downloaded_lesson_is_studied_without_a_line(phone: Phone, wound: WoundClock, parts: Parts) -> None:
    taken = phone.take_pass()
    assert taken["lessons"] == [{"lesson": str(phone.lesson), "duration_ms": 120_000, "position_ms": 0}]
    wound.forward(5 * HOUR)
    kept = chain(
        taken["seed"], phone.lesson, [(0, 60_000, HOUR, HOUR + 60_000), (60_000, 120_000, 2 * HOUR, 2 * HOUR + 60_000)]
    )
    told = json.loads(phone.upload_pass(taken, kept))
    assert (told["credited_total_ms"], told["lesson_done"]) == (120_000, True)
    assert credited(parts) == {"offline": 120_000}


def test_i5_any_order_and_cutting_of_an_offline_chain_ends_in_the_same_credit(
    phone: Phone, wound: WoundClock, parts: Parts
) -> None:
    taken = phone.take_pass()
    wound.forward(5 * HOUR)
    plays = [(n * 15_000, n * 15_000 + 15_000, HOUR + n * 15_000, HOUR + n * 15_000 + 15_000) for n in range(7)]
    kept = chain(taken["seed"], phone.lesson, plays)
    dice = random.Random(3)
    for _ in range(4):
        dice.shuffle(order := list(kept))
        split = dice.randrange(1, 7)
        phone.upload_pass(taken, kept, order[:split])
        phone.upload_pass(taken, kept, order[split:])
        wound.forward(10_000)
    assert credited(parts) == {"offline": 105_000}


def test_online_study_under_a_pass_wins_over_the_same_wall_time(phone: Phone, wound: WoundClock, parts: Parts) -> None:
    taken = phone.take_pass()
    phone.open()
    for start in (0, 20_000, 40_000):
        wound.forward(20_000)
        phone.beat(start, start + 20_000)
    kept = chain(taken["seed"], phone.lesson, [(60_000, 120_000, 0, 60_000)])
    told = json.loads(phone.upload_pass(taken, kept))
    assert [part["verdict"] for part in told["parts"]] == ["wall_time_used"]
    assert credited(parts) == {"online": 60_000}


def test_two_passes_are_worth_one_wall_time(phone: Phone, wound: WoundClock, parts: Parts, cast: Cast) -> None:
    first = phone.take_pass()
    wound.forward(30_000)
    second = phone.take_pass(cast.lessons["read-hello"])
    wound.forward(60_000)
    phone.upload_pass(first, chain(first["seed"], phone.lesson, [(0, 60_000, 0, 60_000)]))
    other = cast.lessons["read-hello"]
    phone.upload_pass(second, chain(second["seed"], other, [(0, 60_000, 0, 60_000), (60_000, 120_000, 0, 60_000)]))
    assert credited(parts) == {"offline": 90_000}


def test_a_pass_ends_after_three_days(phone: Phone, wound: WoundClock, parts: Parts) -> None:
    taken = phone.take_pass()
    assert taken["expires_in_ms"] == LONGEST_PASS_MS
    wound.forward(LONGEST_PASS_MS + HOUR)
    kept = chain(taken["seed"], phone.lesson, [(0, 20_000, LONGEST_PASS_MS, LONGEST_PASS_MS + 20_000)])
    told = json.loads(phone.upload_pass(taken, kept))
    assert [part["verdict"] for part in told["parts"]] == ["outside_window"]


def test_offline_study_of_a_day_has_a_cap(
    phone: Phone, wound: WoundClock, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    capped = replace(policy_named("base-2023"), offline_daily_cap_ms=70_000)
    monkeypatch.setattr("lms.services.study.sittings.policy_named", lambda _code: capped)
    taken = phone.take_pass()
    wound.forward(16 * HOUR)  # four in the morning of the next day
    late = 12 * HOUR - 30_000  # half a minute before midnight
    plays = [(0, 60_000, late, late + 60_000), (60_000, 120_000, late + 60_000, late + 120_000)]
    told = json.loads(phone.upload_pass(taken, chain(taken["seed"], phone.lesson, plays)))
    assert [part["credited_ms"] for part in told["parts"]] == [60_000, 40_000]
    with parts.database.transaction(write=False) as session:
        rows = select(StudyInterval.studied_on, func.sum(StudyInterval.credited_ms)).group_by(StudyInterval.studied_on)
        days = dict(list(session.execute(rows.order_by(StudyInterval.studied_on))))
    today = NOON.date()
    assert days == {today: 30_000, today + timedelta(days=1): 70_000}


def test_nothing_is_earned_after_the_cohorts_last_day(
    phone: Phone, wound: WoundClock, parts: Parts, cast: Cast
) -> None:
    taken = phone.take_pass()
    with parts.database.transaction() as session:
        session.get_one(Cohort, cast.cohort).closes_on = NOON.date()
    wound.forward(16 * HOUR)
    late = 12 * HOUR - 20_000
    told = json.loads(phone.upload_pass(taken, chain(taken["seed"], phone.lesson, [(0, 60_000, late, late + 60_000)])))
    assert told["credited_total_ms"] == 20_000


def test_a_pass_asked_for_twice_under_one_key_is_one_pass(phone: Phone, cast: Cast) -> None:
    first = phone.take_pass(key="k")
    assert phone.take_pass(key="k") == first
    with pytest.raises(Conflict, match="idempotency_key_reused"):
        phone.take_pass(cast.lessons["read-hello"], key="k")


def test_strangers_and_unknown_sources_are_not_found(phone: Phone, wound: WoundClock, parts: Parts, cast: Cast) -> None:
    taken = phone.take_pass()
    wound.forward(60_000)
    kept = chain(taken["seed"], phone.lesson, [(0, 20_000, 0, 20_000)])
    stranger = Phone(parts, cast.chenmo, cast.foreign_enrollment, phone.lesson)
    for who, target in ((stranger, taken), (phone, {"pass": str(uuid.uuid4())})):
        with pytest.raises(NotFound):
            who.upload_pass(target, kept)
    with pytest.raises(NotFound):
        Phone(parts, cast.chenmo, cast.enrollment, phone.lesson).take_pass()
    with pytest.raises(NotFound):
        Phone(parts, cast.zhoumin, cast.enrollment, phone.lesson).upload_pass(taken, kept)
