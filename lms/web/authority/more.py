"""The places of an authority's staff that have no room in the bar."""

from lms.domain.roles import Role
from lms.web import access
from lms.web.authority.navigation import others, page

bp = access.blueprint("authority_more", __name__, Role.INSPECTOR, url_prefix="/inspect/more")


@bp.get("/")
def index() -> str:
    """One line each, with what it is for."""
    return page("more.html", "more", others=others())
