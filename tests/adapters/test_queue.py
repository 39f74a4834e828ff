"""The doorbell: rings are answered once, faults are survived, and nothing but a job's id gets through."""

import dataclasses
import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lms import config
from lms.adapters.queue import Bell, Listener, open_bell, postgresql_bell, sqlite_bell
from lms.config import ConfigError
from tests.support.waiting import wait_until

SECRET = "a secret that only this test knows, 32 or more"
NEVER = 3600.0


@pytest.fixture
def make_bell(dialect: str, empty_url: str, tmp_path: Path) -> Callable[..., Bell]:
    """Bells on one queue, each as another process would have it."""

    def make(secret: str = SECRET) -> Bell:
        if dialect == "sqlite":
            return sqlite_bell(tmp_path / "queue.db", secret)
        return postgresql_bell(empty_url, secret)

    return make


@pytest.fixture
def listening() -> Iterator[list[Listener]]:
    """Listeners that end with the test."""
    listeners: list[Listener] = []
    yield listeners
    for listener in listeners:
        listener.stop()


def nothing() -> None:
    """A sweep with nothing to do."""


def some_ids(count: int) -> list[uuid.UUID]:
    return [uuid.uuid4() for _ in range(count)]


def test_rings_reach_another_process_even_if_it_listens_later(make_bell, listening) -> None:
    heard: list[uuid.UUID] = []
    early, late = some_ids(3), some_ids(3)
    for job_id in early:
        make_bell().ring(job_id)
    assert make_bell().waiting() == 3
    assert make_bell().healthy()
    listening.append(make_bell().listen(heard.append, nothing, NEVER))
    wait_until(lambda: len(heard) == 3)
    bell = make_bell()
    for job_id in late:
        bell.ring(job_id)
    wait_until(lambda: len(heard) == 6)
    assert set(heard) == {*early, *late}
    assert bell.waiting() == 0


def test_two_listeners_answer_each_ring_once(make_bell, listening) -> None:
    heard: list[uuid.UUID] = []
    listening += [make_bell().listen(heard.append, nothing, NEVER) for _ in range(2)]
    bell, rung = make_bell(), some_ids(20)
    for job_id in rung:
        bell.ring(job_id)
    wait_until(lambda: len(heard) >= 20 and not bell.waiting())
    assert sorted(heard) == sorted(rung)


def test_work_that_fails_does_not_end_the_listening(make_bell, listening, caplog) -> None:
    bad, good = some_ids(2)
    heard: list[uuid.UUID] = []

    def work(job_id: uuid.UUID) -> None:
        if job_id == bad:
            raise RuntimeError("broken work")
        heard.append(job_id)

    listening.append(make_bell().listen(work, nothing, NEVER, threads=1))
    with caplog.at_level(logging.ERROR):
        make_bell().ring(bad)
        make_bell().ring(good)
        wait_until(lambda: heard == [good])
    assert "broken work" in caplog.text


def test_a_ring_signed_with_another_secret_is_thrown_away(make_bell, listening, caplog) -> None:
    heard: list[uuid.UUID] = []
    forged, genuine = some_ids(2)
    make_bell("another secret, which an intruder might have").ring(forged)
    make_bell().ring(genuine)
    with caplog.at_level(logging.CRITICAL):
        listening.append(make_bell().listen(heard.append, nothing, NEVER))
        wait_until(lambda: heard)
    wait_until(lambda: not make_bell().waiting())
    assert heard == [genuine]


def test_sweeping_begins_at_once_goes_on_and_survives_faults(make_bell, listening, caplog) -> None:
    swept: list[int] = []

    def sweep() -> None:
        swept.append(1)
        raise RuntimeError("broken sweep")

    with caplog.at_level(logging.ERROR):
        listening.append(make_bell().listen(lambda _job_id: None, sweep, 0.01))
        wait_until(lambda: len(swept) >= 3)
    assert "broken sweep" in caplog.text


def test_stopping_waits_for_the_work_in_hand(make_bell) -> None:
    begun, end = threading.Event(), threading.Event()

    def work(_job_id: uuid.UUID) -> None:
        begun.set()
        end.wait(60)

    listener = make_bell().listen(work, nothing, NEVER)
    make_bell().ring(uuid.uuid4())
    assert begun.wait(30)
    assert not listener.stop(within_seconds=0.05)
    end.set()
    assert listener.stop()


def test_after_stopping_nobody_answers(make_bell) -> None:
    heard: list[uuid.UUID] = []
    assert make_bell().listen(heard.append, nothing, NEVER).stop()
    make_bell().ring(uuid.uuid4())
    assert make_bell().waiting() == 1
    assert heard == []


@pytest.mark.parametrize(
    "broken",
    [
        lambda folder: sqlite_bell(folder, SECRET),
        lambda folder: postgresql_bell(f"postgresql+psycopg://nobody@/none?host={folder}", SECRET),
    ],
    ids=["sqlite", "postgresql"],
)
def test_a_bell_that_cannot_ring_says_so_in_the_log_only(broken, tmp_path, caplog) -> None:
    job_id = uuid.uuid4()
    with caplog.at_level(logging.WARNING):
        broken(tmp_path).ring(job_id)
        assert not broken(tmp_path).healthy()
    assert str(job_id) in caplog.text


def test_a_listener_without_its_queue_keeps_trying(tmp_path, listening, caplog) -> None:
    place, heard = tmp_path / "later" / "queue.db", []
    with caplog.at_level(logging.ERROR):
        listening.append(sqlite_bell(place, SECRET).listen(heard.append, nothing, NEVER))
        wait_until(lambda: "cannot be opened" in caplog.text)
    place.parent.mkdir()
    sqlite_bell(place, SECRET).ring(uuid.uuid4())
    wait_until(lambda: heard)


@pytest.fixture
def demo_config(tmp_path: Path) -> config.Config:
    return config.load({"LMS_DATA_DIR": str(tmp_path)})


@pytest.mark.parametrize(
    ("queue", "url", "has_file"),
    [
        ("auto", "sqlite:////tmp/none.db", True),
        ("sqlite", "sqlite:////tmp/none.db", True),
        ("sqlite", "postgresql+psycopg://nobody@/none?host=/nowhere", True),
        ("auto", "postgresql+psycopg://nobody@/none?host=/nowhere", False),
        ("postgresql", "postgresql+psycopg://nobody@/none?host=/nowhere", False),
    ],
)
def test_the_queue_is_where_the_settings_say(demo_config, tmp_path, queue, url, has_file, caplog) -> None:
    bell = open_bell(dataclasses.replace(demo_config, queue=queue, database_url=url))
    assert not (tmp_path / "queue.db").exists(), "nothing is opened before the first ring"
    with caplog.at_level(logging.CRITICAL):
        bell.ring(uuid.uuid4())
    assert (tmp_path / "queue.db").exists() == has_file


def test_postgresql_is_no_queue_beside_an_sqlite_database(demo_config) -> None:
    with pytest.raises(ConfigError, match="LMS_QUEUE=postgresql"):
        open_bell(dataclasses.replace(demo_config, queue="postgresql"))
