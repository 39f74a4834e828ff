"""The good rows become enrollments, some at a time; a worker that was killed goes on where the rows say."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.errors import Refused
from lms.domain.rosters import Judged
from lms.models.rosters import EnrollmentDetail, RosterImport, RosterRow
from lms.services import audit, enrollments
from lms.services.enrollments import Placed
from lms.services.rosters import details, keeping
from lms.services.rosters.checking import Sheet, entry_of, outcome, to_json
from lms.services.rosters.counting import count
from lms.services.rosters.states import (
    ALL,
    BAD,
    CHECKED,
    DONE,
    FAILED,
    GONE,
    GOOD,
    IMPORTED,
    IMPORTING,
    THERE,
    TROUBLED,
)
from lms.services.rosters.steps import Steps, asker, load, write_rows
from lms.services.rosters.undoing import take_back
from lms.services.scopes import Actor

TOGETHER = 200


def import_steps(keyring: Keyring, import_id: uuid.UUID) -> Steps:
    """Enrolls the good rows of a file: all of them, or as many as can be."""
    left = [1]
    while left[-1]:
        yield partial(_import_some, keyring, import_id, left)
    failed: list[bool] = []
    yield partial(_look_back, import_id, failed)
    left = [1] if failed else [0]
    while left[-1]:
        yield partial(_take_back_some, import_id, left)
    yield partial(_finish, import_id)


def _import_some(keyring: Keyring, import_id: uuid.UUID, left: list[int], session: Session, now: datetime) -> float:
    found = load(session, import_id, IMPORTING)
    rows = _good_rows(session, import_id) if found is not None else []
    left.append(len(rows))
    if found is None or not rows:
        return 1.0
    actor = asker(session, found)
    try:
        placed = _enroll(session, keyring, actor, found, rows, now)
    except Refused as refused:  # the class was closed or changed meanwhile: nothing more can come in
        found.state, found.problem, found.problem_values = CHECKED, refused.code, dict(refused.values)
        found.counts = count(session, found)
        left.append(0)
        return 1.0
    changes = [_change(row.number, each, row.remarks) for row, each in zip(rows, placed, strict=True)]
    write_rows(session, import_id, changes)
    return _fraction(session, import_id, found.counts)


def _good_rows(session: Session, import_id: uuid.UUID) -> Sequence[RosterRow]:
    good = select(RosterRow).where(RosterRow.import_id == import_id, RosterRow.state == GOOD)
    return session.scalars(good.order_by(RosterRow.number).limit(TOGETHER).with_for_update()).all()


def _enroll(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    found: RosterImport,
    rows: Sequence[RosterRow],
    now: datetime,
) -> list[Placed]:
    cohort = enrollments.get_open_cohort(session, actor, found.cohort_id, now=now)
    sheet = Sheet(keyring, session, found, now)
    judged = [_judged(keyring, sheet, row) for row in rows]
    entries = [entry_of(keyring, each, now) for each in judged]
    placed = enrollments.enroll_all(session, keyring, actor, cohort, entries, now=now)
    told = [
        details.row(keyring, each.enrollment_id, judgement.told.details)
        for each, judgement in zip(placed, judged, strict=True)
        if each.enrollment_id and each.decision.joins and judgement.told.details
    ]
    if told:
        session.execute(insert(EnrollmentDetail), told)
    return placed


def _judged(keyring: Keyring, sheet: Sheet, row: RosterRow) -> Judged:
    judged = sheet.judge(keeping.open_cells(keyring, row.import_id, row.number, row.cells_sealed))
    if judged is None:
        raise ValueError(f"row {row.number} was somebody when it was checked")
    return judged


def _change(number: int, placed: Placed, before: Sequence[object]) -> dict[str, object]:
    state, remarks = outcome(placed.decision)
    if placed.refusal == "already_enrolled":
        return {"number": number, "state": THERE, "remarks": list(before), "enrollment_id": None}
    if placed.refusal:
        told = [*before, *map(to_json, remarks)]
        return {"number": number, "state": FAILED, "remarks": told, "enrollment_id": None}
    state = DONE if placed.decision.joins else THERE
    return {"number": number, "state": state, "remarks": list(before), "enrollment_id": placed.enrollment_id}


def _fraction(session: Session, import_id: uuid.UUID, counts: dict[str, int]) -> float:
    waiting = select(func.count()).where(RosterRow.import_id == import_id, RosterRow.state == GOOD)
    return 1.0 - (session.scalar(waiting) or 0) / max(1, counts.get(GOOD, 1))


def _look_back(import_id: uuid.UUID, failed: list[bool], session: Session, _now: datetime) -> float:
    """Whether all was asked for and something failed, so that what came in must go again."""
    found = load(session, import_id, IMPORTING)
    some = select(RosterRow.number).where(RosterRow.import_id == import_id, RosterRow.state == FAILED).limit(1)
    if found is not None and found.mode == ALL and session.scalar(some) is not None:
        failed.append(True)
    return 1.0


def _take_back_some(import_id: uuid.UUID, left: list[int], session: Session, now: datetime) -> float:
    found = load(session, import_id, IMPORTING)
    left.append(0 if found is None else take_back(session, asker(session, found), found, now=now))
    return 1.0


def _finish(import_id: uuid.UUID, session: Session, now: datetime) -> float:
    found = load(session, import_id, IMPORTING)
    if found is None:
        return 1.0
    found.counts = count(session, found)
    if found.mode == ALL and found.counts.get(FAILED):
        _all_or_nothing(session, found)
        return 1.0
    found.state, found.imported_at = IMPORTED, now
    _empty_good_rows(session, found, now)
    told: dict[str, object] = {"cohort": str(found.cohort_id), "rows": found.counts.get(DONE, 0)}
    place = {"account_id": found.asked_by, "organisation_id": found.organisation_id}
    audit.record(session, "roster.import", found.id, now=now, detail=told, **place)
    return 1.0


def _all_or_nothing(session: Session, found: RosterImport) -> None:
    """Back to where it was asked: what was taken back is good again, what failed is bad."""
    for before, after in ((GONE, GOOD), (FAILED, BAD)):
        mine = update(RosterRow).where(RosterRow.import_id == found.id, RosterRow.state == before)
        session.execute(mine.values(state=after), execution_options={"synchronize_session": False})
    found.state, found.problem, found.counts = CHECKED, "roster_none_imported", count(session, found)


def _empty_good_rows(session: Session, found: RosterImport, now: datetime) -> None:
    """Only what somebody still has to mend is kept, until the day is over."""
    if not any(found.counts.get(state) for state in TROUBLED):
        keeping.empty(session, found, now=now)
        return
    rest = update(RosterRow).where(RosterRow.import_id == found.id, RosterRow.state.not_in(TROUBLED))
    session.execute(rest.values(cells_sealed=None), execution_options={"synchronize_session": False})
