"""Pages of a learner, with her bottom bar."""

from typing import Any

from flask import render_template

from lms import clock, db
from lms.services import cases, corrections
from lms.web import access
from lms.web.tabs import learner_tabs


def page(template: str, place: str, **facts: Any) -> str:
    """Renders a learner's page; `place` is the tab she is in. 我的学时 comes with what she should know of it."""
    notices = _notices() if template == "learner/time.html" else None
    return render_template(template, nav=learner_tabs(place), notices=notices, **facts)


def _notices() -> dict[str, Any]:
    session, actor, now = db.current(), access.actor(), clock.now()
    mine = cases.list_own(session, actor)
    running = [row for row in mine if row.waits or (row.appeal_until and now <= row.appeal_until)]
    return {"case": next(iter(running), None), "corrections": len(corrections.list_own(session, actor))}
