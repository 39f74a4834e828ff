"""The review desk of an officer, for filings of the institutions below her; each look is on record."""

import uuid
from typing import Any

from lms import clock, db
from lms.domain.roles import Role
from lms.services import cohorts, looks
from lms.web import access, filing_review
from lms.web.authority.navigation import page

bp = access.blueprint("authority_filings", __name__, Role.OFFICER, url_prefix="/inspect/filings")


def _page(template: str, **facts: Any) -> str:
    return page(template, "filings", layout="authority/layout.html", acts=True, **facts)


def _look(cohort_id: uuid.UUID | None) -> None:
    session, actor = db.current(), access.actor()
    place = cohorts.get(session, actor, cohort_id, role=Role.OFFICER).organisation_id if cohort_id else None
    subject = cohort_id or actor.account_id
    looks.record(session, actor, "filings", subject, organisation_id=place, now=clock.now())


filing_review.add_pages(bp, Role.OFFICER, _page, _look)
