"""Service accounts of all institutions and of authorities, as the platform's staff look after them."""

from lms.domain.roles import Role
from lms.web import access, exchanging
from lms.web.platform.navigation import page

bp = access.blueprint("platform_services", __name__, Role.PLATFORM, url_prefix="/platform/services")
exchanging.add_services(bp, Role.PLATFORM, page)
