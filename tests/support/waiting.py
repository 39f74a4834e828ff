"""Waiting for what other threads and processes do: until a condition holds, and no longer than that."""

import threading
import time
from collections.abc import Callable

PATIENCE_SECONDS = 120.0  # a process of its own loads all the house first, beside others that do
LOOK_EVERY_SECONDS = 0.02


def wait_until(condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Returns as soon as `condition()` is true; fails the test when it stays false for so long."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        pause.wait(LOOK_EVERY_SECONDS)
