"""Uploads as they are told: what a browser asks for, how far one is, whose it is."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.errors import NotFound
from lms.domain.uploads import missing_parts, part_count, part_size
from lms.models.uploads import Upload, UploadPart
from lms.services import scopes
from lms.services.scopes import Actor

OPEN, RECEIVING, RECEIVED, REFUSED = "open", "receiving", "received", "refused"


@dataclass(frozen=True)
class Asked:
    """What a browser tells of a file: `client_key` names it, so that asking again goes on where it stopped."""

    name: str
    size: int
    client_key: str
    sha256: str | None = None
    organisation_id: uuid.UUID | None = None


@dataclass(frozen=True)
class UploadView:
    """How far an upload is. `have` and `missing` are numbers of parts, counted from 1."""

    upload_id: uuid.UUID
    name: str
    size: int
    part_bytes: int
    state: str
    key: str
    ref: str
    have: tuple[int, ...]
    missing: tuple[int, ...]
    media_id: uuid.UUID | None
    code: str | None

    @property
    def percent(self) -> int:
        """How much of it has arrived."""
        return 100 * len(self.have) // max(part_count(self.size, self.part_bytes), 1)

    def size_of(self, number: int) -> int:
        """The bytes of one part. Refused: upload_part_number."""
        return part_size(self.size, self.part_bytes, number)


def own_row(session: Session, actor: Actor, upload_id: uuid.UUID, *, lock: bool = False) -> Upload:
    """The actor's own upload, held until the end of the transaction if asked; NotFound for any other."""
    mine = scopes.uploads_of(actor).where(Upload.id == upload_id)
    row = session.scalar(mine.with_for_update() if lock else mine)
    if row is None:
        raise NotFound("upload_not_found")
    return row


def parts_of(session: Session, row: Upload) -> Sequence[UploadPart]:
    """The parts the store has, in order."""
    return session.scalars(select(UploadPart).where(UploadPart.upload_id == row.id).order_by(UploadPart.number)).all()


def view_of(session: Session, row: Upload) -> UploadView:
    """The row as it is told."""
    have = tuple(part.number for part in parts_of(session, row))
    return UploadView(
        upload_id=row.id,
        name=row.name,
        size=row.size_bytes,
        part_bytes=row.part_bytes,
        state=row.state,
        key=row.key,
        ref=row.ref,
        have=have,
        missing=tuple(missing_parts(row.size_bytes, row.part_bytes, have)) if row.state == OPEN else (),
        media_id=row.media_id,
        code=row.problem,
    )
