"""The places of the platform's staff that are not needed every day."""

from lms.domain.roles import Role
from lms.web import access
from lms.web.platform.navigation import others, page

bp = access.blueprint("platform_more", __name__, Role.PLATFORM, url_prefix="/platform/more")


@bp.get("/")
def index() -> str:
    """One line each, with what it is for."""
    return page("more.html", "more", others=others())
