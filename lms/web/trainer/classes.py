"""我的线下课: the classes that a trainer teaches in person, and the code that she shows there."""

from lms import clock, db
from lms.domain.roles import Role
from lms.services import attendance
from lms.web import access, class_words, classroom
from lms.web.trainer.navigation import page

bp = access.blueprint("trainer_classes", __name__, Role.TRAINER, url_prefix="/trainer")
classroom.add(bp, Role.TRAINER, page, "classes")


@bp.get("/classes")
def index() -> str:
    """Today's with their codes one tap away; then what comes, the next first; then what was, the latest first."""
    rows, day = attendance.list_meetings(db.current(), access.actor(), Role.TRAINER), clock.civil_day(clock.now())
    today = [row for row in rows if row.meeting.held_on == day]
    ahead = [row for row in rows if row.meeting.held_on > day]
    past = [row for row in reversed(rows) if row.meeting.held_on < day]
    return page("trainer/classes.html", "classes", today=today, ahead=ahead, past=past, told=class_words)
