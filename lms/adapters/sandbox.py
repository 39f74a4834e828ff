"""Runs a foreign program under limits: time, memory, file size, no environment, no child left behind."""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launch.py")
TICK_SECONDS = 0.2
GRACE_SECONDS = 1.0
HEAD_BYTES = 65_536
TAIL_BYTES = 16_384


@dataclass(frozen=True)
class Bounds:
    """What one run may use. Memory is address space, not what is really touched."""

    wall_seconds: float = 600.0
    cpu_seconds: int = 1_200
    memory_bytes: int = 4 * 1024**3
    file_bytes: int = 2 * 1024**3
    nice: int = 10


class Complaints:
    """The first and the last of standard error; what lies between is dropped."""

    def __init__(self) -> None:
        self._head = self._tail = b""

    def feed(self, chunk: bytes) -> None:
        """Keep what fits."""
        self._head += chunk[: max(HEAD_BYTES - len(self._head), 0)]
        self._tail = (self._tail + chunk)[-TAIL_BYTES:]

    @property
    def head(self) -> str:
        """How it began: where ffmpeg describes its input."""
        return self._head.decode("utf-8", "replace")

    @property
    def tail(self) -> str:
        """How it ended: where a program says what went wrong."""
        return self._tail.decode("utf-8", "replace")


class CommandFailed(Exception):
    """The program ended badly; its complaints are for the log, never for a page."""

    def __init__(self, returncode: int, complaints: Complaints) -> None:
        super().__init__(f"ended with {returncode}: {complaints.tail[-300:]}")
        self.returncode = returncode
        self.complaints = complaints


class CommandTimedOut(CommandFailed):
    """It was still running when its wall time was over."""


class Cancelled(Exception):
    """`cancelled()` said so; the program and its children are gone."""


class Lines:
    """Standard output, cut into lines."""

    def __init__(self, on_line: Callable[[str], None]) -> None:
        self._on_line = on_line
        self._unfinished = b""

    def feed(self, chunk: bytes) -> None:
        """Hand on each line that is complete."""
        *lines, self._unfinished = (self._unfinished + chunk).split(b"\n")
        for line in lines:
            self._on_line(line.decode("utf-8", "replace"))


def never() -> bool:
    """The `cancelled` of a run nobody can cancel."""
    return False


def ignore(_said: object) -> None:
    """The `on_line` or `on_progress` of a run nobody listens to."""


def run(
    command: Sequence[str],
    *,
    folder: Path,
    bounds: Bounds,
    on_line: Callable[[str], None] = ignore,
    cancelled: Callable[[], bool] = never,
) -> Complaints:
    """Run `command` in `folder`, each line of its standard output to `on_line`; return its standard error.

    `command[0]` must be an absolute path. Raises CommandFailed, CommandTimedOut or Cancelled. Whatever happens,
    no process of its group is left.
    """
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER), json.dumps(asdict(bounds)), *command]
    deadline = time.monotonic() + bounds.wall_seconds
    lines, complaints = Lines(on_line), Complaints()
    with _start(launcher, folder) as process:
        try:
            for _ in _ticks(process, lines, complaints):
                if cancelled():
                    raise Cancelled
                if time.monotonic() > deadline:
                    raise CommandTimedOut(-signal.SIGTERM, complaints)
        finally:
            _end(process)
    if process.returncode != 0:
        raise CommandFailed(process.returncode, complaints)
    return complaints


def _start(command: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=folder,
        env={},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def _ticks(process: subprocess.Popen[bytes], lines: Lines, complaints: Complaints) -> Iterator[None]:
    """Read both pipes until the process has ended; comes up for air at least every tick."""
    with selectors.DefaultSelector() as selector:
        for pipe, reader in ((process.stdout, lines), (process.stderr, complaints)):
            if pipe is not None:
                selector.register(pipe, selectors.EVENT_READ, reader.feed)
        while selector.get_map():
            yield
            for key, _ in selector.select(TICK_SECONDS):
                chunk = os.read(key.fd, 65_536)
                if chunk:
                    key.data(chunk)
                else:
                    selector.unregister(key.fileobj)
    while process.poll() is None:
        yield
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(TICK_SECONDS)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the whole group to stop, then make it: a child may outlive the leader and hold the pipes."""
    if process.poll() is None:
        _signal_group(process, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)
    _signal_group(process, signal.SIGKILL)
    process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # macOS answers EPERM, not ESRCH, for a group of which only a zombie is left
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
