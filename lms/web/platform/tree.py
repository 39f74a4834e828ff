"""The organisation tree at the platform's desk: all of it."""

from lms.domain.roles import Role
from lms.web import access, treework
from lms.web.platform.navigation import page

bp = access.blueprint("platform_tree", __name__, Role.PLATFORM, url_prefix="/platform/tree")
treework.add_tree(bp, Role.PLATFORM, page)
