"""定期对账 at a paymaster's desk: a month matched, differences explained, prepared by one, signed by another."""

import uuid
from datetime import date
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.roles import Role
from lms.services.funds import books, months, reconciling
from lms.services.funds.months import MonthView
from lms.web import access, limits, reconciliation_sheets
from lms.web.authority.reconciliation_desk import month_of, page
from lms.web.forms import Wrong, told_at

bp = access.blueprint(
    "authority_reconciliations", __name__, Role.PAYMASTER, url_prefix="/authority/funds/reconciliations"
)
MONTH = "/books/<uuid:book_id>/<month>"


@bp.get("/")
def index() -> str:
    """Her books with their months, the newest first, and which are signed."""
    session, actor, today = db.current(), access.actor(), clock.civil_day(clock.now())
    found = [
        (book, months.list_months(session, actor, book.id, today), months.signed_months(session, actor, book.id))
        for book in books.list_books(session, actor)
    ]
    return page("authority/funds/reconciliations.html", "reconciliations", found=found)


@bp.get(MONTH)
def show(book_id: uuid.UUID, month: str) -> str:
    """A month as it stands."""
    return _page(book_id, month_of(month), [])


def _page(book_id: uuid.UUID, first: date, wrong: Wrong) -> str:
    session, now = db.current(), clock.now()
    found = months.look(session, access.actor(), book_id, first)
    facts: dict[str, Any] = {
        "found": found,
        "place": f"{first:%Y-%m}",
        "book": books.view(session, found.book),
        "names": months.names_of(session, found),
        "errors": [(f"words-{_place_of(found)}" if name else "", words) for name, words in wrong],
        "said": request.form,
        "is_over": clock.civil_day(now) >= found.month.after,
        "is_own": months.is_own(session, access.actor(), found),
    }
    return page("authority/funds/reconciliation.html", "reconciliations", **facts)


def _place_of(found: MonthView) -> int:
    """Which of the differences on the page the form that was sent is about, counted from 1; 0 for none."""
    keys = [each.key for each in found.outcome.differences]
    asked = request.form.get("key", "")
    return keys.index(asked) + 1 if asked in keys else 0


@bp.post(f"{MONTH}/words")
def explain(book_id: uuid.UUID, month: str) -> Any:
    """Says why one difference is there."""
    first, wrong = month_of(month), Wrong()
    key, words = request.form.get("key", ""), request.form.get("words", "")
    with told_at(wrong, {"difference_words": "words"}):
        reconciling.explain(db.current(), access.actor(), book_id, first, key, words, now=clock.now())
        flash(_("差异说明已记下。"), "success")
        return redirect(url_for(".show", book_id=book_id, month=month), 303)
    return _page(book_id, first, wrong), 422


@bp.post(f"{MONTH}/preparations")
def prepare(book_id: uuid.UUID, month: str) -> Any:
    """Freezes the table of a month."""
    first, wrong = month_of(month), Wrong()
    with told_at(wrong, {}):
        reconciling.prepare(db.current(), access.actor(), book_id, first, now=clock.now())
        flash(_("对账表已编制。请另一位出纳人员复核签认。"), "success")
        return redirect(url_for(".show", book_id=book_id, month=month), 303)
    return _page(book_id, first, wrong), 422


@bp.post("/<uuid:reconciliation_id>/signings")
def sign(reconciliation_id: uuid.UUID) -> Any:
    """Signs what another prepared, and closes the month."""
    session, actor, wrong = db.current(), access.actor(), Wrong()
    found = months.of(session, actor, reconciliation_id)
    with told_at(wrong, {}):
        digest = request.form.get("digest", "")
        reconciling.sign(session, actor, reconciliation_id, digest, now=clock.now())
        flash(_("已复核签认，这个月已关账。"), "success")
        return redirect(url_for(".show", book_id=found.book.id, month=f"{found.month.first:%Y-%m}"), 303)
    return _page(found.book.id, found.month.first, wrong), 422


@bp.get("/<uuid:reconciliation_id>/<any(xlsx, pdf):file_format>")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def export(reconciliation_id: uuid.UUID, file_format: str) -> Response:
    """The frozen table as a file."""
    session, actor = db.current(), access.actor()
    found: MonthView = months.of(session, actor, reconciliation_id)
    reconciling.record_export(session, actor, found, now=clock.now())
    return reconciliation_sheets.file(found, months.names_of(session, found), file_format)
