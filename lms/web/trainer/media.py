"""The media library: videos of the trainer's institution, how far each is, where it is used, what can be done."""

import hashlib
import tempfile
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from lms import clock, db
from lms.domain.roles import Role
from lms.services import library, media, organisations, uploads
from lms.services.uploads import Asked
from lms.web import access, media_files
from lms.web.forms import id_in, told
from lms.web.limits import limiter
from lms.web.trainer.navigation import page
from lms.web.turning import page_count, page_number, turned
from lms.web.upload_limits import CONTENT_TYPE, limits

PAGE = 24
LARGEST_WHOLE = 64 * 1024 * 1024  # larger files come in parts
CHUNK = 1024 * 1024

bp = access.blueprint("trainer_media", __name__, Role.TRAINER, url_prefix="/trainer")


@bp.get("/library")
def index() -> str:
    """The whole library, and the place where files are added."""
    return _library()


def _library(wrong: Sequence[str] = ()) -> str:
    session, actor = db.current(), access.actor()
    mine = organisations.list_own(session, actor, role=Role.TRAINER)
    return page(
        "trainer/library.html",
        "media",
        **_files(),
        coming=uploads.list_unfinished(session, actor),
        organisations=mine,
        account=actor.account_id,
        largest=limits().max_bytes,
        largest_whole=LARGEST_WHOLE,
        turned=turned,
        wrong=wrong,
    )


@bp.get("/media/list")
def list_files() -> str:
    """The list of files alone: the library page asks for it again while something is being made."""
    return render_template("trainer/library_list.html", **_files())


def _files() -> dict[str, Any]:
    """One page of the library, narrowed to a part of the name where she asked for one."""
    words, number = request.args.get("q", "").strip(), page_number()
    rows, total = media.list_library(db.current(), access.actor(), words=words, page=number, size=PAGE)
    return {"files": rows, "words": words, "number": number, "pages": page_count(total, PAGE)}


@bp.post("/library/files")
@access.gates_itself
@access.takes(LARGEST_WHOLE + CHUNK)
def create_file() -> Any:
    """Takes one small file or several as a plain form sends them; with script they come in parts (web/api/uploads).

    What is wrong is told at once and not on the next page: a browser would keep the names of files in its cookie.
    """
    parts = access.parts()
    with parts.database.transaction(write=False):
        refused = access.check_gate()
    if refused is not None:
        return refused
    wrong: list[str] = []
    for file in request.files.getlist("file"):
        _take(file, wrong)
    if not wrong:
        return redirect(url_for(".index"), 303)
    with parts.database.transaction(write=False):
        return _library(wrong), 422


def _take(file: FileStorage, wrong: list[str]) -> None:
    parts, key = access.parts(), uploads.new_key()
    with tempfile.NamedTemporaryFile(prefix="kangxue-file-") as held:
        file.save(held)
        held.flush()
        size, sha256 = held.tell(), _sha256(Path(held.name))
        asked = Asked(file.filename or "", size, "", sha256, id_in(request.form, "organisation"))
        if not _may_come(asked, wrong):
            return
        parts.store.put_file(key, Path(held.name), CONTENT_TYPE)
    with parts.database.transaction() as session:
        uploads.keep_whole(session, access.actor(), asked, limits(), sha256=sha256, key=key, now=clock.now())
    parts.ring(session)
    flash(_("视频已上传，正在处理。"), "success")


def _may_come(asked: Asked, wrong: list[str]) -> bool:
    """Each file of a form is refused by itself, in words over the list."""
    with told(wrong, f"{asked.name}：") as outcome, access.parts().database.transaction(write=False) as session:
        uploads.check(session, access.actor(), asked, limits())
    return not outcome.failed


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@bp.post("/library/uploads/<uuid:upload_id>/removal")
def remove_upload(upload_id: uuid.UUID) -> Any:
    """Gives up an upload that was not finished."""
    uploads.abandon(db.current(), access.actor(), upload_id, now=clock.now())
    return redirect(url_for(".index"), 303)


@bp.get("/library/<uuid:media_id>")
def show(media_id: uuid.UUID) -> str:
    """One file: to be watched, with its captions and the lessons that play it."""
    session, actor = db.current(), access.actor()
    file = media.get_library_row(session, actor, media_id)
    return page("trainer/library_file.html", "media", file=file, uses=library.uses(session, actor, media_id))


@bp.get("/media/<uuid:media_id>/state")
def state(media_id: uuid.UUID) -> str:
    """How far the video of one file is: a fragment that its page asks for again and again."""
    file = media.get_library_row(db.current(), access.actor(), media_id)
    return render_template("trainer/library_state.html", file=file)


@bp.get("/media/<uuid:media_id>/files/<path:name>")
@limiter.exempt  # a player asks for many pieces
def show_file(media_id: uuid.UUID, name: str) -> Response:
    """One piece of a finished video, for the trainers of its institution."""
    return media_files.answer(media.get_prefix(db.current(), access.actor(), media_id), name)


@bp.post("/library/<uuid:media_id>/retries")
def create_retry(media_id: uuid.UUID) -> Any:
    """Makes the video once more from the original that was kept."""
    library.retry(db.current(), access.actor(), media_id, now=clock.now())
    return redirect(url_for(".show", media_id=media_id), 303)


@bp.post("/library/<uuid:media_id>/cancellations")
def create_cancellation(media_id: uuid.UUID) -> Any:
    """Stops the making of a video."""
    library.cancel(db.current(), access.actor(), media_id, now=clock.now())
    return redirect(url_for(".show", media_id=media_id), 303)


@bp.get("/library/<uuid:media_id>/removal")
def ask_removal(media_id: uuid.UUID) -> str:
    """Asks before a file is taken away, or says why it cannot be."""
    session, actor = db.current(), access.actor()
    file = media.get_library_row(session, actor, media_id)
    return page("trainer/library_removal.html", "media", file=file, uses=library.uses(session, actor, media_id))


@bp.post("/library/<uuid:media_id>/removal")
def remove(media_id: uuid.UUID) -> Any:
    """Takes away a file that no lesson plays."""
    library.remove(db.current(), access.actor(), media_id, now=clock.now())
    flash(_("已删除。"), "success")
    return redirect(url_for(".index"), 303)
