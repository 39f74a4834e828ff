"""Background work as rows: asked for once, claimed by one, given up after three attempts."""

import uuid
from datetime import datetime, timedelta

import pytest

from lms.db import Database
from lms.domain.errors import Conflict, NotFound
from lms.models.jobs import Job
from lms.services import jobs
from tests.support.cast import NOON

KIND = "boil_tea"
LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def job_id(database: Database) -> uuid.UUID:
    """A job that waits since noon."""
    with database.transaction() as session:
        return jobs.enqueue(session, KIND, "tea:1", {"cups": 2}, now=NOON).id


def claim(database: Database, job_id: uuid.UUID, now: datetime = NOON) -> Job | None:
    with database.transaction() as session:
        return jobs.claim(session, job_id, now=now)


def row(database: Database, job_id: uuid.UUID) -> Job:
    with database.transaction(write=False) as session:
        return session.get_one(Job, job_id)


def due(database: Database, now: datetime) -> list[uuid.UUID]:
    with database.transaction(write=False) as session:
        return jobs.list_due(session, [KIND], now=now)


def attempt_and_fail(database: Database, job_id: uuid.UUID, now: datetime) -> bool:
    claimed = claim(database, job_id, now)
    assert claimed is not None
    with database.transaction() as session:
        return jobs.fail(session, job_id, claimed.fence, "the kettle leaks", now=now)


def test_asking_twice_is_asking_once_and_rings_once(database: Database) -> None:
    with database.transaction() as session:
        first = jobs.enqueue(session, KIND, "tea:1", {"cups": 2}, now=NOON)
        again = jobs.enqueue(session, KIND, "tea:1", {"cups": 9}, now=LATER)
        assert jobs.pending(session) == [first.id]
    assert again.id == first.id
    with database.transaction() as session:
        jobs.enqueue(session, KIND, "tea:1", {"cups": 9}, now=LATER)
        assert jobs.pending(session) == []
    assert row(database, first.id).payload == {"cups": 2}


def test_only_one_worker_gets_a_job(database: Database, job_id: uuid.UUID) -> None:
    claimed = claim(database, job_id)
    assert claimed is not None
    assert (claimed.state, claimed.fence, claimed.attempts) == (jobs.RUNNING, 1, 1)
    assert claim(database, job_id) is None
    assert claim(database, job_id, NOON + jobs.LEASE - timedelta(seconds=1)) is None
    assert due(database, NOON) == []


def test_a_job_is_taken_up_again_when_its_worker_falls_silent(database: Database, job_id: uuid.UUID) -> None:
    first = claim(database, job_id)
    after = NOON + jobs.LEASE
    assert due(database, after) == [job_id]
    second = claim(database, job_id, after)
    assert first is not None
    assert second is not None
    assert (second.fence, second.attempts) == (2, 2)
    for act in (
        lambda session: jobs.report(session, job_id, first.fence, 50, now=after),
        lambda session: jobs.finish(session, job_id, first.fence, now=after),
        lambda session: jobs.fail(session, job_id, first.fence, "late", now=after),
        lambda session: jobs.release(session, job_id, first.fence, now=after),
    ):
        with pytest.raises(Conflict, match="job_taken_over"), database.transaction() as session:
            act(session)
    with database.transaction() as session:
        jobs.finish(session, job_id, second.fence, now=after)
    assert row(database, job_id).state == jobs.DONE


def test_a_report_renews_the_lease(database: Database, job_id: uuid.UUID) -> None:
    claimed = claim(database, job_id)
    assert claimed is not None
    halfway = NOON + jobs.LEASE / 2
    with database.transaction() as session:
        jobs.report(session, job_id, claimed.fence, 40, now=halfway)
    assert row(database, job_id).progress == 40
    assert due(database, NOON + jobs.LEASE) == []
    assert due(database, halfway + jobs.LEASE) == [job_id]


def test_a_failure_is_tried_again_after_growing_pauses_then_given_up(database: Database, job_id: uuid.UUID) -> None:
    assert not attempt_and_fail(database, job_id, NOON)
    assert due(database, NOON) == []
    second_at = NOON + jobs.PAUSE
    assert due(database, second_at) == [job_id]
    assert not attempt_and_fail(database, job_id, second_at)
    assert due(database, second_at + jobs.PAUSE) == []
    third_at = second_at + 2 * jobs.PAUSE
    assert attempt_and_fail(database, job_id, third_at)
    given_up = row(database, job_id)
    assert (given_up.state, given_up.problem, given_up.finished_at) == (
        jobs.FAILED,
        "the kettle leaks",
        third_at,
    )
    assert due(database, third_at + timedelta(days=1)) == []
    assert claim(database, job_id, third_at + timedelta(days=1)) is None


def test_a_job_that_silences_its_worker_three_times_is_given_up(database: Database, job_id: uuid.UUID) -> None:
    now = NOON
    for _ in range(jobs.MAX_ATTEMPTS):
        assert claim(database, job_id, now) is not None
        now += jobs.LEASE
    assert due(database, now) == []
    assert claim(database, job_id, now) is None
    with database.transaction() as session:
        jobs.give_up_silent(session, now=now + timedelta(seconds=1))
    assert (row(database, job_id).state, row(database, job_id).problem) == (jobs.FAILED, jobs.SILENT)


def test_giving_up_leaves_alone_whoever_still_answers(database: Database, job_id: uuid.UUID) -> None:
    now = NOON
    for _ in range(jobs.MAX_ATTEMPTS):
        claim(database, job_id, now)
        now += jobs.LEASE
    with database.transaction() as session:
        jobs.give_up_silent(session, now=now - timedelta(seconds=1))
    assert row(database, job_id).state == jobs.RUNNING


def test_a_released_job_waits_again_and_has_lost_no_attempt(database: Database, job_id: uuid.UUID) -> None:
    claimed = claim(database, job_id)
    assert claimed is not None
    with database.transaction() as session:
        jobs.release(session, job_id, claimed.fence, now=NOON)
    assert (row(database, job_id).state, row(database, job_id).attempts) == (jobs.QUEUED, 0)
    again = claim(database, job_id)
    assert again is not None
    assert again.fence == 2


@pytest.mark.parametrize("ending", ["failed", "done"])
def test_a_job_that_ended_can_be_put_back(database: Database, job_id: uuid.UUID, ending: str) -> None:
    now = NOON
    if ending == "failed":
        for _ in range(jobs.MAX_ATTEMPTS):
            attempt_and_fail(database, job_id, now)
            now += timedelta(hours=1)
    else:
        claimed = claim(database, job_id)
        assert claimed is not None
        with database.transaction() as session:
            jobs.finish(session, job_id, claimed.fence, now=NOON)
    with database.transaction() as session:
        jobs.retry(session, job_id, now=now)
        assert jobs.pending(session) == [job_id]
    waiting = row(database, job_id)
    assert (waiting.state, waiting.attempts, waiting.problem, waiting.finished_at) == (
        jobs.QUEUED,
        0,
        None,
        None,
    )
    assert due(database, now) == [job_id]


def test_a_job_that_waits_or_runs_cannot_be_put_back(database: Database, job_id: uuid.UUID) -> None:
    for prepare in (lambda: None, lambda: claim(database, job_id)):
        prepare()
        with pytest.raises(NotFound, match="job_not_failed"), database.transaction() as session:
            jobs.retry(session, job_id, now=NOON)
    with pytest.raises(NotFound), database.transaction() as session:
        jobs.retry(session, uuid.uuid4(), now=NOON)


def test_due_jobs_come_oldest_first_of_the_kinds_asked_for(database: Database) -> None:
    with database.transaction() as session:
        times = [NOON - timedelta(seconds=n) for n in range(4)]
        made = [jobs.enqueue(session, KIND, f"tea:{at}", {}, now=at).id for at in times][::-1]
        other = jobs.enqueue(session, "wash_up", "wash:1", {}, now=NOON + timedelta(seconds=1)).id
    with database.transaction(write=False) as session:
        assert jobs.list_due(session, [KIND], now=NOON, limit=3) == made[:3]
        assert jobs.list_due(session, [KIND], now=NOON - timedelta(seconds=1)) == made[:3]
        assert jobs.list_due(session, ["wash_up"], now=NOON) == []
        assert jobs.list_due(session, ["wash_up"], now=LATER) == [other]
        assert [job.id for job in jobs.list_recent(session, limit=2)] == [other, made[-1]]
        assert jobs.find_kind(session, other) == "wash_up"
        assert jobs.find_kind(session, uuid.uuid4()) is None


def test_many_jobs_begin_one_after_the_other(database: Database) -> None:
    with database.transaction() as session:
        made = sorted(jobs.enqueue(session, "work", f"key-{number}", {}, now=NOON).id for number in range(5))
        jobs.enqueue(session, "other", "key-x", {}, now=NOON)
        jobs.spread(session, "work", first=2, every=timedelta(minutes=1), now=NOON)
    for later, due in ((0, 2), (1, 3), (3, 5)):
        with database.transaction() as session:
            found = jobs.list_due(session, ["work"], now=NOON + timedelta(minutes=later))
            assert found == made[:due]
