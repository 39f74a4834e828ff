"""收补贴的账户 of an institution: one of its staff enters it, another one confirms it."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.claims.payees import Act
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.services import organisations
from lms.services.claims import payees
from lms.services.claims.payees import Entered
from lms.web import access, publicity_words
from lms.web.forms import Wrong, id_in, told_at, words_at
from lms.web.institution.navigation import page

bp = access.blueprint("institution_payees", __name__, Role.INSTITUTION, url_prefix="/institution/payees")
FIELDS = {"payee_holder": "holder", "payee_bank": "bank", "payee_account": "account"}


@bp.get("/")
def index() -> str:
    """The accounts, with what waits first."""
    return _list([])


@bp.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """A form for an account, and the account."""
    errors: Wrong = []
    session, actor, form = db.current(), access.actor(), request.form
    if request.method == "POST":
        typed = Entered(form.get("holder", ""), form.get("bank", ""), form.get("account", ""))
        place = id_in(form, "organisation") or uuid.UUID(int=0)
        with told_at(errors, FIELDS) as outcome:
            payees.enter(session, access.parts().keyring, actor, place, typed, now=clock.now())
        if not outcome.failed:
            flash(_("已填好，请另一位同事来确认。确认以前不会用它。"), "success")
            return redirect(url_for(".index"), 303)
    places = [(each.id, each.name) for each in organisations.list_own(session, actor)]
    facts = {"places": places, "errors": errors, "said": form}
    return page("institution/payee_form.html", "payees", **facts), 422 if errors else 200


@bp.post("/<uuid:payee_id>/acts")
def act(payee_id: uuid.UUID) -> Any:
    """Confirms, turns down or withdraws an account."""
    errors: Wrong = []
    said = (_act(), request.form.get("note", ""))
    with told_at(errors, words_at(f"note-{payee_id}")) as outcome:
        payees.decide(db.current(), access.actor(), payee_id, *said, now=clock.now())
    if outcome.failed:
        return _list(errors), 422
    flash(_("已记下。"), "success")
    return redirect(url_for(".index"), 303)


def _list(errors: Wrong) -> str:
    found = payees.list_at_desk(db.current(), access.actor())
    facts = {"errors": errors, "said": request.form, "words": publicity_words}
    return page("institution/payees.html", "payees", found=found, **facts)


def _act() -> Act:
    try:
        return Act(request.form.get("act", ""))
    except ValueError:
        raise NotFound from None
