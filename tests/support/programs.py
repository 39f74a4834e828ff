"""Programs that tests start: whatever becomes of the test, none outlives it."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def started(
    command: Sequence[str], environment: Mapping[str, str] | None = None, cwd: Path | None = None, **pipes: Any
) -> Iterator["subprocess.Popen[bytes]"]:
    """A running program, killed at the end: `with Popen` alone would wait for ever for one that does not end."""
    process = subprocess.Popen(command, env=environment, cwd=cwd, **pipes)
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=120)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
