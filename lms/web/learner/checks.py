"""补答: the checks that make up for missed ones, as plain pages that need no script (study-time.md, Presence)."""

import json
import uuid
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_babel import lazy_gettext as _

from lms import clock, db
from lms.domain.errors import Refused
from lms.domain.roles import Role
from lms.services import presence, recovery
from lms.web import access
from lms.web.draws import draws
from lms.web.learner.navigation import page

bp = access.blueprint("learner_checks", __name__, Role.LEARNER, url_prefix="/learn/time/checks")

OUTCOMES = {
    "passed": ("success", _("答对了，这段时间已确认")),
    "wrong": ("warning", _("没答对。没关系，学时还在。过一分钟可以再答一题。")),
    "busy": ("message", _("好的，先忙。什么都没有丢，有空再来答。")),
    "late": ("warning", _("时间过了。没关系，学时还在，可以再答一题。")),
}


@bp.get("")
def index() -> str:
    """What of her study waits to be confirmed, by course, and until when that can be done."""
    return page("learner/checks.html", "time", waiting=recovery.list_waiting(db.current(), access.actor()))


@bp.post("")
def create() -> Any:
    """Asks one question; sent again, the same one."""
    return _sheet(_enrollment())


@bp.post("/<uuid:check_id>/answers")
def create_answer(check_id: uuid.UUID) -> Any:
    """Takes what was picked, or that she was called away, and says what became of it."""
    picked = request.form.get("option", "")
    if not picked.isdigit() and "busy" not in request.form:
        return _sheet(_enrollment(), error=True), 422
    option = None if "busy" in request.form else int(picked)
    answer = presence.answer(db.current(), access.actor(), check_id, option, draws=draws(), now=clock.now())
    if isinstance(answer, Refused):
        return answer
    kind, words = OUTCOMES[json.loads(answer.text)["outcome"]]
    flash(str(words), kind)
    return redirect(url_for(".index"), 303)


def _sheet(enrollment_id: uuid.UUID, *, error: bool = False) -> str:
    check = recovery.start(db.current(), access.actor(), enrollment_id, draws=draws(), now=clock.now())
    return page("learner/check.html", "time", check=check, enrollment_id=enrollment_id, error=error)


def _enrollment() -> uuid.UUID:
    try:
        return uuid.UUID(request.form.get("enrollment", ""))
    except ValueError:
        abort(400)
