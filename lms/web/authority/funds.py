"""Books of subsidy money at a paymaster's desk: balances, money that came in, months that close."""

import uuid
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.errors import Refused
from lms.domain.funds import money
from lms.domain.roles import Role
from lms.domain.subsidies import Fund
from lms.services.funds import batches, books, money_in
from lms.web import access
from lms.web.authority.funds_desk import show as shown
from lms.web.authority.funds_desk import step
from lms.web.forms import day_in, id_in

bp = access.blueprint("authority_funds", __name__, Role.PAYMASTER, url_prefix="/authority/funds")


@bp.get("/")
def index() -> str:
    """Her books with their balances, and a form that opens one."""
    session, actor = db.current(), access.actor()
    facts = {"books": books.list_books(session, actor), "nodes": books.list_nodes(session, actor)}
    return shown("index.html", funds=list(Fund), **facts)


@bp.post("/books")
def open_book() -> Any:
    """A book of a node for a fund."""
    place = id_in(request.form, "organisation")
    fund = request.form.get("fund", "")
    if fund not in list(Fund) or place is None:
        return redirect(url_for(".index"), 303)
    made = books.open_book(db.current(), access.actor(), place, Fund(fund), now=clock.now())
    return redirect(url_for(".show", book_id=made), 303)


@bp.get("/<uuid:book_id>")
def show(book_id: uuid.UUID) -> str:
    """One book: balances, batches, money that came in, the month that closes next."""
    session, actor = db.current(), access.actor()
    found = books.view(session, books.get(session, actor, book_id))
    facts = {"book": found, "batches": batches.list_of(session, actor, book_id), "me": access.actor().account_id}
    facts |= {"came_in": money_in.list_of(session, actor, book_id), "next_month": books.next_to_close(session, book_id)}
    return shown("book.html", **facts)


@bp.post("/<uuid:book_id>/money")
def enter_money(book_id: uuid.UUID) -> Any:
    """Money that came in, as one of two enters it."""

    def act() -> None:
        received_on = day_in(request.form, "received_on")
        if received_on is None:
            raise Refused("funds_day_missing")
        money_in.propose(
            db.current(),
            access.actor(),
            book_id,
            amount_fen=money.parse_positive(request.form.get("amount", "")),
            received_on=received_on,
            document=request.form.get("document", ""),
            receipt=request.form.get("receipt", ""),
            now=clock.now(),
        )

    books.get(db.current(), access.actor(), book_id)
    return step(act, _("已登记。请另一位资金经办核对以后确认。"), url_for(".show", book_id=book_id))


@bp.post("/<uuid:book_id>/money/<uuid:appropriation_id>")
def decide_money(book_id: uuid.UUID, appropriation_id: uuid.UUID) -> Any:
    """The other one confirms it, or says that it is wrong."""
    is_right = request.form.get("answer") == "yes"

    def act() -> None:
        money_in.decide(db.current(), access.actor(), appropriation_id, is_right=is_right, now=clock.now())

    done = _("已入账。") if is_right else _("已退回，没有入账。")
    books.get(db.current(), access.actor(), book_id)
    return step(act, done, url_for(".show", book_id=book_id))
