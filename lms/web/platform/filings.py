"""The review desk of the platform's staff, for filings of every institution."""

from typing import Any

from lms.domain.roles import Role
from lms.web import access, filing_review
from lms.web.platform.navigation import page

bp = access.blueprint("platform_filings", __name__, Role.PLATFORM, url_prefix="/platform/filings")


def _page(template: str, **facts: Any) -> str:
    facts |= {"layout": "dossiers/desk.html", "policy_page": "platform_subsidies.show"}
    return page(template, "filings", **facts)


filing_review.add_pages(bp, Role.PLATFORM, _page)
