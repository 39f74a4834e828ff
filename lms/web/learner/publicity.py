"""补贴公示里的我: rows about a learner in public notices, and her objection with her own account."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.roles import Role
from lms.services.claims import objection_pages, objections
from lms.web import access, publicity_words
from lms.web.forms import Wrong, told_at, words_at
from lms.web.learner.navigation import page

bp = access.blueprint("learner_publicity", __name__, Role.LEARNER, url_prefix="/learn/mine/notices-of-subsidies")


@bp.get("/")
def index() -> str:
    """Her rows, the newest first."""
    return _list([])


@bp.post("/<uuid:notice_id>/objections")
def create_objection(notice_id: uuid.UUID) -> Any:
    """She objects against her own row."""
    errors: Wrong = []
    with told_at(errors, words_at(f"words-{notice_id}")) as outcome:
        objections.make_own(db.current(), access.actor(), notice_id, request.form.get("words", ""), now=clock.now())
    if outcome.failed:
        return _list(errors), 422
    flash(_("异议已收到。处理完以前，有关的补贴先不发。"), "success")
    return redirect(url_for(".index"), 303)


@bp.post("/objections/<uuid:objection_id>/withdrawal")
def withdraw(objection_id: uuid.UUID) -> Any:
    """She takes it back."""
    objections.withdraw_own(db.current(), access.actor(), objection_id, now=clock.now())
    flash(_("已撤回。"), "success")
    return redirect(url_for(".index"), 303)


def _list(errors: Wrong) -> str:
    rows = objection_pages.list_own(db.current(), access.actor(), today=clock.civil_day(clock.now()))
    facts = {"errors": errors, "said": request.form, "words": publicity_words}
    return page("learner/notices_of_subsidies.html", "me", rows=rows, **facts)
