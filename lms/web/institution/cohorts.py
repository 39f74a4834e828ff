"""The institution's cohorts and the people in them."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask import session as cookie
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.errors import NotFound
from lms.domain.filings import standing
from lms.domain.policies import policy_named, policy_on
from lms.domain.roles import Role
from lms.services import activation, cohorts, courses, enrollments, filings, organisations, reports
from lms.services.cohorts import CohortView
from lms.services.courses import VersionRow
from lms.web import access, filing_words, limits, policy_words, rights_words
from lms.web.forms import errors_of, refusals
from lms.web.institution import columns
from lms.web.institution.forms import CohortForm, LearnerForm, choices
from lms.web.institution.navigation import page
from lms.web.pages import named

bp = access.blueprint("institution_cohorts", __name__, Role.INSTITUTION, url_prefix="/institution")

ADDED = "added"
COHORT_REFUSALS = {
    "cohort_name_length": "name",
    "cohort_name_strange_sign": "name",
    "cohort_name_taken": "name",
    "policy_not_in_force": "opens_on",
    "cohort_closes_before_opening": "closes_on",
    "cohort_already_over": "closes_on",
    "course_without_exam": "family",
    "course_without_practice": "family",
}
LEARNER_REFUSALS = {
    "already_enrolled": "number",
    "cohort_closed": "name",
    "filing_in_review": "name",
    "filing_roster_frozen": "name",
    "filing_over": "name",
    "person_name_differs": "name",
    "phone_of_another_person": "phone",
    "person_has_other_phone": "phone",
}


@bp.get("/")
def index() -> str:
    """The cohorts of the institution."""
    found = cohorts.list_own(db.current(), access.actor())
    today = clock.civil_day(clock.now())
    states = {each.id: standing(each.filing, each.opens_on, today) for each in found}
    return page("institution/cohorts.html", "cohorts", cohorts=found, states=states, words=filing_words)


@bp.route("/cohorts/new", methods=["GET", "POST"])
def new() -> Any:
    """A form for a new cohort, and the cohort it makes."""
    form = _cohort_form()
    if form.validate_on_submit():
        with refusals(form, COHORT_REFUSALS) as outcome:
            made = _open(_without_token(form.data))
        if not outcome.failed and made.filing:
            flash(_("草稿已保存。请接着把开班申请填完整，再提交审核。"), "success")
            return redirect(url_for("institution_filings.basics", cohort_id=made.id), 303)
        if not outcome.failed:
            flash(_("班期已建立。现在可以添加学员。"), "success")
            return redirect(url_for(".show", cohort_id=made.id), 303)
    facts = {"form": form, "errors": errors_of(form), "families": _families()}
    facts["unconfirmed"] = policy_words.UNCONFIRMED
    return page("institution/cohort_form.html", "cohorts", **facts), 422 if form.errors else 200


def _open(asked: dict[str, Any]) -> CohortView:
    """A class that shall be filed begins as a draft; one that is not is open at once."""
    session, actor, filed = db.current(), access.actor(), asked.pop("filed") == "yes"
    if filed:
        return filings.start(session, access.parts().keyring, actor, now=clock.now(), **asked)
    return cohorts.create(session, actor, now=clock.now(), **asked)


def _cohort_form() -> CohortForm:
    form = CohortForm()
    mine = organisations.list_own(db.current(), access.actor())
    form.organisation_id.choices = choices((str(each.id), each.name) for each in mine)
    newest = {row.slug: row for row in reversed(courses.list_visible(db.current(), access.actor(), Role.INSTITUTION))}
    versions = ((str(row.version_id), _version_words(row)) for row in newest.values())
    form.course_version_id.choices = choices(versions)
    return form


def _families() -> list[dict[str, Any]]:
    """The kinds of class to choose from, with what the policies in force today ask."""
    today = clock.civil_day(clock.now())
    asked = {family: policy_words.asks(policy_on(today, family=family)) for family in policy_words.FAMILIES}
    return [
        {"value": family, "words": policy_words.FAMILIES[family], "note": " ".join(asks)}
        for family, asks in asked.items()
    ]


def _version_words(row: VersionRow) -> Any:
    return _("%(title)s（第 %(number)s 版）", title=named(row), number=row.number)


def _without_token(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != "csrf_token"}


@bp.get("/cohorts/<uuid:cohort_id>")
def show(cohort_id: uuid.UUID) -> str:
    """One cohort: its learners and how far each of them is."""
    session, actor = db.current(), access.actor()
    found = cohorts.get(session, actor, cohort_id)
    learners = reports.completion_page(
        session,
        access.parts().keyring,
        actor,
        selection=reports.Selection(cohort_id=cohort_id),
        page=request.args.get("page", 1, type=int),
        now=clock.now(),
    )
    policy = policy_named(found.policy_code)
    facts = {"kind": policy_words.family(policy), "asks": policy_words.asks(policy), "columns": columns}
    facts |= {"state": standing(found.filing, found.opens_on, clock.civil_day(clock.now())), "words": filing_words}
    facts |= {"unconfirmed": policy_words.UNCONFIRMED if policy.blended else "", "has_exams": bool(policy.blended)}
    known = activation.list_of_cohort(session, actor, cohort_id)
    facts["known"] = {each: rights_words.KNOWN[state] for each, state in known.items()}
    facts["added"] = _added(cohort_id)
    return page("institution/cohort.html", "cohorts", cohort=found, learners=learners, **facts)


@bp.route("/cohorts/<uuid:cohort_id>/learners/new", methods=["GET", "POST"])
@limits.limiter.limit(limits.ENROL, methods=["POST"])
def new_learner(cohort_id: uuid.UUID) -> Any:
    """A form for one more learner, and her place in the cohort."""
    found = cohorts.get(db.current(), access.actor(), cohort_id)
    form = LearnerForm()
    if form.validate_on_submit() and _enroll(cohort_id, form):
        return redirect(url_for(".show", cohort_id=cohort_id), 303)
    facts = {"form": form, "errors": errors_of(form), "cohort": found}
    return page("institution/learner_form.html", "cohorts", **facts), 422 if form.errors else 200


def _enroll(cohort_id: uuid.UUID, form: LearnerForm) -> bool:
    session, keyring, asked = db.current(), access.parts().keyring, _without_token(form.data)
    with refusals(form, LEARNER_REFUSALS) as outcome:
        made = enrollments.enroll(session, keyring, access.actor(), cohort_id, now=clock.now(), **asked)
        cookie[ADDED] = str(made.id)
    return not outcome.failed


def _added(cohort_id: uuid.UUID) -> str:
    """Whom the form has just entered, read again: browsers keep what a page says to the next in a cookie."""
    if ADDED not in cookie:
        return ""
    who, keyring = (db.current(), access.actor()), access.parts().keyring
    enrollment_id = uuid.UUID(cookie.pop(ADDED))
    try:
        learner = enrollments.get(*who, cohort_id, enrollment_id)
    except NotFound:  # another class is looked at, or she is out again
        return ""
    phone = enrollments.masked_phone(*who, keyring, cohort_id, enrollment_id)
    return str(_("%(name)s 已加入班期，用手机号 %(phone)s 登录。", name=learner.name, phone=phone))


@bp.get("/cohorts/<uuid:cohort_id>/learners/<uuid:enrollment_id>/removal")
def ask_removal(cohort_id: uuid.UUID, enrollment_id: uuid.UUID) -> str:
    """Asks before a learner is taken out of the cohort, or says why she cannot be."""
    learner = enrollments.get(db.current(), access.actor(), cohort_id, enrollment_id)
    return page("institution/removal.html", "cohorts", learner=learner)


@bp.post("/cohorts/<uuid:cohort_id>/learners/<uuid:enrollment_id>/removal")
def remove(cohort_id: uuid.UUID, enrollment_id: uuid.UUID) -> Any:
    """Takes a learner who has not studied out of the cohort."""
    enrollments.remove(db.current(), access.actor(), cohort_id, enrollment_id, now=clock.now())
    flash(_("已移出班期。"), "success")
    return redirect(url_for(".show", cohort_id=cohort_id), 303)
