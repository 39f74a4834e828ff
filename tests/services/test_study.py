"""The study protocol over the real tables (study-time.md: Online, invariants I1-I4, I6, I7, I10, I11)."""

import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from lms.db import IntegrityError
from lms.domain.errors import Conflict, NotFound, Refused, Unavailable
from lms.domain.study import HORIZON_MS
from lms.models.audit import AuditEvent
from lms.models.base import new_id
from lms.models.courses import Lesson
from lms.models.enrollments import Cohort
from lms.models.study import LessonProgress, StudyHeartbeat, StudyInterval, StudySegment
from lms.parts import Parts
from lms.services import audit, study_clock
from lms.services.receipts import Report
from tests.support.cast import LESSON_MS, NOON, Cast
from tests.support.study import Phone, WoundClock


@pytest.fixture
def phone(parts: Parts, cast: Cast, wound: WoundClock) -> Phone:
    return Phone(parts, cast.lifang, cast.enrollment, cast.lessons["say-hello"])


def credited(parts: Parts) -> int:
    with parts.database.transaction(write=False) as session:
        return session.scalar(select(func.coalesce(func.sum(LessonProgress.credited_ms), 0))) or 0


def segments(parts: Parts) -> list[StudySegment]:
    with parts.database.transaction(write=False) as session:
        return list(session.scalars(select(StudySegment).order_by(StudySegment.wall_from_ms)))


def test_opening_tells_where_the_lesson_stands(phone: Phone) -> None:
    told = phone.open()
    assert told["duration_ms"] == LESSON_MS
    assert told["required_ms"] == LESSON_MS * 95 // 100
    assert (told["position_ms"], told["credited_total_ms"], told["epoch"]) == (0, 0, 1)


def test_watching_is_credited_second_by_second(phone: Phone, wound: WoundClock) -> None:
    phone.open()
    for start in range(0, 60_000, 20_000):
        wound.forward(20_000)
        told = phone.beat(start, start + 20_000)
        assert told["verdict"] == "credited"
    assert told["credited_total_ms"] == 60_000


def test_another_phone_resumes_at_the_same_second(phone: Phone, wound: WoundClock) -> None:
    phone.open()
    wound.forward(20_000)
    phone.beat(0, 17_300)
    other = replace(phone)
    assert other.open()["position_ms"] == 17_300


def test_receipts_verify_and_name_the_evidence(phone: Phone, wound: WoundClock, parts: Parts) -> None:
    phone.open()
    wound.forward(20_000)
    told = phone.beat(0, 20_000)
    evidence = parts.signer.verify(told["receipt"])
    assert evidence["leaf"] == told["leaf"]
    assert (evidence["session"], evidence["seq"]) == (told["session"], 1)
    assert evidence["credited_total_ms"] == told["credited_total_ms"]


def test_i1_sixteen_times_too_fast_earns_elapsed_time_only(phone: Phone, wound: WoundClock, parts: Parts) -> None:
    phone.open()
    for _ in range(3):
        wound.forward(2_000)
        phone.beat(0, 32_000)
        phone.beat(32_000, 64_000)
    assert credited(parts) <= 6_000


def test_i1_a_long_silence_is_worth_one_horizon(phone: Phone, wound: WoundClock) -> None:
    phone.open()
    wound.forward(3_600_000)
    assert phone.beat(0, LESSON_MS)["credited_total_ms"] == HORIZON_MS


def test_i2_a_lesson_never_counts_for_more_than_its_length(phone: Phone, wound: WoundClock, parts: Parts) -> None:
    phone.open()
    for _ in range(10):
        wound.forward(45_000)
        phone.beat(0, 45_000)
        wound.forward(45_000)
        phone.beat(LESSON_MS - 45_000, LESSON_MS)
    assert credited(parts) == 90_000
    with pytest.raises(Refused, match="range_outside_lesson"):
        phone.beat(0, LESSON_MS + 1)


def test_i3_wall_time_is_disjoint_and_the_database_itself_refuses_otherwise(
    phone: Phone, wound: WoundClock, parts: Parts
) -> None:
    phone.open()
    for start in (0, 10_000, 20_000):
        wound.forward(10_000)
        phone.beat(start, start + 10_000)
    kept = segments(parts)
    assert all(one.wall_to_ms <= next_.wall_from_ms for one, next_ in pairwise(kept))
    again = {c.key: getattr(kept[1], c.key) for c in StudySegment.__table__.columns}
    overlapping = StudySegment(
        **{**again, "id": new_id(), "wall_from_ms": again["wall_from_ms"] - 1, "from_ms": 50_000, "to_ms": 50_001}
    )
    with pytest.raises(IntegrityError), parts.database.transaction() as session:
        session.add(overlapping)


@pytest.mark.parametrize(
    "change",
    ["UPDATE study_segments SET to_ms = to_ms - 1", "DELETE FROM study_segments", "DELETE FROM study_heartbeats"],
)
def test_evidence_is_appended_and_the_database_refuses_otherwise(
    phone: Phone, wound: WoundClock, parts: Parts, change: str
) -> None:
    phone.open()
    wound.forward(10_000)
    phone.beat(0, 10_000)
    with pytest.raises(DBAPIError, match="never changed"), parts.database.transaction() as session:
        session.execute(text(change))


def test_i4_a_redelivered_heartbeat_changes_nothing_and_gets_the_same_bytes(
    phone: Phone, wound: WoundClock, parts: Parts
) -> None:
    phone.open()
    wound.forward(20_000)
    report = phone.report(0, 20_000)
    first = phone.send(report)
    wound.forward(20_000)
    assert [phone.send(report) for _ in range(5)] == [first] * 5
    assert credited(parts) == 20_000
    assert len(segments(parts)) == 1


def test_i4_an_opening_with_the_same_key_is_one_session(phone: Phone) -> None:
    first = phone.open("key-1")
    assert phone.open("key-1") == first
    assert phone.open("key-2")["session"] != first["session"]


def test_another_claim_under_the_same_number_is_refused_flagged_and_changes_nothing(
    phone: Phone, wound: WoundClock, parts: Parts
) -> None:
    phone.open()
    wound.forward(20_000)
    report = phone.report(0, 20_000)
    first = phone.send(report)
    with pytest.raises(Conflict, match="heartbeat_changed"):
        phone.send(replace(report, beat=replace(report.beat, to_ms=19_000)))
    assert phone.send(report) == first
    with parts.database.transaction(write=False) as session:
        flag = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "heartbeat.forked")
        assert session.scalar(flag) == 1


def test_i6_nothing_replayed_elsewhere_earns_anything(
    phone: Phone, wound: WoundClock, parts: Parts, cast: Cast
) -> None:
    phone.open()
    wound.forward(20_000)
    report = phone.report(0, 20_000)
    phone.send(report)
    second_lesson = Phone(parts, cast.lifang, cast.enrollment, cast.lessons["read-hello"])
    second_lesson.open()
    wound.forward(20_000)
    with pytest.raises(Conflict, match="nonce_mismatch"):
        second_lesson.send(replace(report, session_id=second_lesson.session))
    stranger = Phone(parts, cast.chenmo, cast.foreign_enrollment, cast.lessons["say-hello"])
    with pytest.raises(NotFound):
        stranger.send(replace(report, beat=replace(report.beat, seq=2)))
    assert credited(parts) == 20_000


def test_a_stranger_cannot_open_a_lesson_of_anothers_enrollment(parts: Parts, cast: Cast) -> None:
    with pytest.raises(NotFound):
        Phone(parts, cast.chenmo, cast.enrollment, cast.lessons["say-hello"]).open()
    with pytest.raises(NotFound):
        Phone(parts, cast.zhoumin, cast.enrollment, cast.lessons["say-hello"]).open()


def test_a_quiz_and_an_unfinished_video_cannot_be_studied(phone: Phone, cast: Cast, parts: Parts) -> None:
    with pytest.raises(Refused, match="lesson_not_for_study"):
        replace(phone, lesson=cast.lessons["quiz-hello"]).open()
    with parts.database.transaction() as session:
        session.get_one(Lesson, cast.lessons["say-hello"]).duration_ms = None
    with pytest.raises(Conflict, match="video_not_ready"):
        phone.open()


def test_i7_the_older_phone_loses_the_lease_and_earns_nothing_more(
    phone: Phone, wound: WoundClock, parts: Parts
) -> None:
    phone.open()
    wound.forward(10_000)
    phone.beat(0, 10_000)
    other = replace(phone)
    other.open()
    wound.forward(10_000)
    with pytest.raises(Conflict, match="lease_lost"):
        phone.beat(10_000, 20_000)
    other.beat(10_000, 20_000)
    assert credited(parts) == 20_000


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Runs the acts in threads that start together; what they return or raise, in order."""
    results: list[object] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        gate.wait(timeout=30)
        try:
            results[place] = act()
        except Exception as error:  # every outcome is looked at below
            results[place] = error

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_i7_many_phones_and_many_deliveries_at_once_earn_what_one_stream_would(
    phone: Phone, wound: WoundClock, parts: Parts
) -> None:
    phones = [replace(phone) for _ in range(6)]
    opened = at_once([one.open for one in phones])
    assert all(isinstance(told, dict) for told in opened), opened
    wound.forward(20_000)
    results = at_once([lambda one=one: one.send(one.report(0, 20_000)) for one in phones for _ in range(2)])
    refused = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(error, Conflict) and error.code == "lease_lost" for error in refused), results
    accepted = {result for result in results if isinstance(result, str)}
    assert len(accepted) == 1
    assert credited(parts) == 20_000


def test_i10_i18_credit_is_the_measure_of_the_segments(phone: Phone, wound: WoundClock, parts: Parts) -> None:
    phone.open()
    before = 0
    for a, b in ((0, 20_000), (10_000, 30_000), (100_000, 119_000), (0, 5_000)):
        wound.forward(20_000)
        total = phone.beat(a, b)["credited_total_ms"]
        assert total >= before
        before = total
    points = {ms for one in segments(parts) for ms in range(one.from_ms, one.to_ms)}
    assert before == credited(parts) == len(points)


def test_i11_what_an_answer_says_is_in_the_database_before_it_is_said(
    phone: Phone, wound: WoundClock, parts: Parts
) -> None:
    phone.open()
    wound.forward(20_000)
    text_ = phone.send(phone.report(0, 20_000))
    with parts.database.transaction(write=False) as session:
        row = session.get_one(StudyHeartbeat, (phone.session, 1))
        assert row.answer == text_
        interval = session.scalars(select(StudyInterval).where(StudyInterval.source_id == phone.session)).one()
        assert (interval.credited_ms, interval.verdict) == (20_000, "credited")


def test_i11_a_heartbeat_that_fails_half_way_leaves_nothing(
    phone: Phone, wound: WoundClock, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.open()
    wound.forward(20_000)
    report = phone.report(0, 20_000)
    with monkeypatch.context() as broken:
        broken.setattr(parts.signer, "sign", lambda _: (_ for _ in ()).throw(RuntimeError("no key")))
        with pytest.raises(RuntimeError):
            phone.send(report)
    assert (credited(parts), segments(parts)) == (0, [])
    assert json.loads(phone.send(report))["credited_total_ms"] == 20_000


def test_an_unknown_session_is_not_found(phone: Phone) -> None:
    report = phone.report(0, 1)
    with pytest.raises(NotFound):
        phone.send(Report(uuid.uuid4(), report.beat, {}))


def test_i9_the_study_clock_never_runs_backwards_over_a_restart(
    parts: Parts, wound: WoundClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with parts.database.transaction() as session:
        before = study_clock.read_ms(session)
        study_clock.store(session, now=NOON)
    monkeypatch.setattr("lms.clock.boot_id", lambda: "another-boot")
    monkeypatch.setattr("lms.clock.wall_ms", lambda: before - 3_600_000)
    wound.ms = 1_000
    with parts.database.transaction() as session:
        after = study_clock.read_ms(session)
    assert after >= before
    wound.forward(5_000)
    with parts.database.transaction() as session:
        assert study_clock.read_ms(session) == after + 5_000


@pytest.mark.parametrize("step", [-3_600_000, 0, 3_600_000])
def test_i9_a_step_of_the_wall_clock_at_a_restart_costs_or_gives_no_more_than_one_horizon(
    phone: Phone, wound: WoundClock, parts: Parts, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    phone.open()
    wound.forward(20_000)
    phone.beat(0, 20_000)
    wall_ms, started, down = wall_now(), wound.ms, 40_000
    monkeypatch.setattr("lms.clock.boot_id", lambda: "another-boot")
    monkeypatch.setattr("lms.clock.wall_ms", lambda: wall_ms + step + wound.ms - started)
    wound.forward(down)
    phone.beat(20_000, 40_000)
    wound.forward(20_000)
    phone.beat(40_000, 60_000)
    assert 60_000 - HORIZON_MS <= credited(parts) <= 60_000
    assert credited(parts) <= 20_000 + down + 20_000 + HORIZON_MS


def test_two_machines_do_not_both_keep_the_clock(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    with parts.database.transaction() as session:
        study_clock.read_ms(session)
    monkeypatch.setattr("lms.clock.boot_id", lambda: "another-machine")
    with pytest.raises(Unavailable, match="study_clock_elsewhere"), parts.database.transaction() as session:
        study_clock.read_ms(session)
    later = wall_now() + study_clock.ALIVE_MS + 1_000
    monkeypatch.setattr("lms.clock.wall_ms", lambda: later)
    with parts.database.transaction() as session:
        assert study_clock.read_ms(session) >= later


def test_a_step_of_the_wall_clock_is_on_record_and_changes_nothing(parts: Parts, wound: WoundClock) -> None:
    with parts.database.transaction() as session:
        study_clock.store(session, now=datetime.now(UTC))
    wound.forward(10_000)
    with parts.database.transaction() as session:
        before = study_clock.read_ms(session)
        study_clock.store(session, now=datetime.now(UTC) + timedelta(hours=1))
        assert study_clock.read_ms(session) == before
        assert audit.knows(session, "clock.step", study_clock.ONLY_ROW)


def wall_now() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("opens_on", "closes_on"), [(date(2030, 1, 1), date(2030, 12, 31)), (date(2020, 1, 1), date(2020, 2, 1))]
)
def test_a_cohort_that_is_not_running_earns_nothing(
    phone: Phone, wound: WoundClock, parts: Parts, cast: Cast, opens_on: date, closes_on: date
) -> None:
    phone.open()
    wound.forward(20_000)
    with parts.database.transaction() as session:
        cohort = session.get_one(Cohort, cast.cohort)
        cohort.opens_on, cohort.closes_on = opens_on, closes_on
    for act in (lambda: phone.beat(0, 20_000), phone.open):
        with pytest.raises(Refused, match="cohort_"):
            act()
    assert credited(parts) == 0


def test_a_key_of_one_lesson_opens_no_other(phone: Phone, cast: Cast) -> None:
    phone.open("key")
    with pytest.raises(Conflict, match="idempotency_key_reused"):
        replace(phone, lesson=cast.lessons["read-hello"]).open("key")


def test_forged_heartbeats_never_exceed_elapsed_time(phone: Phone, wound: WoundClock, parts: Parts) -> None:
    phone.open()
    for place in range(12):
        wound.forward(1_000)
        true = phone.report(place * 10_000, place * 10_000 + 10_000)
        for forged in (
            replace(true, beat=replace(true.beat, nonce="guessed")),
            replace(true, beat=replace(true.beat, seq=true.beat.seq + 5)),
            replace(true, beat=replace(true.beat, to_ms=LESSON_MS * 9)),
            replace(true, beat=replace(true.beat, from_ms=-5)),
        ):
            with pytest.raises(Refused):
                phone.send(forged)
        phone.beat(true.beat.from_ms, true.beat.to_ms)
    assert credited(parts) == 12_000
