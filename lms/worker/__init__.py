"""Work outside of requests: a job is claimed, done without a transaction, and recorded under its fence."""

from lms.worker.crew import Crew, start
from lms.worker.handlers import HANDLERS, OUTWARD, QUICK, SLOW, STEADY, WRITTEN, Record, learn
from lms.worker.progress import Progress
from lms.worker.running import LONGEST_PROBLEM, run
from lms.worker.sweeping import look, place_changes, sweep

__all__ = [
    "HANDLERS",
    "LONGEST_PROBLEM",
    "OUTWARD",
    "QUICK",
    "SLOW",
    "STEADY",
    "WRITTEN",
    "Crew",
    "Progress",
    "Record",
    "learn",
    "look",
    "place_changes",
    "run",
    "start",
    "sweep",
]
