"""The learner's completion records."""

from flask import Response, url_for

from lms import clock, db
from lms.adapters import qr
from lms.domain.roles import Role
from lms.services import papers, records
from lms.web import access, limits, record_words
from lms.web.downloads import attachment
from lms.web.learner.navigation import page

bp = access.blueprint("learner_records", __name__, Role.LEARNER, url_prefix="/learn/records")


@bp.get("/")
def index() -> str:
    """Her records, each with the address and the QR code that prove it."""
    own = records.list_own(db.current(), access.actor())
    shown = [(record, _address(record.code)) for record in own]
    return page(
        "learner/records.html",
        "records",
        told=record_words,
        words=records.own_words(db.current(), access.actor()),
        records=[(record, address, qr.svg_data(address)) for record, address in shown],
    )


@bp.get("/<code>/paper")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def paper(code: str) -> Response:
    """Her certificate as a PDF; it gets its serial number the first time."""
    parts = access.parts()
    made = papers.draw_own(
        db.current(),
        parts.keyring,
        access.actor(),
        code,
        address=parts.record_address,
        signer=parts.pdf_signer,
        now=clock.now(),
    )
    name = f"{made.title}_{made.serial}.pdf"
    answer = attachment(iter([made.pdf]), name, f"{made.serial}.pdf", "application/pdf")
    answer.content_length = len(made.pdf)
    return answer


def _address(code: str) -> str:
    return access.parts().config.base_url + url_for("public_certificates.show", code=code)
