"""The desk of the six departments: numbers only. Each table opened is on record."""

import uuid
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.roles import Role
from lms.domain.small_cells import SMALLEST
from lms.services import looks, organisations, statistics
from lms.services.statistics import Board
from lms.web import access, tree_words

bp = access.blueprint("authority_statistics", __name__, Role.STATISTICS, url_prefix="/statistics")


@bp.get("/")
@access.writes
def index() -> str:
    """The places that stand under the department's own authority."""
    return _page(statistics.overview(db.current(), access.actor()), None)


@bp.get("/places/<uuid:organisation_id>")
@access.writes
def place(organisation_id: uuid.UUID) -> str:
    """The places below one of them."""
    return _page(statistics.board(db.current(), access.actor(), organisation_id), organisation_id)


def _page(board: Board, place_id: uuid.UUID | None) -> str:
    session, actor = db.current(), access.actor()
    subject = place_id or actor.account_id
    looks.record(session, actor, "statistics", subject, organisation_id=place_id, now=clock.now())
    facts: dict[str, Any] = {"board": board, "words": tree_words, "smallest": SMALLEST}
    departments = organisations.list_given(session, actor, Role.STATISTICS)
    return render_template("authority/statistics.html", nav=_nav(), departments=departments, **facts)


def _nav() -> list[dict[str, Any]]:
    return [
        {"label": _("培训统计"), "href": url_for("authority_statistics.index"), "icon": "record", "current": True},
        {"label": _("我的"), "href": url_for("accounts.mine.index"), "icon": "person", "current": False},
    ]
