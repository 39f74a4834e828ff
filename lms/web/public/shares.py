"""A learner's records as whoever got her link sees them."""

from typing import Any

from flask import render_template, url_for

from lms import clock, db
from lms.services import shares
from lms.web import access, limits, record_words, renewal_words, unlisted

bp = access.blueprint("public_shares", __name__, access.PUBLIC, url_prefix="/s")
bp.after_request(unlisted.stay)


@bp.get("/<token>")
@limits.limiter.limit(limits.LOOK_UP)
@limits.misses
@access.writes
def show(token: str) -> Any:
    """Her records, unless the link is over; the same answer for every link that opens nothing."""
    now = clock.now()
    shown = shares.find_link(db.current(), token, now=now)
    if shown is None:
        return render_template("public/share_closed.html"), 404
    pages = {each.code: url_for("public_certificates.show", code=each.code) for each in shown.records}
    facts = {"shown": shown, "pages": pages, "checked_at": now, "told": record_words}
    facts |= {"phases": renewal_words}
    return render_template("public/share.html", **facts)
