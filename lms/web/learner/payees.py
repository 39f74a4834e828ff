"""收补贴的账户 of a learner: her own entry, with a separate consent, for her living allowance."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.claims.payees import Card
from lms.domain.errors import NotFound
from lms.domain.notices import Purpose
from lms.domain.roles import Role
from lms.services.claims import payees
from lms.services.claims.payees import Entered
from lms.web import access, publicity_words, rights_words
from lms.web.forms import Wrong, told_at
from lms.web.learner.navigation import page
from lms.web.rights_words import spoken

bp = access.blueprint("learner_payees", __name__, Role.LEARNER, url_prefix="/learn/mine/accounts")
FIELDS = {
    "payee_consent": "agreed",
    "payee_bank": "bank",
    "payee_account": "account",
    "name_missing": "holder",
    "name_too_long": "holder",
    "name_strange_sign": "holder",
}


@bp.get("/")
def index() -> str:
    """Her accounts, the one in use first."""
    found = payees.list_own(db.current(), access.actor())
    return page("learner/payees.html", "me", found=found, words=publicity_words)


@bp.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """The text she agrees to, a form, and her account."""
    errors: Wrong = []
    if request.method == "POST":
        typed, agreed = _entered(), request.form.get("agreed") == "1"
        who = (db.current(), access.parts().keyring, access.actor(), typed)
        with told_at(errors, FIELDS) as outcome:
            payees.enter_own(*who, agreed=agreed, language=spoken(), now=clock.now())
        if not outcome.failed:
            flash(_("已保存。补贴会打到这个账户。"), "success")
            return redirect(url_for(".index"), 303)
    facts = {"notice": rights_words.notice_of(Purpose.ACCOUNT.value), "errors": errors, "said": request.form}
    return page("learner/payee_form.html", "me", words=publicity_words, **facts), 422 if errors else 200


@bp.post("/<uuid:payee_id>/withdrawal")
def withdraw(payee_id: uuid.UUID) -> Any:
    """She takes the account and her consent back."""
    payees.withdraw_own(db.current(), access.actor(), payee_id, language=spoken(), now=clock.now())
    flash(_("已收回。不会再往这个账户打钱。"), "success")
    return redirect(url_for(".index"), 303)


def _entered() -> Entered:
    form = request.form
    try:
        card = Card(form.get("card", ""))
    except ValueError:
        raise NotFound from None
    return Entered(form.get("holder", ""), form.get("bank", ""), form.get("account", ""), card)
