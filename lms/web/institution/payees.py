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
from lms.web.forms import id_in, told
from lms.web.institution.navigation import page

bp = access.blueprint("institution_payees", __name__, Role.INSTITUTION, url_prefix="/institution/payees")


@bp.get("/")
def index() -> str:
    """The accounts, with what waits first."""
    return _list([])


@bp.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """A form for an account, and the account."""
    wrong: list[str] = []
    session, actor, form = db.current(), access.actor(), request.form
    if request.method == "POST":
        typed = Entered(form.get("holder", ""), form.get("bank", ""), form.get("account", ""))
        place = id_in(form, "organisation") or uuid.UUID(int=0)
        with told(wrong) as outcome:
            payees.enter(session, access.parts().keyring, actor, place, typed, now=clock.now())
        if not outcome.failed:
            flash(_("已填好，请另一位同事来确认。确认以前不会用它。"), "success")
            return redirect(url_for(".index"), 303)
    places = [(each.id, each.name) for each in organisations.list_own(session, actor)]
    return page("institution/payee_form.html", "payees", places=places, wrong=wrong, said=form), 422 if wrong else 200


@bp.post("/<uuid:payee_id>/acts")
def act(payee_id: uuid.UUID) -> Any:
    """Confirms, turns down or withdraws an account."""
    wrong: list[str] = []
    said = (_act(), request.form.get("note", ""))
    with told(wrong) as outcome:
        payees.decide(db.current(), access.actor(), payee_id, *said, now=clock.now())
    if outcome.failed:
        return _list(wrong), 422
    flash(_("已记下。"), "success")
    return redirect(url_for(".index"), 303)


def _list(wrong: list[str]) -> str:
    found = payees.list_at_desk(db.current(), access.actor())
    return page("institution/payees.html", "payees", found=found, wrong=wrong, words=publicity_words)


def _act() -> Act:
    try:
        return Act(request.form.get("act", ""))
    except ValueError:
        raise NotFound from None
