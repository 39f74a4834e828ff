"""Files made in the background: how far each is, and the file itself, for who ordered it and nobody else."""

import uuid

from flask import Response, render_template

from lms import clock, db
from lms.adapters.sheets import CONTENT_TYPES
from lms.domain.roles import Role
from lms.services import exports
from lms.web import access, limits
from lms.web.downloads import attachment, pieces
from lms.web.institution.navigation import page

bp = access.blueprint("institution_exports", __name__, Role.INSTITUTION, url_prefix="/institution/exports")


@bp.get("")
def index() -> str:
    """The files the actor ordered, and those her saved views made."""
    found = exports.list_own(db.current(), access.actor(), now=clock.now())
    return page("institution/exports.html", "reports", found=found)


@bp.get("/<uuid:export_id>")
def show(export_id: uuid.UUID) -> str:
    """One file: how far it is, or where to fetch it and until when."""
    return page("institution/export.html", "reports", export=_get(export_id))


@bp.get("/<uuid:export_id>/state")
def state(export_id: uuid.UUID) -> str:
    """The same without the page around it, for js/poll.js."""
    return render_template("institution/export_state.html", export=_get(export_id))


@bp.get("/<uuid:export_id>/file")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def file(export_id: uuid.UUID) -> Response:
    """The file; each fetch is on record."""
    session, parts, now = db.current(), access.parts(), clock.now()
    export, body = exports.open_file(session, parts.store, access.actor(), export_id, now=now)
    content_type = CONTENT_TYPES[export.file_format]
    answer = attachment(pieces(lambda: body), export.name, export.plain_name, content_type)
    answer.call_on_close(body.close)
    return answer


def _get(export_id: uuid.UUID) -> exports.ExportView:
    return exports.get_own(db.current(), access.actor(), export_id, now=clock.now())
