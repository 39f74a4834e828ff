"""The ledger of one learner for her institution, and who else has looked at it."""

import uuid
from typing import Any

from flask import request

from lms import clock, db
from lms.domain.roles import Role
from lms.services import ledger, reports, rosters
from lms.services import looks as seen
from lms.web import access, roster_words
from lms.web import ledger as shown
from lms.web.institution import columns
from lms.web.institution.navigation import page

bp = access.blueprint("institution_ledger", __name__, Role.INSTITUTION, url_prefix="/institution")


@bp.get("/learners/<uuid:enrollment_id>")
def show(enrollment_id: uuid.UUID) -> str:
    """One learner's study time, day by day or lesson by lesson."""
    session, keyring, now = db.current(), access.parts().keyring, clock.now()
    row = reports.completion_row(session, keyring, access.actor(), enrollment_id, now=now)
    facts = {"missing": columns.missing_of(row), **_facts(_read(enrollment_id))}
    told = rosters.find_details(session, keyring, [enrollment_id]).get(enrollment_id, {})
    details = [(roster_words.FIELDS[field], words) for field, words in told.items()]
    return page("institution/learner.html", "cohorts", details=details, **facts)


@bp.get("/learners/<uuid:enrollment_id>/intervals")
def intervals(enrollment_id: uuid.UUID) -> str:
    """The intervals that a number is made of."""
    found = _read(enrollment_id)
    chosen = shown.intervals(found)
    facts = {"found": chosen, "heading": shown.heading(found, chosen), **_facts(found)}
    return page("institution/intervals.html", "cohorts", **facts)


@bp.get("/looks")
def looks() -> str:
    """Which inspector looked at what, and when."""
    number = request.args.get("page", 1, type=int)
    found = seen.list_of_institution(db.current(), access.actor(), page=number)
    return page("institution/looks.html", "looks", found=found, words=shown.page_words)


def _read(enrollment_id: uuid.UUID) -> ledger.Ledger:
    keyring = access.parts().keyring
    return ledger.read(db.current(), keyring, access.actor(), enrollment_id, role=Role.INSTITUTION)


def _facts(found: ledger.Ledger) -> dict[str, Any]:
    return shown.overview(found, "institution_ledger.intervals", enrollment_id=found.enrollment_id)
