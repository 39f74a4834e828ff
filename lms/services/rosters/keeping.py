"""What is personal in a file: encrypted while it waits, gone as soon as it is not needed, after a day in any case."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from lms.adapters.objects import Store
from lms.crypto import Keyring
from lms.domain.roster_columns import Area, Grid, Heading, Row
from lms.models.rosters import RosterImport, RosterRow
from lms.services import media
from lms.services.rosters.states import READING, REFUSED

FOLDER = "rosters/"
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Top:
    """What stands above the people of a sheet, and which other sheets the file has."""

    heading: Heading
    rows: Grid
    areas: tuple[Area, ...] = ()
    sheet: str = ""
    others: tuple[str, ...] = field(default=())


def object_key(import_id: uuid.UUID) -> str:
    """Where the encrypted file lies until it is read."""
    return f"{FOLDER}{import_id.hex}"


def put_file(store: Store, keyring: Keyring, import_id: uuid.UUID, data: bytes) -> None:
    """Keeps the file, encrypted."""
    store.put_bytes(object_key(import_id), keyring.seal_bytes(data, _file_place(import_id)), "application/octet-stream")


def open_file(store: Store, keyring: Keyring, import_id: uuid.UUID) -> bytes:
    """The file again. NotFound("media_not_found") when it was removed."""
    with store.open(object_key(import_id)) as body:
        return keyring.open_bytes(body.read(), _file_place(import_id))


def _file_place(import_id: uuid.UUID) -> str:
    return f"roster_imports:{import_id}:file"


def seal_cells(keyring: Keyring, import_id: uuid.UUID, number: int, cells: Row) -> str:
    """The cells of a row for its table."""
    return keyring.seal(_ENCODER.encode({str(at): text for at, text in cells.items()}), _row_place(import_id, number))


def open_cells(keyring: Keyring, import_id: uuid.UUID, number: int, sealed: str | None) -> dict[int, str]:
    """The cells of a row; none when they have been removed."""
    if sealed is None:
        return {}
    told: dict[str, str] = json.loads(keyring.open(sealed, _row_place(import_id, number)))
    return {int(at): text for at, text in told.items()}


def _row_place(import_id: uuid.UUID, number: int) -> str:
    return f"roster_rows:{import_id}:{number}:cells"


def seal_top(keyring: Keyring, import_id: uuid.UUID, top: Top) -> str:
    """What stands above the people, for its column."""
    heading = {"first": top.heading.first, "last": top.heading.last, "titles": _keyed(top.heading.titles)}
    rows = {str(at): _keyed(row) for at, row in top.rows.items()}
    told = {"heading": heading, "rows": rows, "areas": top.areas, "sheet": top.sheet, "others": top.others}
    return keyring.seal(_ENCODER.encode(told), _top_place(import_id))


def open_top(keyring: Keyring, import_id: uuid.UUID, sealed: str | None) -> Top:
    """The same again; empty when it has been removed."""
    if sealed is None:
        return Top(Heading(-1, -1, {}), {})
    told = json.loads(keyring.open(sealed, _top_place(import_id)))
    heading = Heading(told["heading"]["first"], told["heading"]["last"], _unkeyed(told["heading"]["titles"]))
    rows = {int(at): _unkeyed(row) for at, row in told["rows"].items()}
    areas = tuple((top, left, bottom, right) for top, left, bottom, right in told["areas"])
    return Top(heading, rows, areas, told["sheet"], tuple(told["others"]))


def _top_place(import_id: uuid.UUID) -> str:
    return f"roster_imports:{import_id}:heading"


def _keyed(row: Mapping[int, str]) -> dict[str, str]:
    return {str(at): text for at, text in row.items()}


def _unkeyed(row: Mapping[str, str]) -> dict[int, str]:
    return {int(at): text for at, text in row.items()}


def empty(session: Session, found: RosterImport, *, now: datetime) -> None:
    """Removes everything personal of a file; what it came to stays."""
    mine = update(RosterRow).where(RosterRow.import_id == found.id, RosterRow.cells_sealed.is_not(None))
    session.execute(mine.values(cells_sealed=None), execution_options={"synchronize_session": False})
    if found.state in (READING, REFUSED):  # of the others the file went when it was read
        media.forget(session, keys=[object_key(found.id)], now=now)
    found.heading_sealed, found.emptied_at = None, now
