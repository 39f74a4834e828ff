"""Anybody checks a completion record by its code."""

from typing import Any

from flask import redirect, render_template, request, url_for

from lms import clock, db
from lms.adapters import qr
from lms.domain import frozen
from lms.domain.certificates import normal_code
from lms.services import records
from lms.web import access, limits, record_words, renewal_words, unlisted
from lms.web.ledger_words import CLASSES

bp = access.blueprint("public_certificates", __name__, access.PUBLIC, url_prefix="/v")
bp.after_request(unlisted.stay)


@bp.route("/", methods=["GET", "POST"])
@limits.limiter.limit(limits.LOOK_UP, methods=["POST"])
def look_up() -> Any:
    """A page to type a code into. Only what can be a code gets into an address: some type their name or number."""
    typed = request.form.get("code", "").strip()
    if not typed:
        return render_template("public/certificate_search.html")
    code = normal_code(typed)
    if code is None:
        return render_template("public/certificate_unknown.html", code=typed), 422
    return redirect(url_for(".show", code=code), 303)


@bp.get("/<code>")
@limits.limiter.limit(limits.LOOK_UP)
@limits.misses
def show(code: str) -> Any:
    """What was certified, with a masked name; the same answer for every code that never was."""
    session, now = db.current(), clock.now()
    record = records.find_public(session, code, now=now)
    if record is None:
        return render_template("public/certificate_unknown.html", code=normal_code(code)), 404
    address = f"{access.parts().config.base_url}{url_for('.show', code=record.code)}"
    return render_template(
        "public/certificate.html",
        record=record,
        address=address,
        qr=qr.svg_data(address),
        checkpoint_qr=qr.svg_data(record.proof.checkpoint.words) if record.proof else "",
        checked_at=now,
        by_class=frozen.by_class_ms(record.facts),
        classes=CLASSES,
        told=record_words,
        phases=renewal_words,
    )
