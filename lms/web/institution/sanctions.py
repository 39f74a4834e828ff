"""检查和处理 as the institution sees its own: what was imposed, in which words, and its answer."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.roles import Role
from lms.services.claims import sanction_pages, sanctions
from lms.web import access, publicity_words
from lms.web.forms import told
from lms.web.institution.navigation import page

bp = access.blueprint("institution_sanctions", __name__, Role.INSTITUTION, url_prefix="/institution/sanctions")


@bp.get("/")
def index() -> str:
    """Those in force first."""
    rows = sanction_pages.list_of(db.current(), access.actor(), Role.INSTITUTION, now=clock.now())
    return page("institution/sanctions.html", "sanctions", rows=rows, words=publicity_words)


@bp.get("/<uuid:sanction_id>")
def show(sanction_id: uuid.UUID) -> str:
    """One of them with all its steps."""
    return _shown(sanction_id, [])


@bp.post("/<uuid:sanction_id>/answers")
def answer(sanction_id: uuid.UUID) -> Any:
    """What the institution says to it."""
    wrong: list[str] = []
    with told(wrong) as outcome:
        sanctions.answer(db.current(), access.actor(), sanction_id, request.form.get("words", ""), now=clock.now())
    if outcome.failed:
        return _shown(sanction_id, wrong), 422
    flash(_("说明已交给主管部门。"), "success")
    return redirect(url_for(".show", sanction_id=sanction_id), 303)


def _shown(sanction_id: uuid.UUID, wrong: list[str]) -> str:
    row = sanction_pages.get(db.current(), access.actor(), Role.INSTITUTION, sanction_id, now=clock.now())
    facts = {"row": row, "wrong": wrong, "said": request.form, "words": publicity_words}
    return page("institution/sanction.html", "sanctions", **facts)
