"""Where a workplace mentor begins: the classes of her institutions."""

from lms import db
from lms.domain.roles import Role
from lms.services import cohorts
from lms.web import access
from lms.web.examiner.navigation import page

bp = access.blueprint("mentor", __name__, Role.MENTOR, url_prefix="/mentor")


@bp.get("/")
def index() -> str:
    """The cohorts of her institutions."""
    found = cohorts.list_own(db.current(), access.actor(), role=Role.MENTOR)
    return page("examiner/cohorts.html", "mentor", cohorts=found, opens="mentor_tasks.cohort")
