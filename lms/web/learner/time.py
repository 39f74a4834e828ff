"""我的学时: a learner's study time, and every interval it is made of."""

import uuid
from functools import partial
from typing import Any

from flask import url_for

from lms import db
from lms.domain.roles import Role
from lms.services import ledger, looks
from lms.web import access
from lms.web import ledger as shown
from lms.web.learner.navigation import page

bp = access.blueprint("learner_time", __name__, Role.LEARNER, url_prefix="/learn/time")


@bp.get("")
def index() -> str:
    """Her courses with their four numbers, and the days on which an inspector looked."""
    session, actor = db.current(), access.actor()
    found = ledger.list_own(session, access.parts().keyring, actor)
    courses = [_facts(each) for each in found]
    return page("learner/time.html", "time", courses=courses, looks=looks.days_of_learner(session, actor))


@bp.get("/<uuid:enrollment_id>")
def show(enrollment_id: uuid.UUID) -> str:
    """One course, day by day or lesson by lesson."""
    return page("learner/course_time.html", "time", **_facts(_read(enrollment_id)))


@bp.get("/<uuid:enrollment_id>/intervals")
def intervals(enrollment_id: uuid.UUID) -> str:
    """The intervals that a number is made of."""
    found = _read(enrollment_id)
    chosen = shown.intervals(found)
    facts = {"found": chosen, "heading": shown.heading(found, chosen), **_facts(found)}
    return page("learner/intervals.html", "time", **facts)


def _read(enrollment_id: uuid.UUID) -> ledger.Ledger:
    keyring = access.parts().keyring
    return ledger.read(db.current(), keyring, access.actor(), enrollment_id, role=Role.LEARNER)


def _facts(found: ledger.Ledger) -> dict[str, Any]:
    place = found.enrollment_id
    study = partial(url_for, "learner_lessons.show", enrollment_id=place)
    return {**shown.overview(found, "learner_time.intervals", enrollment_id=place), "study": study}
