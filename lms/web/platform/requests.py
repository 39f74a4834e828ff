"""Wishes about own data of all institutions: the second word on an erasure, and how long records are kept."""

import re
import uuid
from functools import partial
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.roles import Role
from lms.services import rights
from lms.web import access, requestwork, rights_words
from lms.web.forms import told
from lms.web.platform.navigation import page

bp = access.blueprint("platform_requests", __name__, Role.PLATFORM, url_prefix="/platform/requests")
requestwork.add_requests(bp, Role.PLATFORM, page)


@bp.post("/<uuid:request_id>/approvals")
def approve(request_id: uuid.UUID) -> Any:
    """The second of two: name and number go."""
    deed = partial(rights.approve, db.current(), access.parts().keyring, access.actor(), request_id)
    return requestwork.act(page, Role.PLATFORM, request_id, deed)


@bp.route("/retention", methods=["GET", "POST"])
def retention() -> Any:
    """How long each kind of record is kept, where that stands, and how sure it is."""
    wrong: list[str] = []
    if request.method == "POST":
        said = request.form.get("code", ""), _months(request.form.get("months", ""))
        words = request.form.get("source", ""), request.form.get("confidence", "")
        with told(wrong) as outcome:
            rights.set_period(db.current(), access.actor(), *said, *words, now=clock.now())
        if not outcome.failed:
            flash(_("已记下，从现在起按这个期限办。"), "success")
            return redirect(url_for(".retention"), 303)
    facts = {"rules": rights.rules(db.current()), "told": rights_words, "wrong": wrong, "form": request.form}
    return page("requests/retention.html", "requests", **facts), 422 if wrong else 200


def _months(text: str) -> int:
    """A period as typed; 0, which no rule takes, for what is no number."""
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else 0
