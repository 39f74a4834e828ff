"""The worker: every job ends, whoever dies over it; who lost a job writes nothing; codes never wait."""

import io
import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms import clock, worker
from lms.adapters.sandbox import Cancelled
from lms.adapters.sms import ConsoleGateway
from lms.domain.errors import Conflict, Unavailable
from lms.models.cases import Flag
from lms.models.jobs import Job
from lms.models.study import StudyClock
from lms.parts import Parts
from lms.services import accounts, jobs, renewals, study_clock
from tests.support.cast import NOON, Cast
from tests.support.kitchen import SLOW_TEA, TEA, Kitchen, open_kitchen
from tests.support.renewals import LAST, OPENS, Years, noon_of
from tests.support.scribe import Scribe
from tests.support.waiting import wait_until


@pytest.fixture
def kitchen(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Kitchen:
    return open_kitchen(parts, monkeypatch)


@pytest.fixture
def crews(parts: Parts) -> Iterator[Callable[..., worker.Crew]]:
    """Crews that end with the test."""
    hired: list[worker.Crew] = []

    def hire(every_seconds: float = 3600.0) -> worker.Crew:
        hired.append(worker.Crew(parts, every_seconds))
        return hired[-1]

    yield hire
    for crew in hired:
        assert crew.stop()


def test_work_is_done_once_and_recorded_with_its_end(kitchen: Kitchen) -> None:
    job_id = kitchen.ask()
    worker.run(kitchen.parts, job_id)
    worker.run(kitchen.parts, job_id)
    assert kitchen.recorded == ["tea:1"]
    assert (kitchen.state(job_id), kitchen.row(job_id).progress) == (jobs.DONE, 100)


def test_a_ring_for_no_job_is_nothing(kitchen: Kitchen) -> None:
    worker.run(kitchen.parts, uuid.uuid4())
    assert kitchen.seen == []


def test_a_fault_is_kept_and_tried_again_later(kitchen: Kitchen, caplog: pytest.LogCaptureFixture) -> None:
    def spill(_job: Job, _progress: worker.Progress) -> None:
        raise OSError("spilled " * 200)

    kitchen.work, job_id = spill, kitchen.ask()
    with caplog.at_level(logging.ERROR):
        worker.run(kitchen.parts, job_id)
    failed = kitchen.row(job_id)
    assert failed.state == jobs.QUEUED
    assert failed.problem is not None
    assert failed.problem.startswith("OSError: spilled")
    assert len(failed.problem) == worker.LONGEST_PROBLEM
    assert failed.due_at > clock.now()
    assert kitchen.recorded == []


def test_a_missing_part_is_kept_by_its_code(kitchen: Kitchen, caplog: pytest.LogCaptureFixture) -> None:
    def strike(_job: Job, _progress: worker.Progress) -> None:
        raise Unavailable("voice_missing", of="the cook")

    kitchen.work, job_id = strike, kitchen.ask()
    with caplog.at_level(logging.CRITICAL):
        worker.run(kitchen.parts, job_id)
    assert kitchen.row(job_id).problem == "voice_missing"


def test_a_kind_nobody_knows_fails_like_any_fault(kitchen: Kitchen, caplog: pytest.LogCaptureFixture) -> None:
    job_id = kitchen.ask("juggle")
    with caplog.at_level(logging.CRITICAL):
        worker.run(kitchen.parts, job_id)
    assert "juggle" in str(kitchen.row(job_id).problem)


def test_what_cannot_be_recorded_is_not_finished(kitchen: Kitchen, monkeypatch, caplog) -> None:
    def burnt(_parts: Parts, _job: Job, _progress: worker.Progress) -> worker.Record:
        def record(_session: object, _now: object) -> None:
            raise RuntimeError("burnt")

        return record

    monkeypatch.setitem(worker.HANDLERS, TEA, burnt)
    job_id = kitchen.ask()
    with caplog.at_level(logging.CRITICAL):
        worker.run(kitchen.parts, job_id)
    assert (kitchen.state(job_id), kitchen.row(job_id).problem) == (jobs.QUEUED, "RuntimeError: burnt")


def test_stopping_gives_the_job_back(kitchen: Kitchen) -> None:
    def wait(_job: Job, progress: worker.Progress) -> None:
        if progress.cancelled():
            raise Cancelled

    kitchen.work, job_id = wait, kitchen.ask()
    worker.run(kitchen.parts, job_id, stopping=lambda: True)
    assert (kitchen.state(job_id), kitchen.row(job_id).attempts) == (jobs.QUEUED, 0)
    worker.run(kitchen.parts, job_id)
    assert kitchen.state(job_id) == jobs.DONE


def test_whoever_lost_the_job_stops_and_writes_nothing(kitchen: Kitchen) -> None:
    """The lease is over at once, so a second worker takes the job while the first is at it."""

    def lose(job: Job, progress: worker.Progress) -> None:
        if job.fence > 1:
            return
        worker.run(kitchen.parts, job.id)
        with pytest.raises(Conflict):
            progress.tell(0.5)
        progress.cancelled()

    kitchen.work, job_id = lose, kitchen.ask()
    worker.run(kitchen.parts, job_id, lease=timedelta(0))
    assert kitchen.seen == [("tea:1", 1), ("tea:1", 2)]
    assert kitchen.recorded == ["tea:1"]
    assert (kitchen.state(job_id), kitchen.row(job_id).attempts) == (jobs.DONE, 2)


@pytest.mark.parametrize("ending", [None, OSError("late fault"), Cancelled()])
def test_a_worker_that_comes_back_late_changes_nothing(kitchen: Kitchen, ending: Exception | None, caplog) -> None:
    def sleep_over_it(job: Job, _progress: worker.Progress) -> None:
        if job.fence == 1:
            worker.run(kitchen.parts, job.id)
            if ending:
                raise ending

    kitchen.work, job_id = sleep_over_it, kitchen.ask()
    with caplog.at_level(logging.CRITICAL):
        worker.run(kitchen.parts, job_id, lease=timedelta(0))
    assert kitchen.recorded == ["tea:1"]
    assert (kitchen.state(job_id), kitchen.row(job_id).problem) == (jobs.DONE, None)


def test_progress_is_seen_and_keeps_the_lease(kitchen: Kitchen) -> None:
    lease = timedelta(seconds=0.03)
    shown: list[int] = []

    def work(job: Job, progress: worker.Progress) -> None:
        def told() -> bool:
            progress.tell(0.42)
            return kitchen.row(job.id).progress == 42

        before = kitchen.row(job.id).due_at
        wait_until(told)
        wait_until(lambda: not progress.cancelled() and kitchen.row(job.id).due_at > before + lease)
        progress.tell(0.1)
        shown.append(kitchen.row(job.id).progress)

    kitchen.work, job_id = work, kitchen.ask()
    worker.run(kitchen.parts, job_id, lease=lease)
    assert shown == [42]
    assert kitchen.state(job_id) == jobs.DONE


def test_the_sweeper_rings_for_what_nobody_was_told_of(kitchen: Kitchen, crews) -> None:
    ids = [kitchen.ask(key=f"tea:{n}") for n in range(3)]
    crews(every_seconds=0.05)
    wait_until(lambda: {kitchen.state(job_id) for job_id in ids} == {jobs.DONE})


def test_the_sweeper_rings_no_more_while_rings_wait(kitchen: Kitchen) -> None:
    kitchen.ask()
    for _ in range(3):
        worker.sweep(kitchen.parts)
    assert kitchen.parts.bell.waiting() == 1


def test_the_sweeper_gives_up_what_kills_its_worker(kitchen: Kitchen) -> None:
    job_id = kitchen.ask()
    long_ago = clock.now() - timedelta(days=1)
    with kitchen.parts.database.transaction() as session:
        row = session.get_one(Job, job_id)
        row.state, row.attempts, row.due_at = jobs.RUNNING, jobs.MAX_ATTEMPTS, long_ago
    worker.sweep(kitchen.parts)
    assert (kitchen.state(job_id), kitchen.row(job_id).problem) == (jobs.FAILED, jobs.SILENT)
    assert kitchen.parts.bell.waiting() == 0


def test_the_sweeper_keeps_the_study_clock(parts: Parts) -> None:
    with parts.database.transaction() as session:
        before = study_clock.read_ms(session)
    worker.sweep(parts)
    with parts.database.transaction(write=False) as session:
        assert session.get_one(StudyClock, study_clock.ONLY_ROW).last_ms >= before


def test_a_login_code_never_waits_for_a_video(kitchen: Kitchen, crews) -> None:
    end = threading.Event()
    kitchen.work = lambda job, _progress: end.wait(30) if job.kind == SLOW_TEA else None
    slow = [kitchen.ask(SLOW_TEA, f"slow:{n}") for n in range(3)]
    crews()
    for job_id in slow:
        kitchen.parts.bell.ring(job_id)
    wait_until(lambda: kitchen.seen and not kitchen.parts.bell.waiting())
    quick = kitchen.ask(TEA)
    kitchen.parts.bell.ring(quick)
    wait_until(lambda: kitchen.state(quick) == jobs.DONE)
    assert len([key for key, _ in kitchen.seen if key.startswith("slow")]) == 1
    end.set()
    wait_until(lambda: {kitchen.state(job_id) for job_id in slow} == {jobs.DONE})


def test_two_crews_share_the_work_without_doing_any_twice(kitchen: Kitchen, crews) -> None:
    ids = [kitchen.ask(key=f"tea:{n}") for n in range(12)]
    crews(every_seconds=0.05)
    crews(every_seconds=0.05)
    wait_until(lambda: {kitchen.state(job_id) for job_id in ids} == {jobs.DONE})
    assert len(kitchen.seen) == len(set(kitchen.seen)) == 12


def test_a_crew_that_stops_gives_back_what_it_was_doing(kitchen: Kitchen) -> None:
    def wait(_job: Job, progress: worker.Progress) -> None:
        wait_until(progress.cancelled)
        raise Cancelled

    kitchen.work, job_id = wait, kitchen.ask()
    crew = worker.Crew(kitchen.parts, 3600.0)
    kitchen.parts.bell.ring(job_id)
    wait_until(lambda: kitchen.seen)
    assert crew.stop()
    assert (kitchen.state(job_id), kitchen.row(job_id).attempts) == (jobs.QUEUED, 0)


def test_a_login_code_is_sent(parts: Parts, cast: Cast) -> None:
    gateway = ConsoleGateway(io.StringIO())
    with parts.database.transaction() as session:
        phone = cast.phones["lifang"]
        accounts.request_code(session, parts.keyring, phone=phone, now=clock.now(), draw=lambda: "271828")
        (job_id,) = jobs.pending(session)
    worker.run(replace(parts, sms=gateway), job_id)
    assert list(gateway.sent) == [(phone, "271828")]
    with parts.database.transaction(write=False) as session:
        assert session.get_one(Job, job_id).state == jobs.DONE


def test_the_sweeper_looks_for_what_is_strange_every_ten_minutes(
    parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with parts.database.transaction() as session:
        on = Scribe(session, cast.enrollment, cast.lessons["say-hello"], now=NOON - timedelta(minutes=2))
        for one in range(10):
            on.open(one * 1_000)
    for moment, looked in ((NOON - timedelta(seconds=9), 0), (NOON + timedelta(seconds=5), 1)):
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        worker.sweep(parts)
        with parts.database.transaction(write=False) as session:
            assert session.scalar(select(func.count(Flag.id))) == looked


def test_a_reminder_is_asked_for_and_sent(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway, years = ConsoleGateway(io.StringIO()), Years(parts, cast)
    years.rule()
    years.complete()
    monkeypatch.setattr(clock, "now", lambda: noon_of(OPENS))
    with_sms = replace(parts, sms=gateway)
    worker.sweep(with_sms)
    with parts.database.transaction(write=False) as session:
        job_id = session.scalars(select(Job.id).where(Job.kind == renewals.SEND)).one()
    worker.run(with_sms, job_id)
    assert list(gateway.reminded) == [(cast.phones["lifang"], LAST)]
