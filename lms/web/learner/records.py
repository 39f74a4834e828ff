"""The learner's wallet: her completion records over all institutions."""

from flask import url_for

from lms import db
from lms.adapters import qr
from lms.domain import transcripts
from lms.domain.roles import Role
from lms.services import wallet
from lms.web import access, record_words
from lms.web.learner.navigation import page

bp = access.blueprint("learner_records", __name__, Role.LEARNER, url_prefix="/learn/records")


@bp.get("/")
def index() -> str:
    """Her records, each with the address and the QR code that prove it, and what they add up to."""
    found = wallet.of_learner(db.current(), access.actor())
    shown = [(record, _address(record.code)) for record in found.records]
    return page(
        "learner/records.html",
        "records",
        records=[(record, address, qr.svg_data(address)) for record, address in shown],
        transcript=found.transcript,
        told=record_words,
        hours=transcripts.hour_hundredths,
        credited_ms=transcripts.credited_ms,
    )


def _address(code: str) -> str:
    return access.parts().config.base_url + url_for("public_certificates.show", code=code)
