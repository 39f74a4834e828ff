"""The completion records of all institutions: the platform's staff is the second person where there is no other."""

from lms.domain.roles import Role
from lms.web import access, recordwork
from lms.web.platform.navigation import page

bp = access.blueprint("platform_records", __name__, Role.PLATFORM, url_prefix="/platform/records")
recordwork.add_records(bp, Role.PLATFORM, page)
