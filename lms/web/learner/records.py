"""The learner's wallet: her completion records over all institutions."""

from typing import Any

from flask import url_for

from lms import clock, db
from lms.adapters import qr
from lms.domain import frozen
from lms.domain.roles import Role
from lms.services import papers, records, skills, wallet
from lms.web import access, limits, record_words, renewal_words
from lms.web.downloads import attachment
from lms.web.learner.navigation import page

bp = access.blueprint("learner_records", __name__, Role.LEARNER, url_prefix="/learn/records")


@bp.get("/")
def index() -> str:
    """Her records, each with the address and the QR code that prove it, and what they add up to."""
    session, actor, now = db.current(), access.actor(), clock.now()
    found = wallet.of_learner(session, actor, now=now)
    shown = [(record, _address(record.code)) for record in found.records]
    return page(
        "learner/records.html",
        "records",
        records=[(record, address, qr.svg_data(address)) for record, address in shown],
        transcript=found.transcript,
        has_skills=skills.has_own(session, actor),
        told=record_words,
        phases=renewal_words,
        words=records.own_words(session, actor),
        credited_ms=frozen.credited_ms,
    )


@bp.get("/<code>/paper")
@limits.limiter.limit(limits.EXPORTS)
@access.gates_itself
def paper(code: str) -> Any:
    """Her certificate as a PDF; it gets its serial number the first time, and is drawn while nobody waits for us."""
    parts = access.parts()
    with parts.database.transaction() as session:
        refused = access.check_gate()
        if refused is not None:
            return refused
        signed, address = parts.pdf_signer is not None, parts.record_address
        who, now = access.actor(), clock.now()
        own = papers.number_own(session, parts.keyring, who, code, address=address, signed=signed, now=now)
    made = papers.draw_own(own, parts.pdf_signer)
    name = f"{made.title}_{made.serial}.pdf"
    answer = attachment(iter([made.pdf]), name, f"{made.serial}.pdf", "application/pdf")
    answer.content_length = len(made.pdf)
    return answer


def _address(code: str) -> str:
    return access.parts().config.base_url + url_for("public_certificates.show", code=code)
