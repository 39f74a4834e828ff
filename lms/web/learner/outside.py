"""名单核对: what lists from outside and looks at her class say of a learner, and her word against it (PIPL 24)."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.roles import Role
from lms.services import crosschecks
from lms.web import access, check_words
from lms.web.forms import Wrong, told_at, words_at
from lms.web.learner.navigation import page

bp = access.blueprint("learner_outside", __name__, Role.LEARNER, url_prefix="/learn/outside")


@bp.get("/")
def index() -> str:
    """Everything that holds up her subsidy until somebody looked."""
    session, actor = db.current(), access.actor()
    found = crosschecks.list_own(session, access.parts().keyring, actor)
    flags = crosschecks.list_own_flags(session, actor)
    return page("learner/outside.html", "me", found=found, flags=flags, told=check_words)


@bp.route("/<uuid:match_id>", methods=["GET", "POST"])
def show(match_id: uuid.UUID) -> Any:
    """One list that she is on: what was said of it, and her objection."""
    errors: Wrong = []
    session, keyring, actor = db.current(), access.parts().keyring, access.actor()
    found = crosschecks.get_own(session, keyring, actor, match_id)
    if request.method == "POST":
        with told_at(errors, words_at("words")) as outcome:
            crosschecks.object_to(session, actor, match_id, request.form.get("words", ""), now=clock.now())
        if not outcome.failed:
            flash(_("已收到。工作人员会再核实，结果在这里看得到。"), "success")
            return redirect(url_for(".show", match_id=match_id), 303)
    facts = {"it": found, "errors": errors, "words": request.form.get("words", ""), "told": check_words}
    return page("learner/outside_match.html", "me", **facts), 422 if errors else 200
