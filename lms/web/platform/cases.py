"""The cases of all institutions: to be read, and to have the last word on an appeal."""

from lms.domain.roles import Role
from lms.web import access, casework
from lms.web.platform.navigation import page

bp = access.blueprint("platform_cases", __name__, Role.PLATFORM, url_prefix="/platform/cases")
casework.add_cases(bp, Role.PLATFORM, page)
