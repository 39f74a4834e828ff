"""The review desk (开班审核), for the platform's staff and for officers: what waits, what changed, the answer."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.filings import FIELDS
from lms.domain.roles import Role
from lms.services import filings
from lms.web import access, filing_words, roster_changes
from lms.web.access import GatedBlueprint
from lms.web.forms import told, version_in

Page = Callable[..., str]
Look = Callable[[uuid.UUID | None], None]
"""Leaves the row of a look where looks are on record: at one filing, or (None) at the list."""


def add_pages(bp: GatedBlueprint, role: Role, page: Page, look: Look | None = None) -> None:
    """The list, one filing, and the answers to it and to changes of its roster, for one desk."""
    marks = access.writes if look else _unmarked

    @bp.get("/")
    @marks
    def index() -> str:
        """All filings, those that wait for an answer first."""
        rows = filings.list_all(db.current(), access.actor(), role, now=clock.now())
        if look:
            look(None)
        return page("filings/list.html", rows=rows, words=filing_words, today=clock.civil_day(clock.now()))

    @bp.get("/<uuid:cohort_id>")
    @marks
    def show(cohort_id: uuid.UUID) -> str:
        """One filing as it was handed in, with what differs from the one before."""
        return again(cohort_id, [])

    @bp.post("/<uuid:cohort_id>/returns")
    def send_back(cohort_id: uuid.UUID) -> Any:
        """Returns a filing, saying field by field what is wrong."""
        remarks = {field: request.form.get(f"remark-{field}", "") for field in FIELDS}
        more = {"remarks": remarks, "note": request.form.get("note", "")}
        return _answer(role, again, cohort_id, filings.send_back, _("已退回，机构看得到原因。"), **more)

    @bp.post("/<uuid:cohort_id>/approvals")
    def approve(cohort_id: uuid.UUID) -> Any:
        """Approves a filing and gives it its number."""
        more = {"number": request.form.get("number", ""), "note": request.form.get("note", "")}
        return _answer(role, again, cohort_id, filings.approve, _("已批准，班期备案号已经发给机构和学员。"), **more)

    def again(cohort_id: uuid.UUID, wrong: list[str]) -> str:
        facts = _facts(role, cohort_id)
        if look:
            look(cohort_id)
        decide = f"{bp.name}.decide_change"
        return page("filings/one.html", wrong=wrong, said=request.form, decide=decide, **facts)

    roster_changes.add(bp, role, again, f"{bp.name}.show")


def _unmarked(view: access.View) -> access.View:
    return view


def _facts(role: Role, cohort_id: uuid.UUID) -> dict[str, Any]:
    session, keyring, actor = db.current(), access.parts().keyring, access.actor()
    return {
        "filing": filings.get(session, keyring, actor, cohort_id, role, now=clock.now()),
        "history": filings.timeline(session, actor, cohort_id, role),
        "changes": filings.list_changes(session, actor, cohort_id, role),
        "versions": filings.list_versions(session, actor, cohort_id, role),
        "me": actor.account_id,
        "words": filing_words,
    }


def _answer(role: Role, again: Callable[..., str], cohort_id: uuid.UUID, act: Any, done: str, **more: Any) -> Any:
    wrong: list[str] = []
    session, keyring, actor = db.current(), access.parts().keyring, access.actor()
    with told(wrong) as outcome:
        act(session, keyring, actor, cohort_id, role=role, version=version_in(request.form), now=clock.now(), **more)
    if outcome.failed:
        return again(cohort_id, wrong), 422
    flash(done, "success")
    return redirect(url_for(".show", cohort_id=cohort_id), 303)
