"""补贴资格: a dry run before a claim, for a class and for one learner with every criterion and what it rests on."""

import uuid
from typing import Any

from flask import request, url_for

from lms import clock, db
from lms.domain.eligibility.findings import Evidence
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.domain.subsidies import SubsidyKind
from lms.services import eligibility
from lms.web import access, eligibility_words, group_words
from lms.web.institution.navigation import page

bp = access.blueprint("institution_eligibility", __name__, Role.INSTITUTION, url_prefix="/institution/subsidies")

STUDIED = frozenset({"enrollment", "study", "attendance", "scores", "paper"})


@bp.get("/")
def index() -> str:
    """The classes, with the policy each pins."""
    found = eligibility.list_classes(db.current(), access.actor())
    return page("institution/eligibility_classes.html", "eligibility", found=found)


@bp.get("/classes/<uuid:cohort_id>")
def show_class(cohort_id: uuid.UUID) -> str:
    """Everybody of a class, for one kind of subsidy."""
    today = clock.civil_day(clock.now())
    found = eligibility.dry_run(db.current(), access.actor(), cohort_id, _kind(), today=today)
    return page("institution/eligibility_class.html", "eligibility", found=found, told=eligibility_words)


def _kind() -> SubsidyKind:
    try:
        return SubsidyKind(request.args.get("kind", SubsidyKind.TRAINING.value))
    except ValueError:
        raise NotFound from None


@bp.get("/learners/<uuid:enrollment_id>")
def show_learner(enrollment_id: uuid.UUID) -> str:
    """One learner, with the whole tree for each kind of subsidy."""
    session, actor, today = db.current(), access.actor(), clock.civil_day(clock.now())
    found = eligibility.get_standing(session, actor, enrollment_id, today=today)
    groups = eligibility.list_of_learner(session, access.parts().keyring, actor, enrollment_id)
    facts: dict[str, Any] = {"found": found, "groups": groups, "told": eligibility_words, "words": group_words}
    return page("institution/eligibility_learner.html", "eligibility", link=_link(found, groups), **facts)


def _link(found: eligibility.Standing, groups: list[eligibility.GroupRow]) -> Any:
    """Where this institution can read the evidence of a finding; None for what is not its own."""
    own = {each.id for each in groups}

    def link(evidence: Evidence) -> str | None:
        if evidence.kind in STUDIED:
            return url_for("institution_ledger.show", enrollment_id=found.enrollment_id)
        if evidence.kind == "class":
            return url_for("institution_cohorts.show", cohort_id=found.cohort.id)
        if evidence.kind == "qualification":
            return url_for("institution_skills.show", enrollment_id=found.enrollment_id)
        if evidence.kind == "group" and evidence.id in own:
            return url_for("institution_groups.show", evidence_id=evidence.id)
        return None

    return link
