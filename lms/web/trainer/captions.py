"""Captions of a video: from a file, or written in an editor that needs no script."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.captions import LONGEST_FILE, Checked, Cue, Finding
from lms.domain.roles import Role
from lms.services import captions, media
from lms.web import access
from lms.web.forms import told
from lms.web.trainer.caption_rows import Editor, rows_of
from lms.web.trainer.navigation import page
from lms.web.wording import sentence

LARGEST = LONGEST_FILE + 64 * 1024
LARGEST_FORM = 2 * 1024 * 1024

bp = access.blueprint(
    "trainer_captions", __name__, Role.TRAINER, url_prefix="/trainer/library/<uuid:media_id>/captions"
)


@bp.get("")
def edit(media_id: uuid.UUID) -> Any:
    """The captions that hold now, each with its times."""
    found = captions.current(db.current(), access.actor(), media_id)
    return _page(media_id, Editor(found.number, rows_of(found.cues)))


@bp.post("")
@access.takes(LARGEST_FORM)
def save(media_id: uuid.UUID) -> Any:
    """Adds, splits, deletes or shifts, and shows the editor again; or keeps all as the next state."""
    media.get_library_row(db.current(), access.actor(), media_id)
    editor = Editor.sent(request.form)
    if not editor.wants_to_save:
        editor.act()
        return _page(media_id, editor)
    cues = editor.cues()
    if editor.errors:
        return _page(media_id, editor), 422
    return _keep(media_id, editor, cues)


@bp.post("/files")
@access.takes(LARGEST)
def create_file(media_id: uuid.UUID) -> Any:
    """Takes a WebVTT or SRT file: what is wrong is told line by line, and nothing is kept."""
    found = captions.current(db.current(), access.actor(), media_id)
    file = request.files.get("file")
    editor = Editor(found.number, rows_of(found.cues))
    read = Checked(())
    with told(editor.errors):
        read = captions.read_file(file.filename or "", file.read()) if file else read
    editor.errors += [_line(finding) for finding in read.problems]
    if editor.errors:
        return _page(media_id, editor), 422
    for finding in read.remarks[:5]:
        flash(_line(finding), "info")
    return _keep(media_id, editor, read.cues)


def _keep(media_id: uuid.UUID, editor: Editor, cues: Sequence[Cue]) -> Any:
    session, store, actor = db.current(), access.parts().store, access.actor()
    with told(editor.errors) as outcome:
        captions.save(session, store, actor, media_id, cues, based_on=editor.number, now=clock.now())
    if outcome.failed:
        return _page(media_id, editor), 422
    flash(_("字幕已保存。"), "success")
    return redirect(url_for(".edit", media_id=media_id), 303)


@bp.get("/<int:number>.vtt")
def show(media_id: uuid.UUID, number: int) -> Response:
    """One state of the captions, as a file to be saved."""
    media.get_library_row(db.current(), access.actor(), media_id)
    text = captions.text_of(db.current(), media_id, number)
    response = Response(text, content_type="text/vtt; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="captions-{number}.vtt"'
    return response


def _page(media_id: uuid.UUID, editor: Editor) -> str:
    session, actor = db.current(), access.actor()
    return page(
        "trainer/captions.html",
        "media",
        file=media.get_library_row(session, actor, media_id),
        history=captions.history(session, actor, media_id),
        editor=editor,
    )


def _line(finding: Finding) -> str:
    words = sentence(finding.code, finding.values)
    return str(_("第 %(line)s 行：%(told)s", line=finding.line, told=words))
