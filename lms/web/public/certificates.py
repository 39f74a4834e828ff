"""Anybody checks a completion record by its code."""

from typing import Any

from flask import redirect, render_template, request, url_for

from lms import db
from lms.adapters import qr
from lms.domain.certificates import normal_code
from lms.services import certificates, log
from lms.web import access, limits

bp = access.blueprint("public_certificates", __name__, access.PUBLIC, url_prefix="/v")


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
def show(code: str) -> Any:
    """What was certified, with a masked name; the same answer for every code that never was."""
    found = certificates.find_public(db.current(), code)
    if found is None:
        return render_template("public/certificate_unknown.html", code=normal_code(code)), 404
    address = f"{access.parts().config.base_url}{url_for('.show', code=found.code)}"
    facts = {"record": found, "address": address, "qr": qr.svg_data(address)}
    covering = log.of_certificate(db.current(), found.code)
    facts |= {"checkpoint": covering, "checkpoint_qr": qr.svg_data(covering.words) if covering else ""}
    return render_template("public/certificate.html", **facts)
