"""The frozen roster of a filed class: its versions, and changes asked for with a reason."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.roles import Role
from lms.services import filings
from lms.web import access, filing_words, limits, roster_changes
from lms.web.forms import errors_of, id_in, refusals, told
from lms.web.institution.filing_forms import AdditionForm
from lms.web.institution.navigation import page

bp = access.blueprint("institution_roster_changes", __name__, Role.INSTITUTION, url_prefix="/institution/cohorts")

ADDITION_REFUSALS = {
    "words_length": "reason",
    "words_personal": "reason",
    "document_birth_date": "number",
    "filing_no_change": "name",
}


@bp.get("/<uuid:cohort_id>/roster")
def show(cohort_id: uuid.UUID) -> Any:
    """The versions of the roster and the changes asked for."""
    return _page(cohort_id)


def _page(cohort_id: uuid.UUID, wrong: list[str] | None = None) -> str:
    session, keyring, actor, now = db.current(), access.parts().keyring, access.actor(), clock.now()
    filing = filings.get(session, keyring, actor, cohort_id, Role.INSTITUTION, now=now)
    facts = {
        "filing": filing,
        "changes": filings.list_changes(session, actor, cohort_id, Role.INSTITUTION),
        "versions": filings.list_versions(session, actor, cohort_id, Role.INSTITUTION),
        "people": filings.list_people(session, keyring, actor, cohort_id),
        "me": actor.account_id,
        "words": filing_words,
        "wrong": wrong or [],
        "said": request.form,
        "decide": "institution_roster_changes.decide_change",
    }
    return page("institution/roster_changes.html", "cohorts", **facts)


@bp.route("/<uuid:cohort_id>/roster/additions", methods=["GET", "POST"])
@limits.limiter.limit(limits.ENROL, methods=["POST"])
def add(cohort_id: uuid.UUID) -> Any:
    """A form to ask for somebody to be added, and the change it asks for."""
    session, keyring, actor, now = db.current(), access.parts().keyring, access.actor(), clock.now()
    filing, form = filings.get(session, keyring, actor, cohort_id, Role.INSTITUTION, now=now), AdditionForm()
    if form.validate_on_submit():
        with refusals(form, ADDITION_REFUSALS) as outcome:
            asked = {name: value for name, value in form.data.items() if name != "csrf_token"}
            filings.propose_addition(session, keyring, actor, cohort_id, **asked, now=now)
        if not outcome.failed:
            flash(_("已提交名单变更，等另一位工作人员核对。"), "success")
            return redirect(url_for(".show", cohort_id=cohort_id), 303)
    facts = {"filing": filing, "form": form, "errors": errors_of(form)}
    return page("institution/roster_addition.html", "cohorts", **facts), 422 if form.errors else 200


@bp.post("/<uuid:cohort_id>/roster/removals")
def remove(cohort_id: uuid.UUID) -> Any:
    """Asks for somebody to be taken out."""
    wrong: list[str] = []
    enrollment_id, reason = id_in(request.form, "enrollment_id"), request.form.get("reason", "")
    with told(wrong) as outcome:
        filings.propose_removal(db.current(), access.actor(), cohort_id, enrollment_id, reason=reason, now=clock.now())
    if outcome.failed:
        return _page(cohort_id, wrong), 422
    flash(_("已提交名单变更，等另一位工作人员核对。"), "success")
    return redirect(url_for(".show", cohort_id=cohort_id), 303)


roster_changes.add(bp, Role.INSTITUTION, _page, "institution_roster_changes.show")
