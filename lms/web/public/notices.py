"""补贴公示 as anybody reads it, until its last day; whoever knows better objects without an account."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.services.claims import objections, publicity
from lms.services.claims.publicity import Notice
from lms.web import access, limits, publicity_words, unlisted
from lms.web.forms import Wrong, told_at, words_at

bp = access.blueprint("public_notices", __name__, access.PUBLIC, url_prefix="/notices")
bp.after_request(unlisted.stay)
OBJECTIONS = "10 per hour"
FIELDS = words_at("words") | {"objection_contact": "contact"}


@bp.get("/")
@limits.limiter.limit(limits.LOOK_UP)
def index() -> str:
    """The notices of today: which institution and class, no name of a person."""
    found = publicity.list_current(db.current(), today=clock.civil_day(clock.now()))
    return render_template("public/notices.html", found=found, words=publicity_words)


@bp.get("/<uuid:notice_id>")
@limits.limiter.limit(limits.LOOK_UP)
@limits.misses
def show(notice_id: uuid.UUID) -> Any:
    """One notice; after its end only that it is over."""
    return _page(notice_id, "public/notice.html")


@bp.route("/<uuid:notice_id>/objections", methods=["GET", "POST"])
@limits.limiter.limit(limits.LOOK_UP, methods=["GET"])
@limits.limiter.limit(OBJECTIONS, methods=["POST"])
def new_objection(notice_id: uuid.UUID) -> Any:
    """A form for an objection, and the objection."""
    errors: Wrong = []
    if request.method == "POST":
        said = (_row(), request.form.get("words", ""), request.form.get("contact", ""))
        with told_at(errors, FIELDS) as outcome:
            objections.make(db.current(), access.parts().keyring, notice_id, *said, now=clock.now())
        if not outcome.failed:
            flash(_("异议已收到。处理完以前，有关的补贴先不发。"), "success")
            return redirect(url_for(".show", notice_id=notice_id), 303)
    page, status = _page(notice_id, "public/objection.html", errors=errors, said=request.form)
    return page, 422 if errors else status


def _page(notice_id: uuid.UUID, template: str, **facts: Any) -> tuple[str, int]:
    notice, today = publicity.find(db.current(), notice_id), clock.civil_day(clock.now())
    if notice is None or not notice.is_shown(today):
        return render_template("public/notice_over.html", was_there=notice is not None), _gone(notice)
    return render_template(template, notice=notice, words=publicity_words, **facts), 200


def _gone(notice: Notice | None) -> int:
    return 404 if notice is None else 410


def _row() -> int | None:
    text = request.form.get("place", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
