"""Pictures of a sitting on the examiner's phone: the learner's yes first, then photos and short videos."""

import uuid
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.adapters.ffmpeg import find_ffmpeg
from lms.domain.practice import MOST_VIDEO_BYTES
from lms.domain.roles import Role
from lms.services import practice
from lms.web import access
from lms.web.examiner.navigation import page
from lms.web.forms import told
from lms.web.practical_pictures import send
from lms.web.rights_words import spoken

bp = access.blueprint("examiner_pictures", __name__, Role.EXAMINER, url_prefix="/examine/practicals")
FORM_BYTES = 64 * 1024


@bp.get("/sittings/<uuid:sitting_id>/pictures")
def index(sitting_id: uuid.UUID) -> str:
    """Whether the learner agreed, and what was taken."""
    return _page(sitting_id)


@bp.post("/sittings/<uuid:sitting_id>/consents")
def create_consent(sitting_id: uuid.UUID) -> Any:
    """The learner's own tap on this phone, with her name beside it."""
    if request.form.get("agreed") != "1":
        return _page(sitting_id, [_("请学员本人先在“我同意”前面打勾。")]), 422
    practice.record_given(db.current(), access.actor(), sitting_id, language=spoken(), now=clock.now())
    flash(_("已记下学员同意拍照。"), "success")
    return redirect(url_for(".index", sitting_id=sitting_id), 303)


@bp.post("/sittings/<uuid:sitting_id>/pictures")
@access.gates_itself
@access.takes(MOST_VIDEO_BYTES + FORM_BYTES)
def create(sitting_id: uuid.UUID) -> Any:
    """Takes a photo or a short video: looked at outside of a transaction, kept in one."""
    parts, wrong = access.parts(), list[str]()
    with parts.database.transaction(write=False) as session:
        refused = access.check_gate()
        if refused is not None:
            return refused
        with told(wrong) as outcome:
            practice.check(session, access.actor(), sitting_id)
    if not outcome.failed:
        with told(wrong):
            _take(sitting_id)
    if not wrong:
        flash(_("已保存。"), "success")
        return redirect(url_for(".index", sitting_id=sitting_id), 303)
    with parts.database.transaction(write=False):
        return _page(sitting_id, wrong), 422


def _take(sitting_id: uuid.UUID) -> None:
    parts, file = access.parts(), request.files.get("file")
    ready = practice.prepare(file.read() if file else b"", find_ffmpeg(parts.config.ffmpeg))
    with parts.database.transaction() as session:
        practice.keep(session, parts.store, access.actor(), sitting_id, ready, now=clock.now())


@bp.get("/pictures/<uuid:picture_id>")
@access.writes
def show(picture_id: uuid.UUID) -> Response:
    """One picture; the look is on record."""
    return send(practice.open_picture(db.current(), access.actor(), Role.EXAMINER, picture_id, now=clock.now()))


def _page(sitting_id: uuid.UUID, wrong: list[str] | None = None) -> str:
    found = practice.get_sitting(db.current(), access.actor(), sitting_id)
    return page("examiner/pictures.html", "examine", found=found, wrong=wrong or [])
