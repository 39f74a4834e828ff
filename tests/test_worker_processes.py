"""The worker as processes: killed in the middle of a job, inside a web server, as a command."""

import os
import signal
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from lms import clock, worker
from lms.parts import Parts
from lms.services import jobs
from tests.support.kitchen import Kitchen, open_kitchen
from tests.support.programs import started
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[1]


@pytest.fixture
def kitchen(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Kitchen:
    return open_kitchen(parts, monkeypatch)


DIES_AT_WORK = """
import sys, threading, uuid
from datetime import timedelta
from lms import config, worker
from lms.parts import build

def perform(parts, job, progress):
    while job.attempts == 1:
        progress.tell(0.3)
        threading.Event().wait(0.05)
    return lambda session, now: None

worker.HANDLERS["boil_tea"] = perform
worker.run(build(config.load()), uuid.UUID(sys.argv[1]), lease=timedelta(seconds=1.5))
"""


LIVES_IN_A_SERVER = """
import multiprocessing, sys, threading, uuid
from lms import config, worker
from lms.adapters.sandbox import Cancelled
from lms.parts import build

def server():
    begun = threading.Event()

    def perform(parts, job, progress):
        begun.set()
        while not progress.cancelled():
            threading.Event().wait(0.02)
        raise Cancelled

    worker.HANDLERS["boil_tea"] = perform
    parts = build(config.load())
    worker.start(parts)
    parts.bell.ring(uuid.UUID(sys.argv[1]))
    begun.wait(120)

forked = multiprocessing.get_context("fork").Process(target=server)
forked.start()
forked.join()
sys.exit(forked.exitcode)
"""


def start(
    script: str, environment: dict[str, str], *arguments: str
) -> AbstractContextManager["subprocess.Popen[bytes]"]:
    path = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return started([sys.executable, "-c", script, *arguments], {**path, **environment}, ROOT)


def test_a_killed_worker_loses_nothing(kitchen: Kitchen, environment: dict[str, str]) -> None:
    """SIGKILL in the middle of a job, in a process of its own; another worker finishes it."""
    job_id = kitchen.ask()
    with start(DIES_AT_WORK, environment, str(job_id)) as process:
        wait_until(lambda: kitchen.row(job_id).progress == 30)
        process.kill()
        assert process.wait(timeout=120) == -signal.SIGKILL
    assert kitchen.state(job_id) == jobs.RUNNING

    def taken_up_again() -> bool:
        worker.run(kitchen.parts, job_id)
        return kitchen.state(job_id) == jobs.DONE

    wait_until(taken_up_again)
    assert kitchen.seen == [("tea:1", 2)]
    assert (kitchen.row(job_id).attempts, kitchen.recorded) == (2, ["tea:1"])


def test_a_server_process_that_ends_gives_back_its_work(kitchen: Kitchen, environment: dict[str, str]) -> None:
    job_id = kitchen.ask()
    with start(LIVES_IN_A_SERVER, environment, str(job_id)) as process:
        assert process.wait(timeout=120) == 0
    assert (kitchen.state(job_id), kitchen.row(job_id).fence) == (jobs.QUEUED, 1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_command_ends_cleanly(parts: Parts, environment: dict[str, str], number: signal.Signals) -> None:
    """It answers a ring meanwhile: a job of a kind it does not know is marked so."""
    with parts.database.transaction() as session:
        job_id = jobs.enqueue(session, "juggle", "juggle:1", {}, now=clock.now()).id
    with start("from lms.cli.worker import worker; worker()", environment) as process:
        parts.bell.ring(job_id)
        wait_until(lambda: Kitchen(parts).row(job_id).problem)
        process.send_signal(number)
        assert process.wait(timeout=120) == 0
