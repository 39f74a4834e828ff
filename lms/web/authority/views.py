"""An inspector's desk: look, never touch. Every page leaves a row that institution and learner can read."""

import uuid
from typing import Any

from flask import request

from lms import clock, db
from lms.domain.filings import standing
from lms.domain.policies import policy_named
from lms.domain.roles import Role
from lms.services import cohorts, filings, ledger, looks, reports, rollup
from lms.web import access, filing_words, tree_words
from lms.web import ledger as shown
from lms.web.authority.navigation import page
from lms.web.missing import missing

bp = access.blueprint("authority", __name__, Role.INSPECTOR, url_prefix="/inspect")


@bp.get("/")
@access.writes
def index() -> str:
    """The organisations from which she may look down, each with its sums."""
    session, actor = db.current(), access.actor()
    found = rollup.tops(session, actor, Role.INSPECTOR)
    looks.record(session, actor, "institutions", actor.account_id, organisation_id=None, now=clock.now())
    return page("authority/institutions.html", rows=found, words=tree_words)


@bp.get("/institutions/<uuid:organisation_id>")
@access.writes
def institution(organisation_id: uuid.UUID) -> str:
    """One organisation: its sums, what stands below it, and its own cohorts."""
    session, actor = db.current(), access.actor()
    found = rollup.place(session, actor, organisation_id, Role.INSPECTOR)
    _look("institution", organisation_id, organisation_id)
    own = cohorts.list_own(session, actor, role=Role.INSPECTOR, organisation_id=organisation_id)
    return page("authority/institution.html", institution=found, cohorts=own, words=tree_words)


@bp.get("/cohorts/<uuid:cohort_id>")
@access.writes
def cohort(cohort_id: uuid.UUID) -> str:
    """The learners of one cohort, with what each has studied."""
    session, actor = db.current(), access.actor()
    found = cohorts.get(session, actor, cohort_id, role=Role.INSPECTOR)
    _look("cohort", cohort_id, found.organisation_id)
    learners = reports.completion_page(
        session,
        access.parts().keyring,
        actor,
        selection=reports.Selection(cohort_id=cohort_id),
        page=request.args.get("page", 1, type=int),
        role=Role.INSPECTOR,
        now=clock.now(),
    )
    has_exams = policy_named(found.policy_code).blended is not None
    facts: dict[str, Any] = {
        "cohort": found,
        "learners": learners,
        "has_exams": has_exams,
        "class_hours": shown.class_hours,
        "missing": missing,
        "words": filing_words,
        "state": standing(found.filing, found.opens_on, clock.civil_day(clock.now())),
        "history": filings.timeline(session, actor, cohort_id, Role.INSPECTOR),
    }
    return page("authority/cohort.html", **facts)


@bp.get("/learners/<uuid:enrollment_id>")
@access.writes
def show(enrollment_id: uuid.UUID) -> str:
    """One learner's study time, day by day or lesson by lesson."""
    found = _read(enrollment_id, "learner")
    session, keyring, now = db.current(), access.parts().keyring, clock.now()
    row = reports.completion_row(session, keyring, access.actor(), enrollment_id, role=Role.INSPECTOR, now=now)
    return page("authority/learner.html", missing=missing(row.verdict), **_facts(found))


@bp.get("/learners/<uuid:enrollment_id>/intervals")
@access.writes
def intervals(enrollment_id: uuid.UUID) -> str:
    """The intervals that a number is made of."""
    found = _read(enrollment_id, "intervals")
    chosen = shown.intervals(found)
    facts = {"found": chosen, "heading": shown.heading(found, chosen), **_facts(found)}
    return page("authority/intervals.html", **facts)


def _read(enrollment_id: uuid.UUID, kind: str) -> ledger.Ledger:
    keyring = access.parts().keyring
    found = ledger.read(db.current(), keyring, access.actor(), enrollment_id, role=Role.INSPECTOR)
    _look(kind, enrollment_id, found.organisation_id)
    return found


def _look(kind: str, subject: uuid.UUID, organisation_id: uuid.UUID) -> None:
    looks.record(db.current(), access.actor(), kind, subject, organisation_id=organisation_id, now=clock.now())


def _facts(found: ledger.Ledger) -> dict[str, Any]:
    return shown.overview(found, "authority.intervals", enrollment_id=found.enrollment_id)
