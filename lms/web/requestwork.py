"""The pages of wishes about own data that institution staff and the platform's staff share."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.roles import Role
from lms.services import rights
from lms.web import access, rights_words
from lms.web.access import GatedBlueprint
from lms.web.forms import told

Page = Callable[..., str]


def add_requests(bp: GatedBlueprint, desk: Role, page: Page) -> None:
    """The list with its deadlines, one wish, the answer to a correction, and the first word on an erasure."""

    @bp.get("/")
    def index() -> str:
        found = rights.list_desk(db.current(), access.actor(), desk, now=clock.now())
        return page("requests/list.html", "requests", found=found, told=rights_words, desk=desk)

    @bp.get("/<uuid:request_id>")
    def show(request_id: uuid.UUID) -> str:
        return request_page(page, desk, request_id, [])

    @bp.post("/<uuid:request_id>/answers")
    def answer(request_id: uuid.UUID) -> Any:
        done, note = request.form.get("done") == "1", request.form.get("note", "")
        return act(
            page,
            desk,
            request_id,
            partial(rights.answer, db.current(), access.actor(), desk, request_id, done=done, note=note),
        )

    @bp.post("/<uuid:request_id>/proposals")
    def propose(request_id: uuid.UUID) -> Any:
        return act(page, desk, request_id, partial(rights.propose, db.current(), access.actor(), desk, request_id))


def act(page: Page, desk: Role, request_id: uuid.UUID, deed: Callable[..., None]) -> Any:
    """Carries out what somebody decided, or shows the page again with what is wrong."""
    wrong: list[str] = []
    with told(wrong) as outcome:
        deed(now=clock.now())
    if outcome.failed:
        return request_page(page, desk, request_id, wrong), 422
    flash(_("已记下，学员看得到。"), "success")
    return redirect(url_for(".show", request_id=request_id), 303)


def request_page(page: Page, desk: Role, request_id: uuid.UUID, wrong: list[str]) -> str:
    """One wish, what it rests on, and what may be done."""
    found = rights.get_desk(db.current(), access.actor(), desk, request_id, now=clock.now())
    facts = {"found": found, "told": rights_words, "desk": desk, "wrong": wrong, "form": request.form}
    return page("requests/request.html", "requests", **facts)
