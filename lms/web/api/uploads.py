"""Videos on their way in: asked for, sent in parts over any line, completed (stack.md, Storage and upload)."""

import hashlib
import re
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from flask import jsonify, request, url_for
from pydantic import BaseModel, Field

from lms import clock, db
from lms.adapters.multipart import Part
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.roles import Role
from lms.services import uploads
from lms.services.uploads import Asked, UploadView
from lms.web import access
from lms.web.api.openapi import BadBody, Strict, body, described
from lms.web.api.study_parts import REFUSALS, Identifier, Sha256
from lms.web.upload_limits import CONTENT_TYPE, limits
from lms.web.wording import sentence

MOST_BYTES = 2**45
LARGEST_PART = 65 * 1024 * 1024  # the largest that LMS_UPLOAD_PART_MB allows, and some air
CHUNK = 256 * 1024
LINK_SECONDS = 15 * 60
TOLD_AT_ONCE = 4
HASH_HEADER = "X-Part-SHA256"

bp = access.blueprint("api_uploads", __name__, Role.TRAINER, url_prefix="/api/v1/uploads")


class UploadBody(Strict):
    """A file to be sent. `client_key` is the browser's own name for it: asking again finds the same upload."""

    name: Annotated[str, Field(min_length=1, max_length=1000)]
    size: Annotated[int, Field(ge=0, le=MOST_BYTES)]
    client_key: Annotated[str, Field(min_length=16, max_length=80)]
    sha256: Sha256 | None = None
    organisation: Identifier | None = None


class PartBody(Strict):
    """A part that was PUT to the address of the storage service itself."""

    number: Annotated[int, Field(ge=1, le=10_000)]
    sha256: Sha256 | None = None


class NextPart(BaseModel):
    """A part that is missing: its bytes are [offset, offset + size) of the file, and go to `url` by PUT."""

    number: int
    offset: int
    size: int
    url: str
    direct: bool


class UploadAnswer(BaseModel):
    """How far the upload is; `state` is open, receiving, received or refused, `media` what became of it."""

    upload: uuid.UUID
    name: str
    size: int
    part_size: int
    state: str
    have: list[int]
    next: list[NextPart]
    media: uuid.UUID | None
    message: str | None


class DropAnswer(BaseModel):
    """The upload that was given up."""

    upload: uuid.UUID


class UploadList(BaseModel):
    """The uploads that are not yet in the library."""

    uploads: list[UploadAnswer]


@bp.post("")
@access.gates_itself
@described(UploadBody, {201: UploadAnswer} | REFUSALS, "uploads")
def create() -> Any:
    """Ask to send a file; the same `client_key` again goes on with the same upload."""
    _gate()
    parts, said = access.parts(), body(UploadBody)
    asked = Asked(said.name, said.size, said.client_key, said.sha256, said.organisation)
    with parts.database.transaction(write=False) as session:
        found = uploads.check(session, access.actor(), asked, limits())
    if found is not None:
        return _answer(found), 201
    key = uploads.new_key()
    ref = parts.store.begin(key, CONTENT_TYPE)  # outside of a transaction: the storage service may be slow
    with parts.database.transaction() as session:
        made = uploads.start(session, access.actor(), asked, limits(), key=key, ref=ref, now=clock.now())
    parts.ring(session)
    return _answer(made), 201


@bp.get("")
@described(None, {200: UploadList}, "uploads")
def index() -> Any:
    """The uploads of one's own that are not yet in the library."""
    found = uploads.list_unfinished(db.current(), access.actor())
    return jsonify(uploads=[_told(upload) for upload in found])


@bp.get("/<uuid:upload_id>")
@described(None, {200: UploadAnswer, 404: REFUSALS[404]}, "uploads")
def show(upload_id: uuid.UUID) -> Any:
    """How far an upload is, and where its next parts go."""
    return _answer(uploads.get(db.current(), access.actor(), upload_id))


@bp.put("/<uuid:upload_id>/parts/<int:number>")
@access.gates_itself
@access.takes(LARGEST_PART)
@described(None, {200: UploadAnswer} | REFUSALS, "uploads")
def put_part(upload_id: uuid.UUID, number: int) -> Any:
    """Send one part as the body, its SHA-256 in `X-Part-SHA256`; a part sent again replaces itself."""
    _gate()
    parts, told = access.parts(), _told_hash()
    with parts.database.transaction(write=False) as session:
        view = uploads.get(session, access.actor(), upload_id)
    if view.state != uploads.OPEN:
        raise Conflict("upload_closed")
    size = view.size_of(number)
    with _spooled(size, told) as path:
        etag = parts.store.put_part(view.key, view.ref, number, path)
    with parts.database.transaction() as session:
        part = Part(number, size, etag)
        noted = uploads.record_part(session, access.actor(), upload_id, part, told, now=clock.now())
    return _answer(noted)


@bp.post("/<uuid:upload_id>/parts")
@access.gates_itself
@described(PartBody, {201: UploadAnswer} | REFUSALS, "uploads")
def create_part(upload_id: uuid.UUID) -> Any:
    """Tell of a part that went straight to the storage service; it is asked whether it has it."""
    _gate()
    parts, said = access.parts(), body(PartBody)
    with parts.database.transaction(write=False) as session:
        view = uploads.get(session, access.actor(), upload_id)
    there = [part for part in parts.store.parts(view.key, view.ref) if part.number == said.number]
    if not there:
        raise NotFound("upload_part_not_found")
    with parts.database.transaction() as session:
        noted = uploads.record_part(session, access.actor(), upload_id, there[0], said.sha256, now=clock.now())
    return _answer(noted), 201


@bp.post("/<uuid:upload_id>/completion")
@described(None, {201: UploadAnswer} | REFUSALS, "uploads")
def create_completion(upload_id: uuid.UUID) -> Any:
    """All parts are sent: join them, look at the whole, and make the video. Asking again is harmless."""
    return _answer(uploads.complete(db.current(), access.actor(), upload_id, now=clock.now())), 201


@bp.delete("/<uuid:upload_id>")
@described(None, {200: DropAnswer} | REFUSALS, "uploads")
def delete(upload_id: uuid.UUID) -> Any:
    """Give an upload up; what was sent is forgotten."""
    uploads.abandon(db.current(), access.actor(), upload_id, now=clock.now())
    return jsonify(upload=upload_id)


def _gate() -> None:
    """Before a byte of the body is read: who is no trainer learns nothing, not even what is wrong with it."""
    with access.parts().database.transaction(write=False):
        access.check_gate()


def _told_hash() -> str | None:
    told = request.headers.get(HASH_HEADER)
    if told is not None and re.fullmatch(r"[0-9a-f]{64}", told) is None:
        raise BadBody("bad_json", where=HASH_HEADER)
    return told


@contextmanager
def _spooled(size: int, sha256: str | None) -> Iterator[Path]:
    """The body in a file, read piece by piece and no further than it may be long. Refused: upload_part_size,
    upload_part_changed."""
    digest, done = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(prefix="kangxue-part-") as file:
        while chunk := request.stream.read(min(CHUNK, size + 1 - done)):
            done += len(chunk)
            if done > size:
                break
            digest.update(chunk)
            file.write(chunk)
        if done != size:
            raise Refused("upload_part_size")
        if sha256 is not None and sha256 != digest.hexdigest():
            raise Refused("upload_part_changed")
        file.flush()
        yield Path(file.name)


def _answer(view: UploadView) -> Any:
    return jsonify(_told(view))


def _told(view: UploadView) -> dict[str, Any]:
    return {
        "upload": view.upload_id,
        "name": view.name,
        "size": view.size,
        "part_size": view.part_bytes,
        "state": view.state,
        "have": view.have,
        "next": [_next(view, number) for number in view.missing[:TOLD_AT_ONCE]],
        "media": view.media_id,
        "message": sentence(view.code) if view.code else None,
    }


def _next(view: UploadView, number: int) -> dict[str, Any]:
    parts = access.parts()
    linked = parts.store.part_link(view.key, view.ref, number, LINK_SECONDS) if parts.config.upload_direct else None
    here = url_for(".put_part", upload_id=view.upload_id, number=number)
    return {
        "number": number,
        "offset": (number - 1) * view.part_bytes,
        "size": view.size_of(number),
        "url": linked or here,
        "direct": linked is not None,
    }
