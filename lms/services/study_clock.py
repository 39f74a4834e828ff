"""The study clock S: milliseconds that never run backwards, whatever the wall clock does.

S = a stored base + the boot counter of the machine that has the authority. Processes on one machine share both,
so they read the same S. After a restart the base is laid anew, never below anything handed out before. Another
machine is refused while the one in authority is alive: two counters would be two clocks.
"""

import uuid
from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.bulk import Lookup
from lms.db import insert_if_absent
from lms.domain.days import unix_ms
from lms.domain.errors import Unavailable
from lms.models.study import StudyClock, StudyLease
from lms.services import audit
from lms.services.evidence import Held, Pen

ONLY_ROW = 1
ALIVE_MS = 30_000  # the sweeper stores the clock every ten seconds
STEP_MS = 2_000
KNOWN = Lookup(select(StudyClock.boot_id, StudyClock.base_ms), StudyClock.__table__.c.id)


def read_ms(session: Session) -> int:
    """The study clock now, inside a writing transaction; lays a new base after a restart.

    Unavailable("study_clock_elsewhere") while another machine keeps the clock of this deployment.
    """
    counter, boot = clock.boot_counter_ms(), clock.boot_id()
    for known in KNOWN.rows(session, [ONLY_ROW]):
        if known.boot_id == boot:
            return int(known.base_ms) + counter
    return _rebase(session, boot, counter)


def peek_ms(session: Session) -> int:
    """The study clock for a page that only reads: at least what was stored last."""
    known = session.get(StudyClock, ONLY_ROW)
    if known is None:
        return clock.wall_ms()
    if known.boot_id == clock.boot_id():
        return known.base_ms + clock.boot_counter_ms()
    return max(known.last_ms, clock.wall_ms())


def hold(session: Session, person_ids: Collection[uuid.UUID], *, now: datetime) -> tuple[Pen, dict[uuid.UUID, Held]]:
    """These persons' leases, and the pen over their chains.

    The clock is read after the locks: entries stand in the order of their times, and time spent waiting for a lease is
    elapsed time. Unavailable as in `read_ms`.
    """
    pen = Pen(session, now_ms=0, now=now)
    held = pen.hold(person_ids)
    pen.now_ms = read_ms(session)
    return pen, held


def hold_one(session: Session, person_id: uuid.UUID, *, now: datetime) -> tuple[Pen, Held]:
    """The same for one person."""
    pen, held = hold(session, [person_id], now=now)
    return pen, held[person_id]


def _rebase(session: Session, boot: str, counter: int) -> int:
    nobody = {"boot_id": "", "base_ms": 0, "last_ms": 0, "stored_at": datetime.fromtimestamp(0, UTC)}
    insert_if_absent(session, StudyClock, id=ONLY_ROW, **nobody)
    row = session.get_one(StudyClock, ONLY_ROW, with_for_update=True, populate_existing=True)
    if row.boot_id == boot:
        return row.base_ms + counter  # another process was first; its base is everybody's
    wall_ms = clock.wall_ms()
    rivals = bool(row.boot_id) and clock.names_machine(row.boot_id) and clock.names_machine(boot)
    if rivals and 0 <= wall_ms - unix_ms(row.stored_at) < ALIVE_MS:
        raise Unavailable("study_clock_elsewhere")
    used = session.scalar(select(func.max(StudyLease.high_water_ms))) or 0
    start = max(wall_ms, row.last_ms, used)
    row.boot_id, row.base_ms, row.last_ms = boot, start - counter, start
    row.stored_at = datetime.fromtimestamp(wall_ms / 1000, UTC)
    session.flush()
    return start


def store(session: Session, *, now: datetime) -> None:
    """Keeps the clock's present reading, so that the next base starts above it, and watches the wall clock.

    A step of the wall clock is put on record; it never changes what the study clock reads.
    """
    now_ms = read_ms(session)
    row = session.get(StudyClock, ONLY_ROW, with_for_update=True, populate_existing=True)
    if row is None or row.last_ms >= now_ms:
        return
    stepped = (unix_ms(now) - unix_ms(row.stored_at)) - (now_ms - row.last_ms)
    if abs(stepped) > STEP_MS:
        audit.record(session, "clock.step", ONLY_ROW, now=now, detail={"stepped_ms": stepped})
    row.last_ms, row.stored_at = now_ms, now
