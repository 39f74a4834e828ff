"""Files and their rows as an institution's pages show them: numbers masked, names told."""

import re
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.errors import Conflict
from lms.domain.roster_columns import Field, Row
from lms.domain.rosters import Remark, clean
from lms.models.accounts import Account
from lms.models.enrollments import Cohort, Enrollment
from lms.models.jobs import Job
from lms.models.people import Person
from lms.models.rosters import RosterImport, RosterRow
from lms.services import jobs, scopes
from lms.services.rosters import keeping
from lms.services.rosters.bringing import get, job_of, note, remembered
from lms.services.rosters.checking import from_json
from lms.services.rosters.keeping import Top
from lms.services.rosters.states import (
    BAD,
    CHECKED,
    DONE,
    FAILED,
    GOOD,
    IMPORTED,
    KEPT,
    SKIPPED,
    THERE,
    TROUBLED,
    TWIN,
    UNDONE,
)
from lms.services.scopes import Actor

PAGE = 50
SAMPLES = 3
MOST_SHOWN = 50
TROUBLE, WARNED = "trouble", "warned"
KINDS: Mapping[str, Collection[str]] = {
    TROUBLE: TROUBLED,
    WARNED: (GOOD, DONE),
    GOOD: (GOOD, DONE),
    THERE: (THERE,),
    TWIN: (TWIN,),
    SKIPPED: (SKIPPED,),
    KEPT: (KEPT,),
}
_DIGITS = re.compile(r"\d{5,}")


@dataclass(frozen=True)
class Brought:
    """One file in a list."""

    import_id: uuid.UUID
    file_name: str
    state: str
    counts: Mapping[str, int]
    by: str
    at: datetime


@dataclass(frozen=True)
class Twin:
    """The same file, imported before."""

    cohort: str
    at: datetime | None


@dataclass(frozen=True)
class RosterView:
    """One file with what its page needs; `progress` is of the work under way, in %."""

    found: RosterImport
    cohort: str
    progress: int
    has_failed: bool
    top: Top
    twin: Twin | None
    is_remembered: bool

    @property
    def columns(self) -> dict[Field, int]:
        """Which column tells what."""
        return {Field(name): column for name, column in self.found.columns.items()}


@dataclass(frozen=True)
class RowView:
    """One row: who it tells of as far as that is still known, and what is said about it."""

    number: int
    state: str
    name: str
    document: str
    remarks: Sequence[Remark]


@dataclass(frozen=True)
class RowsPage:
    """Some rows of a kind."""

    rows: Sequence[RowView]
    page: int
    pages: int
    total: int


def list_of(session: Session, actor: Actor, cohort_id: uuid.UUID) -> list[Brought]:
    """The files brought for a cohort, the newest first."""
    query = (
        scopes.rosters_of(actor)
        .where(RosterImport.cohort_id == cohort_id)
        .join(Account, Account.id == RosterImport.created_by)
        .add_columns(Account.name)
        .order_by(RosterImport.id.desc())
        .limit(MOST_SHOWN)
    )
    return [
        Brought(each.id, each.file_name, each.state, each.counts, name, each.created_at)
        for each, name in session.execute(query)
    ]


def look(session: Session, keyring: Keyring, actor: Actor, import_id: uuid.UUID) -> RosterView:
    """One file. NotFound."""
    found = get(session, actor, import_id)
    job: Job | None = job_of(session, found)
    known = remembered(session, found.organisation_id, found.shape) if found.shape else None
    return RosterView(
        found=found,
        cohort=session.get_one(Cohort, found.cohort_id).name,
        progress=job.progress if job else 100,
        has_failed=job is not None and job.state in (jobs.FAILED, jobs.CANCELLED),
        top=keeping.open_top(keyring, found.id, found.heading_sealed),
        twin=_twin(session, found),
        is_remembered=known is not None,
    )


def _twin(session: Session, found: RosterImport) -> Twin | None:
    query = (
        select(Cohort.name, RosterImport.imported_at)
        .join(Cohort, Cohort.id == RosterImport.cohort_id)
        .where(
            RosterImport.organisation_id == found.organisation_id,
            RosterImport.sha256 == found.sha256,
            RosterImport.id != found.id,
            RosterImport.imported_at.is_not(None),
            RosterImport.undone_at.is_(None),
        )
    )
    row = session.execute(query.order_by(RosterImport.imported_at.desc()).limit(1)).one_or_none()
    return Twin(row[0], row[1]) if row else None


def samples(session: Session, keyring: Keyring, view: RosterView) -> dict[int, list[str]]:
    """The first cells of each column, long runs of digits masked."""
    first = select(RosterRow).where(RosterRow.import_id == view.found.id).order_by(RosterRow.number).limit(SAMPLES)
    rows = [_cells(keyring, row) for row in session.scalars(first)]
    columns = sorted({*view.top.heading.titles, *(column for row in rows for column in row)})
    return {column: [masked(row[column]) for row in rows if row.get(column)] for column in columns}


def masked(text: str) -> str:
    """A cell whose long numbers show their ends only."""
    return _DIGITS.sub(lambda found: _ends(found[0]), clean(text))


def _ends(digits: str) -> str:
    """A passport has seven digits and fewer, a phone eleven."""
    head, tail = (3, 4) if len(digits) > 10 else (1, 1)
    return f"{digits[:head]}{'*' * (len(digits) - head - tail)}{digits[-tail:]}"


def _cells(keyring: Keyring, row: RosterRow) -> Row:
    return keeping.open_cells(keyring, row.import_id, row.number, row.cells_sealed)


def list_rows(session: Session, keyring: Keyring, view: RosterView, kind: str, page: int) -> RowsPage:
    """The rows of one kind, page by page."""
    mine = [RosterRow.import_id == view.found.id, RosterRow.state.in_(KINDS.get(kind, TROUBLED))]
    mine += [_has_remarks(session)] if kind == WARNED else []
    total = session.scalar(select(func.count()).select_from(RosterRow).where(*mine)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    query = select(RosterRow).where(*mine).order_by(RosterRow.number).limit(PAGE).offset((page - 1) * PAGE)
    rows = session.scalars(query).all()
    names = _names(session, rows)
    return RowsPage([_row(keyring, view, row, names) for row in rows], page, pages, total)


def _has_remarks(session: Session) -> ColumnElement[bool]:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    length = func.json_array_length if is_sqlite else func.jsonb_array_length
    return length(RosterRow.remarks) > 0


def _names(session: Session, rows: Iterable[RosterRow]) -> dict[uuid.UUID, str]:
    """Of those who are in the class: their cells are gone by then."""
    ids = [row.enrollment_id for row in rows if row.enrollment_id is not None]
    query = select(Enrollment.id, Person.name).join(Person, Person.id == Enrollment.person_id)
    return dict(session.execute(query.where(Enrollment.id.in_(ids))).all())


def _row(keyring: Keyring, view: RosterView, row: RosterRow, names: Mapping[uuid.UUID, str]) -> RowView:
    cells = _cells(keyring, row)
    told = {field: clean(cells.get(column, "")) for field, column in view.columns.items()}
    name = told.get(Field.NAME) or (names.get(row.enrollment_id, "") if row.enrollment_id else "")
    text = " ".join(clean(each) for each in cells.values()) if row.state == SKIPPED else name
    document = masked(told.get(Field.NUMBER, ""))
    return RowView(row.number, row.state, masked(text)[:60], document, [from_json(each) for each in row.remarks])


def failed_rows(
    session: Session, keyring: Keyring, actor: Actor, import_id: uuid.UUID, *, now: datetime
) -> tuple[RosterView, list[tuple[int, Row, list[Remark]]]]:
    """The rows that could not come in, whole, as they stood there: (number, cells, remarks); on record.

    NotFound; Conflict("roster_moved_on") while the rows are being checked, or were not.
    """
    view = look(session, keyring, actor, import_id)
    if view.found.state not in (CHECKED, IMPORTED, UNDONE):
        raise Conflict("roster_moved_on")
    query = select(RosterRow).where(
        RosterRow.import_id == import_id, RosterRow.state.in_(TROUBLED), RosterRow.cells_sealed.is_not(None)
    )
    rows = [
        (row.number, _cells(keyring, row), [from_json(each) for each in row.remarks])
        for row in session.scalars(query.order_by(RosterRow.number))
    ]
    note(session, actor, "roster.download_failed", view.found, {"rows": len(rows), "states": [BAD, FAILED]}, now)
    return view, rows
