"""The review desk: filings that wait for an answer, what is in them, what changed, and the answer itself."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.errors import NotFound
from lms.domain.filings import FIELDS
from lms.domain.roles import Role
from lms.services import filings
from lms.web import access, filing_words, roster_changes
from lms.web.forms import told
from lms.web.platform.navigation import page

bp = access.blueprint("platform_filings", __name__, Role.PLATFORM, url_prefix="/platform/filings")
ROLE = Role.PLATFORM


@bp.get("/")
def index() -> str:
    """All filings, those that wait for an answer first."""
    rows = filings.list_all(db.current(), access.actor(), ROLE, now=clock.now())
    today = clock.civil_day(clock.now())
    return page("platform/filings.html", "filings", rows=rows, words=filing_words, today=today)


@bp.get("/<uuid:cohort_id>")
def show(cohort_id: uuid.UUID) -> Any:
    """One filing as it was handed in, with what differs from the one before."""
    return _page(cohort_id, [])


def _page(cohort_id: uuid.UUID, wrong: list[str]) -> str:
    session, keyring, actor = db.current(), access.parts().keyring, access.actor()
    facts = {
        "filing": filings.get(session, keyring, actor, cohort_id, ROLE, now=clock.now()),
        "history": filings.timeline(session, actor, cohort_id, ROLE),
        "changes": filings.list_changes(session, actor, cohort_id, ROLE),
        "versions": filings.list_versions(session, actor, cohort_id, ROLE),
        "me": actor.account_id,
        "words": filing_words,
        "wrong": wrong,
        "said": request.form,
        "decide": "platform_filings.decide_change",
    }
    return page("platform/filing.html", "filings", **facts)


@bp.post("/<uuid:cohort_id>/returns")
def send_back(cohort_id: uuid.UUID) -> Any:
    """Returns a filing, saying field by field what is wrong."""
    remarks = {field: request.form.get(f"remark-{field}", "") for field in FIELDS}
    more = {"remarks": remarks, "note": request.form.get("note", "")}
    return _answer(cohort_id, filings.send_back, _("已退回，机构看得到原因。"), **more)


@bp.post("/<uuid:cohort_id>/approvals")
def approve(cohort_id: uuid.UUID) -> Any:
    """Approves a filing and gives it its number."""
    more = {"number": request.form.get("number", ""), "note": request.form.get("note", "")}
    return _answer(cohort_id, filings.approve, _("已批准，班期备案号已经发给机构和学员。"), **more)


def _answer(cohort_id: uuid.UUID, act: Any, done: str, **more: Any) -> Any:
    wrong: list[str] = []
    session, keyring, actor = db.current(), access.parts().keyring, access.actor()
    who = {"role": ROLE, "reviewer": filings.REVIEWER, "version": _version(), "now": clock.now()}
    with told(wrong) as outcome:
        act(session, keyring, actor, cohort_id, **who, **more)
    if outcome.failed:
        return _page(cohort_id, wrong), 422
    flash(done, "success")
    return redirect(url_for(".show", cohort_id=cohort_id), 303)


def _version() -> int:
    """Which filing the page showed; NotFound for what is no number."""
    text = request.form.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise NotFound
    return int(text)


roster_changes.add(bp, ROLE, _page, "platform_filings.show")
