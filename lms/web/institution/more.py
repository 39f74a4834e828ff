"""The places of an institution's staff that are not needed every day."""

from lms.domain.roles import Role
from lms.web import access
from lms.web.institution.navigation import others, page

bp = access.blueprint("institution_more", __name__, Role.INSTITUTION, url_prefix="/institution/more")


@bp.get("/")
def index() -> str:
    """One line each, with what it is for."""
    return page("more.html", "more", others=others())
