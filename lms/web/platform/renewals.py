"""How long completions of any course hold; for the courses that ship with the platform, only its staff may say."""

from lms.domain.roles import Role
from lms.web import access, renewal_rules
from lms.web.platform.navigation import page

bp = access.blueprint("platform_renewals", __name__, Role.PLATFORM, url_prefix="/platform/renewals")
renewal_rules.add_rules(bp, Role.PLATFORM, page)
