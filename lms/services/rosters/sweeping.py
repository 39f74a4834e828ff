"""After a day everything personal of a file is gone, whatever became of it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.adapters.objects import Store
from lms.models.rosters import RosterImport
from lms.services import jobs
from lms.services.rosters.bringing import job_of
from lms.services.rosters.counting import count
from lms.services.rosters.keeping import FOLDER, empty
from lms.services.rosters.states import CHECKED, CHECKING, DROPPED, IMPORTED, IMPORTING, READ, READING, UNDOING

KEPT_FOR = timedelta(days=1)
SWEPT_AT_ONCE = 20


def sweep(session: Session, *, now: datetime) -> None:
    """Empties what was brought a day ago, and lets go of what nobody decided about; work under way is left alone."""
    old = select(RosterImport).where(RosterImport.emptied_at.is_(None), RosterImport.created_at < now - KEPT_FOR)
    for found in session.scalars(old.order_by(RosterImport.created_at).limit(SWEPT_AT_ONCE)).all():
        job = job_of(session, found)
        if job is not None and job.state in (jobs.QUEUED, jobs.RUNNING):
            continue
        empty(session, found, now=now)
        if found.state in (READING, READ, CHECKING, CHECKED):
            found.state = DROPPED
        elif found.state in (IMPORTING, UNDOING):  # what was done stays, and can be taken back
            found.state, found.counts = IMPORTED, count(session, found)
            found.imported_at = found.imported_at or now
    session.flush()


def sweep_store(store: Store, *, now: datetime) -> int:
    """Removes files whose request was never committed, known by the time in their names; tells how many."""
    oldest = f"{int((now - KEPT_FOR).timestamp() * 1000):012x}"
    left = [key for key in store.list(FOLDER) if key.removeprefix(FOLDER)[:12] < oldest]
    for key in left:
        store.delete(key)
    return len(left)
