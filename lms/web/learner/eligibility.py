"""我能不能领补贴: a learner's own classes, what is still missing, what a person will look at, and whom to ask."""

from lms import clock, db
from lms.domain.roles import Role
from lms.services import eligibility
from lms.web import access, eligibility_words
from lms.web.learner.navigation import page

bp = access.blueprint("learner_eligibility", __name__, Role.LEARNER, url_prefix="/learn/subsidies")


@bp.get("/")
def index() -> str:
    """Everything at one glance."""
    found = eligibility.list_own(db.current(), access.actor(), today=clock.civil_day(clock.now()))
    return page("learner/eligibility.html", "records", found=found, told=eligibility_words)
