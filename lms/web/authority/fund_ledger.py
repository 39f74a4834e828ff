"""The 发放台账 as a page and as files, and clawbacks of what stands in it."""

import uuid
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.adapters.sheets import CONTENT_TYPES
from lms.domain.errors import Refused
from lms.domain.funds.paid_list import COLUMNS, WIDTHS, sheet, totals
from lms.domain.roles import Role
from lms.services import exports
from lms.services.funds import books, clawbacks, paid_list
from lms.web import access, exporting, limits, papers
from lms.web.authority.funds_desk import show as shown
from lms.web.authority.funds_desk import step
from lms.web.downloads import attachment, spooled
from lms.web.exporting import Table
from lms.web.forms import day_in

bp = access.blueprint("authority_fund_ledger", __name__, Role.PAYMASTER, url_prefix="/authority/funds")
PAGE = 100


@bp.get("/<uuid:book_id>/ledger")
def ledger(book_id: uuid.UUID) -> str:
    """The rows of a book as of a day, the newest page first."""
    session, actor, as_of = db.current(), access.actor(), day_in(request.args, "as_of")
    rows = paid_list.list_rows(session, actor, book_id, as_of=as_of)
    pages = max(1, -(-len(rows) // PAGE))
    number = min(max(request.args.get("page", pages, type=int), 1), pages)
    facts = {"rows": rows[(number - 1) * PAGE : number * PAGE], "found": {"page": number, "pages": pages}}
    view = books.view(session, books.get(session, actor, book_id), as_of=as_of)
    return shown("ledger.html", book=view, as_of=as_of, totals=totals(rows), total=len(rows), **facts)


@bp.get("/<uuid:book_id>/ledger.<any(csv, xlsx, pdf):file_format>")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def export(book_id: uuid.UUID, file_format: str) -> Response:
    """The same as a file in the columns of the form; as of a day that is over it is the same bytes each time."""
    session, actor, now = db.current(), access.actor(), clock.now()
    as_of = day_in(request.args, "as_of")
    rows = paid_list.list_rows(session, actor, book_id, as_of=as_of)
    book = books.view(session, books.get(session, actor, book_id))
    asked = {"book": str(book_id), **({"as_of": as_of.isoformat()} if as_of else {})}
    told = {"file_format": file_format, "rows": len(rows), "organisation_id": book.organisation_id, "now": now}
    exports.record(session, actor, "fund_ledger", asked, **told)  # type: ignore[arg-type]
    about = as_of or clock.civil_day(now)
    name = "_".join(["专账资金发放台账", book.organisation, about.isoformat()]) + f".{file_format}"
    paper = papers.around(session, name, asked, now) if file_format == "pdf" else None
    table = Table(COLUMNS, sheet(rows), WIDTHS)
    chunks = spooled(lambda path: exporting.fill(table, file_format, path, paper))
    return attachment(chunks, name, f"ledger-{about.isoformat()}.{file_format}", CONTENT_TYPES[file_format])


@bp.get("/<uuid:book_id>/clawbacks")
def list_clawbacks(book_id: uuid.UUID) -> str:
    """What is to be had back, what was, and payments found by their reference."""
    session, actor = db.current(), access.actor()
    found = clawbacks.list_of(session, actor, book_id)
    asked = request.args.get("reference", "").strip().upper()
    paid = clawbacks.find_paid(session, actor, book_id, asked) if asked else None
    facts = {"asked": asked, "paid": paid, "me": actor.account_id, "today": clock.civil_day(clock.now())}
    return shown("clawbacks.html", book_id=book_id, clawbacks=found, **facts)


@bp.post("/<uuid:book_id>/payments/<uuid:payment_id>/clawback")
def propose(book_id: uuid.UUID, payment_id: uuid.UUID) -> Any:
    """One of two asks that a payment be had back."""
    reason = request.form.get("reason", "")
    books.get(db.current(), access.actor(), book_id)
    return step(
        lambda: clawbacks.propose(db.current(), access.actor(), payment_id, reason, now=clock.now()),
        _("已提出追回。请另一位资金经办决定。"),
        url_for(".list_clawbacks", book_id=book_id),
    )


@bp.post("/<uuid:book_id>/clawbacks/<uuid:clawback_id>/decision")
def decide(book_id: uuid.UUID, clawback_id: uuid.UUID) -> Any:
    """The other one decides."""
    is_right = request.form.get("answer") == "yes"
    clawbacks.check_place(db.current(), access.actor(), book_id, clawback_id)
    return step(
        lambda: clawbacks.decide(db.current(), access.actor(), clawback_id, is_right=is_right, now=clock.now()),
        _("已决定追回。款项到账以后在这里登记。") if is_right else _("已决定不追回。"),
        url_for(".list_clawbacks", book_id=book_id),
    )


@bp.post("/<uuid:book_id>/clawbacks/<uuid:clawback_id>/receipt")
def settle(book_id: uuid.UUID, clawback_id: uuid.UUID) -> Any:
    """The money is back."""

    def act() -> None:
        on = day_in(request.form, "on")
        if on is None:
            raise Refused("funds_day_missing")
        receipt = request.form.get("receipt", "")
        clawbacks.settle(db.current(), access.actor(), clawback_id, on=on, receipt=receipt, now=clock.now())

    clawbacks.check_place(db.current(), access.actor(), book_id, clawback_id)
    return step(act, _("追回已入账。"), url_for(".list_clawbacks", book_id=book_id))
