"""Anybody checks a completion record by its code."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for

from lms import clock, db
from lms.adapters import qr
from lms.domain import transcripts
from lms.services import public_records
from lms.web import access, limits, record_words
from lms.web.ledger_words import CLASSES

bp = access.blueprint("public_certificates", __name__, access.PUBLIC, url_prefix="/v")


@bp.after_request
def _stay_unlisted(answer: Response) -> Response:
    """No search engine collects records of people."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


@bp.get("/")
def look_up() -> Any:
    """A page to type a code into."""
    code = request.args.get("code", "").strip()
    if code:
        return redirect(url_for(".show", code=code))
    return render_template("public/certificate_search.html")


@bp.get("/<code>")
@limits.limiter.limit(limits.LOOK_UP)
@limits.misses
def show(code: str) -> Any:
    """What was certified, with a masked name; the same answer for every code that never was."""
    record = public_records.find_public(db.current(), code)
    if record is None:
        return render_template("public/certificate_unknown.html", code=code), 404
    address = f"{access.parts().config.base_url}{url_for('.show', code=record.code)}"
    checkpoint = record.proof.checkpoint if record.proof else None
    return render_template(
        "public/certificate.html",
        record=record,
        address=address,
        qr=qr.svg_data(address),
        checkpoint_qr=qr.svg_data(checkpoint.words) if checkpoint else "",
        checked_at=clock.now(),
        by_class=transcripts.by_class_ms(record.facts),
        hours=transcripts.hour_hundredths(record.facts),
        classes=CLASSES,
        told=record_words,
    )
