"""The learner's wallet: her completion records over all institutions."""

from flask import Response, url_for

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
