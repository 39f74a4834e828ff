"""The study clock S: milliseconds that never run backwards, whatever the wall clock does.

S = a stored base + the machine's boot counter. Processes on one machine share both, so they read the
same S. After a restart of the machine the base is laid anew, never below anything handed out before.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.db import insert_if_absent
from lms.models.study import StudyClock, StudyLease

ONLY_ROW = 1


def read_ms(session: Session) -> int:
    """The study clock now, inside a writing transaction; lays a new base after a restart."""
    counter, boot = clock.boot_counter_ms(), clock.boot_id()
    row = session.get(StudyClock, ONLY_ROW)
    if row is not None and row.boot_id == boot:
        return row.base_ms + counter
    return _rebase(session, boot, counter)


def _rebase(session: Session, boot: str, counter: int) -> int:
    insert_if_absent(session, StudyClock, id=ONLY_ROW, boot_id="", base_ms=0, last_ms=0)
    row = session.get_one(StudyClock, ONLY_ROW, with_for_update=True, populate_existing=True)
    if row.boot_id == boot:
        return row.base_ms + counter  # another process was first; its base is everybody's
    used = session.scalar(select(func.max(StudyLease.high_water_ms))) or 0
    start = max(clock.wall_ms(), row.last_ms, used)
    row.boot_id, row.base_ms, row.last_ms = boot, start - counter, start
    return start


def store(session: Session) -> None:
    """Keeps the clock's present reading, so that the next base starts above it."""
    now_ms = read_ms(session)
    row = session.get(StudyClock, ONLY_ROW, with_for_update=True)
    if row is not None and row.last_ms < now_ms:
        row.last_ms = now_ms
