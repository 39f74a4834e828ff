"""The learner's share links: which there are, a new one, one of them, and taking it back."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.adapters import qr
from lms.domain.roles import Role
from lms.domain.shares import DAYS, USUAL_DAYS, Reader
from lms.services import shares, wallet
from lms.web import access, limits, record_words, share_words
from lms.web.forms import option_number, told
from lms.web.learner.navigation import page

bp = access.blueprint("learner_shares", __name__, Role.LEARNER, url_prefix="/learn/shares")


@bp.get("/")
def index() -> str:
    """All her links, the newest first."""
    found = shares.list_own(db.current(), access.actor(), access.parts().keyring, now=clock.now())
    return page("learner/shares.html", "records", found=found, words=share_words)


@bp.route("/new", methods=["GET", "POST"])
@limits.limiter.limit(limits.ENROL, methods=["POST"])
def create() -> Any:
    """Which records, for whom, for how long, and whether with her whole name."""
    wrong: list[str] = []
    form = request.form
    if request.method == "POST":
        with told(wrong) as outcome:
            share_id = shares.create(
                db.current(),
                access.actor(),
                access.parts().keyring,
                reader=form.get("reader", ""),
                days=option_number(form.get("days", "")),
                codes=form.getlist("record"),
                with_name=form.get("with_name") == "1",
                now=clock.now(),
            )
        if not outcome.failed:
            return redirect(url_for(".show", share_id=share_id), 303)
    return _form(wrong), 422 if wrong else 200


def _form(wrong: list[str]) -> str:
    return page(
        "learner/share_form.html",
        "records",
        records=wallet.of_learner(db.current(), access.actor(), now=clock.now()).records,
        told=record_words,
        wrong=[("", each) for each in wrong],
        form=request.form,
        readers=[{"value": each.value, "words": share_words.READERS[each]} for each in Reader],
        days=[{"value": str(each), "words": share_words.DAYS[each]} for each in DAYS],
        usual=str(USUAL_DAYS),
    )


@bp.get("/<uuid:share_id>")
def show(share_id: uuid.UUID) -> str:
    """One link: its address and QR code, until when, how often it was opened."""
    parts = access.parts()
    found = shares.get_own(db.current(), access.actor(), parts.keyring, share_id, now=clock.now())
    address = parts.config.base_url + url_for("public_shares.show", token=found.token)
    facts = {"share": found, "address": address, "qr": qr.svg_data(address)}
    facts |= {"words": share_words, "told": record_words}
    return page("learner/share.html", "records", **facts)


@bp.route("/<uuid:share_id>/revocation", methods=["GET", "POST"])
def revoke(share_id: uuid.UUID) -> Any:
    """Asks once more, then takes the link back."""
    session, actor, now = db.current(), access.actor(), clock.now()
    if request.method == "POST":
        shares.revoke(session, actor, share_id, now=now)
        flash(_("已收回，这个链接谁也打不开了。"), "success")
        return redirect(url_for(".index"), 303)
    found = shares.get_own(session, actor, access.parts().keyring, share_id, now=now)
    return page("learner/share_revocation.html", "records", share=found)
