"""Books of subsidy money at a paymaster's desk: balances, money that came in, months that close."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, Field, StringField, ValidationError
from wtforms.validators import InputRequired

from lms import clock, db
from lms.domain.errors import Refused
from lms.domain.funds import money
from lms.domain.roles import Role
from lms.domain.subsidies import Fund
from lms.services.funds import batches, books, money_in, standing
from lms.web import access, fund_words
from lms.web.authority.funds_desk import show as shown
from lms.web.authority.funds_desk import step
from lms.web.forms import errors_of, id_in
from lms.web.wording import sentence

bp = access.blueprint("authority_funds", __name__, Role.PAYMASTER, url_prefix="/authority/funds")
DAY = fund_words.SENTENCES["funds_day_missing"]


def _as_ruled(rule: Callable[[Any], object]) -> Callable[[FlaskForm, Field], None]:
    """A validator that says what the rule says of what stands in a field."""

    def look(_form: FlaskForm, field: Field) -> None:
        try:
            rule(field.data or "")
        except Refused as refused:
            raise ValidationError(sentence(refused.code, refused.values)) from refused

    return look


class MoneyForm(FlaskForm):
    """Money that came in, as it is typed."""

    amount = StringField(validators=[_as_ruled(money.parse_positive)])
    received_on = DateField(
        validators=[InputRequired(DAY), _as_ruled(lambda on: money_in.day_of(on, clock.now()))],
        invalid_value_message=DAY,
    )
    document = StringField(validators=[_as_ruled(money_in.document_of)])
    receipt = StringField(validators=[_as_ruled(money_in.receipt_of)])


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
    return _book(book_id, MoneyForm())


def _book(book_id: uuid.UUID, form: MoneyForm) -> str:
    session, actor = db.current(), access.actor()
    found = books.view(session, books.get(session, actor, book_id))
    facts = {"book": found, "batches": batches.list_of(session, actor, book_id), "me": actor.account_id}
    facts |= {"came_in": money_in.list_of(session, actor, book_id), "next_month": books.next_to_close(session, book_id)}
    asked = standing.asked_in(session, book_id)
    return shown("book.html", form=form, errors=errors_of(form), asked=asked, **facts)


@bp.post("/<uuid:book_id>/money")
def enter_money(book_id: uuid.UUID) -> Any:
    """Money that came in, as one of two enters it; what is wrong stands at its field, and what she typed stays."""
    form, session, actor = MoneyForm(), db.current(), access.actor()
    books.get(session, actor, book_id)
    if not form.validate_on_submit():
        return _book(book_id, form), 422
    money_in.propose(
        session,
        actor,
        book_id,
        amount_fen=money.parse_positive(form.amount.data or ""),
        received_on=form.received_on.data,
        document=form.document.data or "",
        receipt=form.receipt.data or "",
        now=clock.now(),
    )
    flash(_("已登记。请另一位资金经办核对以后确认。"), "success")
    return redirect(url_for(".show", book_id=book_id), 303)


@bp.post("/<uuid:book_id>/money/<uuid:appropriation_id>")
def decide_money(book_id: uuid.UUID, appropriation_id: uuid.UUID) -> Any:
    """The other one confirms it, or says that it is wrong."""
    is_right = request.form.get("answer") == "yes"

    def act() -> None:
        money_in.decide(db.current(), access.actor(), appropriation_id, is_right=is_right, now=clock.now())

    done = _("已入账。") if is_right else _("已退回，没有入账。")
    books.get(db.current(), access.actor(), book_id)
    return step(act, done, url_for(".show", book_id=book_id))
