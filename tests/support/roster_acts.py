"""A roster's way from file to class, step by step, with the work of the jobs done in between."""

import uuid
from datetime import datetime

from sqlalchemy import func, select

from lms import clock
from lms.domain.identity import DocumentType
from lms.models.base import Base
from lms.models.rosters import RosterImport, RosterRow
from lms.parts import Parts
from lms.services import rosters
from lms.services.rosters.states import CHECKED, IMPORTED
from tests.support.cast import Cast
from tests.support.rosters import MESSY_FIRST, work


def bring(parts: Parts, cast: Cast, data: bytes, now: datetime | None = None) -> uuid.UUID:
    """The file as the institution brings it, not read yet."""
    with parts.database.transaction() as session:
        told = {"file_name": "花名册.xlsx", "data": data, "now": now or clock.now()}
        return rosters.bring(session, parts.store, parts.keyring, cast.zhoumin, cast.cohort, **told)


def row_of(parts: Parts, import_id: uuid.UUID) -> RosterImport:
    """The file as its table has it."""
    with parts.database.transaction(write=False) as session:
        return session.get_one(RosterImport, import_id)


def choose(parts: Parts, cast: Cast, import_id: uuid.UUID, columns: dict[str, int] | None = None) -> RosterImport:
    """The columns as guessed, or as told; then the dry run."""
    found = row_of(parts, import_id)
    with parts.database.transaction() as session:
        told = list((columns or found.columns).items())
        rosters.choose(session, cast.zhoumin, import_id, told, DocumentType.RESIDENT_ID, now=clock.now())
    work(parts)
    return row_of(parts, import_id)


def checked(parts: Parts, cast: Cast, data: bytes) -> uuid.UUID:
    """A file whose dry run is done; its id."""
    import_id = bring(parts, cast, data)
    work(parts)
    assert choose(parts, cast, import_id).state == CHECKED
    return import_id


def confirm(parts: Parts, cast: Cast, import_id: uuid.UUID, mode: str = rosters.ONLY_GOOD) -> None:
    """Asks for the import."""
    with parts.database.transaction() as session:
        rosters.confirm(session, cast.zhoumin, import_id, mode, now=clock.now())


def imported(parts: Parts, cast: Cast, data: bytes) -> uuid.UUID:
    """A file whose learners are in the class; its id."""
    import_id = checked(parts, cast, data)
    confirm(parts, cast, import_id)
    work(parts)
    assert row_of(parts, import_id).state == IMPORTED
    return import_id


def count(parts: Parts, table: type[Base]) -> int:
    """How many rows a table has."""
    with parts.database.transaction(write=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def rows_of(parts: Parts, import_id: uuid.UUID) -> dict[int, RosterRow]:
    """The rows of a file by their numbers."""
    with parts.database.transaction(write=False) as session:
        rows = session.scalars(select(RosterRow).where(RosterRow.import_id == import_id))
        return {row.number: row for row in rows}


def codes(row: RosterRow) -> list[str]:
    """What is said about a row."""
    return [each["code"] for each in row.remarks]


def at(place: int) -> int:
    """The row of a learner of the messy file."""
    return MESSY_FIRST + place + place // 100
