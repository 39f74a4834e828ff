"""The log's checkpoints, for anybody to take away and keep."""

from typing import Any

from flask import Response, render_template, request

from lms import db
from lms.adapters import qr
from lms.domain.errors import NotFound
from lms.services import log
from lms.web import access, limits

bp = access.blueprint("public_log", __name__, access.PUBLIC, url_prefix="/log")

PAGE = 50


@bp.get("/")
@limits.limiter.limit(limits.LOOK_UP)
def index() -> str:
    """What checkpoints are for, the newest, and all of them, newest first."""
    session, below = db.current(), request.args.get("below", type=int)
    newest, found = log.latest(session), log.list_checkpoints(session, below=below, limit=PAGE)
    return render_template(
        "public/log.html",
        latest=newest,
        picture=qr.svg_data(newest.words) if newest else "",
        checkpoints=found,
        older=found[-1].size if len(found) == PAGE else None,
        vkey=access.parts().log_vkey,
    )


@bp.get("/checkpoints/<int:size>")
@limits.limiter.limit(limits.LOOK_UP)
def checkpoint(size: int) -> Any:
    """One checkpoint as its signed note (C2SP tlog-checkpoint)."""
    found = log.find_checkpoint(db.current(), size)
    if found is None:
        raise NotFound
    answer = Response(found.note, content_type="text/plain; charset=utf-8")
    if "download" in request.args:
        answer.headers["Content-Disposition"] = f'attachment; filename="kangxue-checkpoint-{found.size}.txt"'
    return answer
