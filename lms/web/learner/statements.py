"""每月对账单: what was counted in her name last month, and a word where it is not right."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.services import rights
from lms.web import access
from lms.web.forms import told
from lms.web.learner.navigation import page

bp = access.blueprint("learner_statements", __name__, Role.LEARNER, url_prefix="/learn/statements")


@bp.get("/")
def index() -> str:
    """All of them."""
    return page("learner/statements.html", "time", found=rights.statements.list_own(db.current(), access.actor()))


@bp.get("/<uuid:statement_id>")
@access.writes
def show(statement_id: uuid.UUID) -> str:
    """One month, class by class."""
    found = rights.statements.open_own(db.current(), access.actor(), statement_id, now=clock.now())
    return page("learner/statement.html", "time", found=found)


@bp.route("/<uuid:statement_id>/disputes/<uuid:enrollment_id>", methods=["GET", "POST"])
def dispute(statement_id: uuid.UUID, enrollment_id: uuid.UUID) -> Any:
    """不对？ A case for that institution, with her words."""
    wrong: list[str] = []
    session, actor, now = db.current(), access.actor(), clock.now()
    if request.method == "POST":
        with told(wrong) as outcome:
            words = request.form.get("words", "")
            case_id = rights.statements.dispute(session, actor, statement_id, str(enrollment_id), words, now=now)
        if not outcome.failed:
            flash(_("已告诉您的培训机构。办到哪一步，在这里看得到。"), "success")
            return redirect(url_for("learner_cases.show", case_id=case_id), 303)
    found = rights.statements.get_own(session, actor, statement_id)
    line = next((each for each in found.rows if each["enrollment"] == str(enrollment_id)), None)
    if line is None:
        raise NotFound
    facts = {"found": found, "line": line, "wrong": wrong, "form": request.form}
    return page("learner/statement_dispute.html", "time", **facts), 422 if wrong else 200
