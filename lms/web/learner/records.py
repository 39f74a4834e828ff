"""The learner's completion records."""

from flask import url_for

from lms import db
from lms.adapters import qr
from lms.domain.roles import Role
from lms.services import records
from lms.web import access, record_words
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


def _address(code: str) -> str:
    return access.parts().config.base_url + url_for("public_certificates.show", code=code)
