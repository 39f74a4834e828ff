"""Changes of names and numbers of all institutions: what is about numbers is decided here."""

from lms.domain.roles import Role
from lms.web import access, identity_desk
from lms.web.platform.navigation import page

bp = access.blueprint("platform_identity", __name__, Role.PLATFORM, url_prefix="/platform/identity")
identity_desk.add_changes(bp, Role.PLATFORM, page)
