"""Reports as files: sent at once while they are small, else ordered and shown on a page of their own."""

import hashlib
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, redirect, url_for
from flask_babel import force_locale

from lms import clock, db
from lms.adapters.objects import new_key
from lms.adapters.sheets import CONTENT_TYPES, Cell, write_table
from lms.adapters.signed_pdf import Paper, write_pdf
from lms.db import Session
from lms.parts import Parts
from lms.services import exports
from lms.services.scopes import Actor
from lms.web import access, papers
from lms.web.downloads import attachment, spooled
from lms.web.language import language

CHUNK = 1024 * 1024
STEP = 50  # rows between two looks at whether to stop


@dataclass(frozen=True)
class Table:
    """What a file holds. `rows` are read as they are written."""

    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int]


@dataclass(frozen=True)
class Wanted:
    """What the rows of a table are to be read with."""

    session: Session
    parts: Parts
    actor: Actor
    asked: Mapping[str, Any]
    unmasked: bool
    now: datetime


Maker = Callable[[Wanted], Table]
"""Reads a report for a file, in a request or in the worker."""


@dataclass(frozen=True)
class Asked:
    """A file that somebody asks for: the report, what was chosen, and what the file is called."""

    kind: str
    asked: Mapping[str, Any]
    file_format: str
    rows: int
    name: str
    plain_name: str
    unmasked: bool = False
    purpose: str = ""


def install(app: Flask, makers: Mapping[str, Maker]) -> None:
    """Tells the application which reports become files."""
    app.extensions["report_makers"] = dict(makers)


def send(table: Table, name: str, plain_name: str, file_format: str) -> Response:
    """A table that is at hand, as a file."""

    paper = papers.around(db.current(), name, {}, clock.now()) if file_format == "pdf" else None
    chunks = spooled(lambda path: fill(table, file_format, path, paper))
    return attachment(chunks, name, plain_name, CONTENT_TYPES[file_format])


def fill(table: Table, file_format: str, path: Path, paper: Paper | None = None) -> None:
    """Writes a table as a file; `paper`: the words around a PDF."""
    if paper is not None:
        return write_pdf(table.header, table.rows, path, table.widths, paper)
    return write_table(file_format, table.header, table.rows, path, table.widths)


def answer(wanted: Asked, at_hand: Callable[[], Table] | None = None) -> Response:
    """The file, or the way to the page that shows how far it is. The export is on record by now.

    `at_hand`: the table where the request has read it already.
    """
    if exports.is_large(wanted.rows, wanted.file_format):
        return _ordered(wanted)
    if at_hand is not None:
        return send(at_hand(), wanted.name, wanted.plain_name, wanted.file_format)
    actor, parts, now = access.actor(), access.parts(), clock.now()
    make = _makers(wanted.kind)

    def write(path: Path) -> None:
        with parts.database.transaction(write=False) as session:
            table = make(Wanted(session, parts, actor, wanted.asked, wanted.unmasked, now))
            paper = papers.around(session, wanted.name, wanted.asked, now) if wanted.file_format == "pdf" else None
            fill(table, wanted.file_format, path, paper)

    return attachment(spooled(write), wanted.name, wanted.plain_name, CONTENT_TYPES[wanted.file_format])


def _ordered(wanted: Asked) -> Response:
    made = exports.Order(
        kind=wanted.kind,
        asked=wanted.asked,
        file_format=wanted.file_format,
        rows=wanted.rows,
        name=wanted.name,
        plain_name=wanted.plain_name,
        language=language(),
        unmasked=wanted.unmasked,
        purpose=wanted.purpose,
    )
    export_id = exports.order(db.current(), access.actor(), made, now=clock.now())
    return redirect(url_for("institution_exports.show", export_id=export_id), 303, Response)  # type: ignore[return-value]


def _makers(kind: str) -> Maker:
    found: Maker = current_app.extensions["report_makers"][kind]
    return found


def work(app: Flask) -> Callable[[Parts, Any, Any], Callable[[Session, datetime], None]]:
    """What the worker does for a file that was ordered: makes it in the language of who asked, and stores it."""

    def make(parts: Parts, job: Any, progress: Any) -> Callable[[Session, datetime], None]:
        export_id = uuid.UUID(job.payload["export_id"])
        with tempfile.TemporaryDirectory(prefix="kangxue-") as folder:
            path = Path(folder) / "export"
            with app.app_context(), parts.database.transaction(write=False) as session:
                ordered = exports.to_make(session, export_id, now=clock.now())
                _write(session, parts, ordered, path, progress)
            digest, size = _digest(path), path.stat().st_size
            key = new_key("exports", ordered.file_format)
            parts.store.put_file(key, path, CONTENT_TYPES[ordered.file_format])
        return lambda session, now: exports.settle(session, export_id, key=key, size=size, digest=digest, now=now)

    return make


def _write(session: Session, parts: Parts, ordered: exports.ToMake, path: Path, progress: Any) -> None:
    wanted = Wanted(session, parts, ordered.actor, ordered.asked, ordered.unmasked, ordered.created_at)
    with force_locale(ordered.language):
        table = _makers(ordered.kind)(wanted)
        table = replace(table, rows=_counted(table.rows, ordered.rows, progress))
        is_pdf, about = ordered.file_format == "pdf", (ordered.name, ordered.asked, ordered.created_at)
        fill(table, ordered.file_format, path, papers.around(session, *about) if is_pdf else None)


def _counted(rows: Iterable[Sequence[Cell]], most: int, progress: Any) -> Iterator[Sequence[Cell]]:
    """Tells how far it is, and stops when the worker must."""
    for number, row in enumerate(rows):
        if number % STEP == 0:
            progress.check()
            progress.tell(min(number / most, 1) if most else 0)
        yield row


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
