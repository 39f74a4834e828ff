"""The corrections of all institutions: the platform's staff is the second person where there is no other."""

from lms.domain.roles import Role
from lms.web import access, casework
from lms.web.platform.navigation import page

bp = access.blueprint("platform_corrections", __name__, Role.PLATFORM, url_prefix="/platform/corrections")
casework.add_corrections(bp, Role.PLATFORM, page)
