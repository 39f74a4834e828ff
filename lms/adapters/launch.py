"""A program of its own: lowers what the process may use, then becomes the command it was given.

Run by path (`python -I -S launch.py '<bounds as JSON>' command …`), never imported: limits set between fork and
exec inside a threaded worker (`preexec_fn`) may deadlock.
"""

import ctypes
import json
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1


def limit(kind: int, value: int) -> None:
    """Never above the hard limit the parent already has."""
    hard = resource.getrlimit(kind)[1]
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (ceiling, ceiling))


def die_with_parent() -> None:
    """A worker that is killed takes its encoder along (Linux only)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))


def main(bounds_json: str, *command: str) -> None:
    """Replace this process by `command`, with no environment at all."""
    bounds = json.loads(bounds_json)
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_CPU, bounds["cpu_seconds"])
    limit(resource.RLIMIT_FSIZE, bounds["file_bytes"])
    if sys.platform == "linux":  # macOS refuses RLIMIT_AS
        limit(resource.RLIMIT_AS, bounds["memory_bytes"])
        die_with_parent()
    os.umask(0o077)
    os.nice(bounds["nice"])
    os.execve(command[0], command, {})  # noqa: S606 - the very purpose; no shell


if __name__ == "__main__":
    main(*sys.argv[1:])
