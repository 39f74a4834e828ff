"""The corrections of the learner's own study time: why, by whom, before and after."""

from lms import db
from lms.domain.roles import Role
from lms.services import corrections
from lms.web import access, correction_words
from lms.web.learner.navigation import page

bp = access.blueprint("learner_corrections", __name__, Role.LEARNER, url_prefix="/learn/time/corrections")


@bp.get("")
def index() -> str:
    """All of them, the newest first."""
    found = corrections.list_own(db.current(), access.actor())
    return page("learner/corrections.html", "time", found=found, told=correction_words)
