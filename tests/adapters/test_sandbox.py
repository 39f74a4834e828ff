"""Limits are real: each is tried with a program that would break it."""

import fcntl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from lms.adapters import sandbox
from lms.adapters.sandbox import Bounds, Cancelled, CommandFailed, CommandTimedOut, Complaints
from tests.support.programs import started

LINUX_ONLY = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has this limit")
SLEEPS_SECONDS = 60  # what is not ended lives much longer than a busy machine takes to end it
STUBBORN = f"""
import fcntl, os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    held = open("held", "w")
    fcntl.flock(held, fcntl.LOCK_EX)
    print("holding", flush=True)
time.sleep({SLEEPS_SECONDS})
"""


def run(folder: Path, script: str, *, bounds: Bounds | None = None, **listeners: Callable[..., object]) -> Complaints:
    command = [sys.executable, "-I", "-S", "-c", script]
    return sandbox.run(command, folder=folder, bounds=bounds or Bounds(), **listeners)


def released(path: Path) -> bool:
    """Whether nobody holds the lock any more: a dead process holds none, even before it is buried."""
    deadline = time.monotonic() + SLEEPS_SECONDS / 2
    with path.open("w") as file:
        while time.monotonic() < deadline:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.02)
            else:
                return True
    return False


def test_output_comes_line_by_line_and_complaints_come_back(tmp_path: Path) -> None:
    lines: list[str] = []
    script = "import sys; print('一'); print('two'); print('no end', end=''); sys.stderr.write('oh')"
    assert run(tmp_path, script, on_line=lines.append).head == "oh"
    assert lines == ["一", "two"]


def test_nothing_is_inherited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_SECRET_KEY", "canary")
    lines: list[str] = []
    script = (
        "import os, sys; print(os.environ.get('LMS_SECRET_KEY'), os.environ.get('PATH'));"
        "print(repr(sys.stdin.read())); print(os.getcwd()); print(os.getsid(0) == os.getpid())"
    )
    run(tmp_path, script, on_line=lines.append)
    assert lines == ["None None", "''", str(tmp_path.resolve()), "True"]


def test_a_failure_keeps_how_it_began_and_how_it_ended(tmp_path: Path) -> None:
    script = "import sys; sys.stderr.write('first' + 'x' * 200_000 + 'last'); sys.exit(3)"
    with pytest.raises(CommandFailed) as failed:
        run(tmp_path, script)
    assert failed.value.returncode == 3
    assert failed.value.complaints.head.startswith("first")
    assert failed.value.complaints.tail.endswith("last")
    assert len(failed.value.complaints.head) + len(failed.value.complaints.tail) < 100_000


@pytest.mark.parametrize(
    ("script", "bounds", "trace"),
    [
        ("while True: pass", Bounds(cpu_seconds=1), r"ended with -(9|24)"),
        ("open('big', 'wb').write(bytes(3_000_000))", Bounds(file_bytes=1_000_000), "File too large"),
        pytest.param("bytearray(1 << 30)", Bounds(memory_bytes=1 << 28), "MemoryError", marks=LINUX_ONLY, id="memory"),
    ],
)
def test_a_limit_stops_it(tmp_path: Path, script: str, bounds: Bounds, trace: str) -> None:
    with pytest.raises(CommandFailed, match=trace):
        run(tmp_path, script, bounds=bounds)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= bounds.file_bytes


def test_it_is_polite_and_leaves_no_core(tmp_path: Path) -> None:
    lines: list[str] = []
    script = "import os, resource; print(os.nice(0), *resource.getrlimit(resource.RLIMIT_CORE))"
    run(tmp_path, script, bounds=Bounds(nice=7), on_line=lines.append)
    nice, *core = lines[0].split()
    assert int(nice) >= 7
    assert core == ["0", "0"]


def test_wall_time_ends_the_whole_family(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still until the family is there, then the time is over."""
    lines: list[str] = []
    monkeypatch.setattr(sandbox, "time", SimpleNamespace(monotonic=lambda: 1000.0 * len(lines)))
    with pytest.raises(CommandTimedOut):
        run(tmp_path, STUBBORN, bounds=Bounds(wall_seconds=900), on_line=lines.append)
    assert lines == ["holding"]
    assert released(tmp_path / "held")


def test_cancelling_ends_the_whole_family_soon(tmp_path: Path) -> None:
    lines: list[str] = []
    asked: list[float] = []

    def cancelled() -> bool:
        if lines:
            asked.append(time.monotonic())
        return bool(lines)

    with pytest.raises(Cancelled):
        run(tmp_path, STUBBORN, on_line=lines.append, cancelled=cancelled)
    assert time.monotonic() - asked[0] < SLEEPS_SECONDS / 2
    assert released(tmp_path / "held")


def test_a_listener_that_fails_leaves_nothing_running(tmp_path: Path) -> None:
    def fail(_line: str) -> None:
        raise ValueError("listener")

    with pytest.raises(ValueError, match="listener"):
        run(tmp_path, STUBBORN, on_line=fail)
    assert released(tmp_path / "held")


@LINUX_ONLY
def test_a_killed_worker_takes_its_program_along(tmp_path: Path) -> None:
    program = STUBBORN.replace("if os.fork() == 0:", "if True:")
    script = (
        "import sys; from pathlib import Path; from lms.adapters import sandbox;"
        "sandbox.run([sys.executable, '-c', sys.argv[1]], folder=Path(sys.argv[2]), bounds=sandbox.Bounds(),"
        " on_line=lambda line: print(line, flush=True))"
    )
    command = [sys.executable, "-c", script, program, str(tmp_path)]
    root = Path(sandbox.__file__).parents[2]
    with started(command, cwd=root, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"holding\n"
        worker.kill()
    assert released(tmp_path / "held")
