"""The file becomes rows: the sheet that looks most like a roster, its titles, and a guess at what they mean."""

import uuid
from datetime import datetime
from functools import partial

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from lms.adapters import tables
from lms.adapters.objects import Store
from lms.adapters.office.workbook import MOST_ROWS, Sheet
from lms.crypto import Keyring
from lms.domain.errors import Refused, Unavailable
from lms.domain.roster_columns import Area, Heading, find_heading, guess
from lms.models.rosters import RosterImport, RosterRow
from lms.services import media
from lms.services.rosters import keeping
from lms.services.rosters.bringing import remembered
from lms.services.rosters.keeping import Top
from lms.services.rosters.states import READ, READING, REFUSED, UNSEEN
from lms.services.rosters.steps import Steps, load

TOGETHER = 500
SAMPLES = 40
Rows = dict[int, dict[int, str]]


def read_steps(store: Store, keyring: Keyring, import_id: uuid.UUID) -> Steps:
    """Reads a file that was brought."""
    waiting: list[bool] = []
    yield partial(_begin, import_id, waiting)
    if not waiting:
        return
    try:
        sheet, others, top = _best(tables.read(keeping.open_file(store, keyring, import_id)))
    except Unavailable:  # the store is asked again in the next attempt
        raise
    except Refused as refused:
        yield partial(_refuse, import_id, refused)
        return
    people = _filled_down(sheet, top.heading)
    told = Top(top.heading, top.rows, top.areas, sheet.name, others)
    numbers = sorted(people)
    for start in range(0, len(numbers), TOGETHER):
        rows = {number: people[number] for number in numbers[start : start + TOGETHER]}
        yield partial(_keep, keyring, import_id, rows, start / len(numbers))
    samples = {number: people[number] for number in numbers[:SAMPLES]}
    yield partial(_settle, keyring, import_id, told, samples, len(numbers))


def _begin(import_id: uuid.UUID, waiting: list[bool], session: Session, _now: datetime) -> float:
    if load(session, import_id, READING) is not None:
        session.execute(delete(RosterRow).where(RosterRow.import_id == import_id))
        waiting.append(True)
    return 0.0


def _refuse(import_id: uuid.UUID, refused: Refused, session: Session, now: datetime) -> float:
    found = load(session, import_id, READING)
    if found is not None:
        found.state, found.problem, found.problem_values = REFUSED, refused.code, dict(refused.values)
        keeping.empty(session, found, now=now)
    return 1.0


def _best(sheets: list[Sheet]) -> tuple[Sheet, tuple[str, ...], Top]:
    """The sheet most of whose titles are known, the names of the others, and its top. Refused("roster_empty")."""
    if not sheets:
        raise Refused("roster_empty")
    tops = [(sheet, _top(sheet)) for sheet in sheets]
    best, top = max(tops, key=lambda each: (len(guess(each[1].heading, ())), len(each[0].rows)))
    if max(best.rows) <= top.heading.last:
        raise Refused("roster_empty")
    return best, tuple(sheet.name for sheet, _ in tops if sheet is not best), top


def _top(sheet: Sheet) -> Top:
    areas = tuple((each.top, each.left, each.bottom, each.right) for each in sheet.areas)
    heading = find_heading(sheet.rows, areas)
    rows = {at: row for at, row in sheet.rows.items() if at <= heading.last}
    return Top(heading, rows, tuple(area for area in areas if area[2] <= heading.last))


def _filled_down(sheet: Sheet, heading: Heading) -> Rows:
    """The rows below the titles, with what is joined over several of them told in each."""
    rows = {at: dict(row) for at, row in sheet.rows.items() if at > heading.last}
    for area in sheet.areas:
        told = sheet.rows.get(area.top, {}).get(area.left)
        if told is not None and area.top > heading.last:
            _fill(rows, (area.top, area.left, area.bottom, area.right), told)
    return rows


def _fill(rows: Rows, area: Area, told: str) -> None:
    top, left, bottom, _ = area
    for at in range(top + 1, min(bottom, top + MOST_ROWS) + 1):
        if at in rows:
            rows[at].setdefault(left, told)


def _keep(
    keyring: Keyring, import_id: uuid.UUID, rows: Rows, fraction: float, session: Session, _now: datetime
) -> float:
    told: list[dict[str, object]] = [
        {
            "import_id": import_id,
            "number": at + 1,
            "state": UNSEEN,
            "cells_sealed": keeping.seal_cells(keyring, import_id, at + 1, row),
            "remarks": [],
            "enrollment_id": None,
        }
        for at, row in rows.items()
    ]
    session.execute(insert(RosterRow), told)
    return fraction


def _settle(
    keyring: Keyring, import_id: uuid.UUID, top: Top, samples: Rows, count: int, session: Session, now: datetime
) -> float:
    found = load(session, import_id, READING)
    if found is None:
        return 1.0
    found.shape, found.counts = top.heading.shape, {"rows": count}
    found.heading_sealed = keeping.seal_top(keyring, import_id, top)
    _guess(session, found, top.heading, samples)
    media.forget(session, keys=[keeping.object_key(import_id)], now=now)
    found.state = READ
    return 1.0


def _guess(session: Session, found: RosterImport, heading: Heading, samples: Rows) -> None:
    known = remembered(session, found.organisation_id, found.shape) if heading.titles else None
    if known is not None:
        found.columns, found.document_type = known.columns, known.document_type
    else:
        found.columns = {field.value: column for field, column in guess(heading, samples.values()).items()}
