"""A batch is taken back, but for those who have studied: they are named and stay."""

import uuid
from datetime import datetime
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.domain.errors import Refused
from lms.models.enrollments import Enrollment
from lms.models.rosters import RosterImport, RosterRow
from lms.services import audit, enrollments
from lms.services.rosters.counting import count
from lms.services.rosters.states import DONE, GONE, IMPORTED, KEPT, UNDOING, UNDONE
from lms.services.rosters.steps import Steps, asker, load, write_rows
from lms.services.scopes import Actor

TOGETHER = 200


def undo_steps(import_id: uuid.UUID) -> Steps:
    """Takes a batch back."""
    left = [1]
    while left[-1]:
        yield partial(_undo_some, import_id, left)
    yield partial(_finish, import_id)


def _undo_some(import_id: uuid.UUID, left: list[int], session: Session, now: datetime) -> float:
    found = load(session, import_id, UNDOING)
    left.append(0 if found is None else take_back(session, asker(session, found), found, now=now))
    if found is None or found.problem:
        return 1.0
    waiting = select(func.count()).where(RosterRow.import_id == import_id, RosterRow.state == DONE)
    return float(1 - (session.scalar(waiting) or 0) / max(1, found.counts.get(DONE, 1)))


def take_back(session: Session, actor: Actor, found: RosterImport, *, now: datetime) -> int:
    """Takes some of those out of the class whom this file brought in; tells how many rows it looked at.

    Where their roster was filed meanwhile nobody can be taken out: the file says so, and its rows stay as they are.
    """
    done = select(RosterRow).where(RosterRow.import_id == found.id, RosterRow.state == DONE)
    rows = session.scalars(done.order_by(RosterRow.number).limit(TOGETHER).with_for_update()).all()
    ids = {row.enrollment_id for row in rows if row.enrollment_id is not None}
    there = set(session.scalars(select(Enrollment.id).where(Enrollment.id.in_(ids))))
    try:
        staying = enrollments.remove_all(session, actor, found.cohort_id, there, now=now) if there else set()
    except Refused as refused:
        found.state, found.problem, found.problem_values = IMPORTED, refused.code, dict(refused.values)
        found.counts, found.imported_at = count(session, found), found.imported_at or now
        return 0
    changes: list[dict[str, object]] = [
        {
            "number": row.number,
            "state": KEPT if row.enrollment_id in staying else GONE,
            "enrollment_id": row.enrollment_id if row.enrollment_id in staying else None,
        }
        for row in rows
    ]
    write_rows(session, found.id, changes)
    return len(rows)


def _finish(import_id: uuid.UUID, session: Session, now: datetime) -> float:
    found = load(session, import_id, UNDOING)
    if found is None:
        return 1.0
    found.counts, found.state, found.undone_at = count(session, found), UNDONE, now
    told: dict[str, object] = {
        "cohort": str(found.cohort_id),
        "rows": found.counts.get(GONE, 0),
        "kept": found.counts.get(KEPT, 0),
    }
    place = {"account_id": found.asked_by, "organisation_id": found.organisation_id}
    audit.record(session, "roster.undo", found.id, now=now, detail=told, **place)
    return 1.0
