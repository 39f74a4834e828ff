"""Where an examiner begins: the classes of her institutions."""

from lms import db
from lms.domain.roles import Role
from lms.services import cohorts
from lms.web import access
from lms.web.examiner.navigation import page

bp = access.blueprint("examiner", __name__, Role.EXAMINER, url_prefix="/examine")


@bp.get("/")
def index() -> str:
    """The cohorts of her institutions."""
    found = cohorts.list_own(db.current(), access.actor(), role=Role.EXAMINER)
    return page("examiner/cohorts.html", "examine", cohorts=found, opens="examiner_practicals.cohort")
