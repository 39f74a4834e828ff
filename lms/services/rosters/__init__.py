"""Rosters (花名册): a file becomes rows, the rows are judged, the good ones are enrolled, and can be taken back."""

from lms.services.rosters.bringing import bring, choose, confirm, drop, get, retry, undo
from lms.services.rosters.details import find_all as find_details
from lms.services.rosters.showing import (
    KINDS,
    Brought,
    RosterView,
    RowView,
    failed_rows,
    list_of,
    list_rows,
    look,
    samples,
)
from lms.services.rosters.states import ALL, BUSY, ONLY_GOOD
from lms.services.rosters.sweeping import sweep, sweep_store
from lms.services.rosters.working import JOBS, steps

__all__ = [
    "ALL",
    "BUSY",
    "JOBS",
    "KINDS",
    "ONLY_GOOD",
    "Brought",
    "RosterView",
    "RowView",
    "bring",
    "choose",
    "confirm",
    "drop",
    "failed_rows",
    "find_details",
    "get",
    "list_of",
    "list_rows",
    "look",
    "retry",
    "samples",
    "steps",
    "sweep",
    "sweep_store",
    "undo",
]
