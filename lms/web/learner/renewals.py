"""有效期: until when what she completed holds, and when she may take it again."""

from lms import clock, db
from lms.domain.roles import Role
from lms.services import renewals
from lms.web import access, renewal_words
from lms.web.learner.navigation import page

bp = access.blueprint("learner_renewals", __name__, Role.LEARNER, url_prefix="/learn/renewals")


@bp.get("/")
def index() -> str:
    """Every course she completed, with all she completed of it before."""
    actor = access.actor()
    found = renewals.list_own(db.current(), actor, now=clock.now())
    return page("renewals/own.html", "records", found=found, told=renewal_words, me=actor.person_id)
