"""Levels and certificates of an institution's learners: what they or it entered, originals seen, one learner's sum."""

import uuid
from typing import Any

from flask import Response, flash, jsonify, redirect, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.levels import OCCUPATIONS
from lms.domain.roles import Role
from lms.services import skills
from lms.web import access, limits, skill_desk, skill_words
from lms.web.forms import errors_of, refusals
from lms.web.institution.navigation import page
from lms.web.skill_forms import REFUSALS, CertificateForm

bp = access.blueprint("institution_skills", __name__, Role.INSTITUTION, url_prefix="/institution/learners")
desk = access.blueprint("institution_skills_desk", __name__, Role.INSTITUTION, url_prefix="/institution/certificates")
skill_desk.add_certificates(desk, Role.INSTITUTION, page)

EXPORTS = "300 per hour"


@desk.post("/<uuid:qualification_id>/withdrawal")
def withdraw(qualification_id: uuid.UUID) -> Any:
    """The institution takes back what it entered."""
    skills.withdraw_at_desk(db.current(), access.actor(), qualification_id, now=clock.now())
    flash(_("已撤回。"), "success")
    return redirect(url_for(".show", qualification_id=qualification_id), 303)


@bp.get("/<uuid:enrollment_id>/skills")
def show(enrollment_id: uuid.UUID) -> str:
    """Her levels, certificates and credits, as far as this institution knows of them."""
    return page("institution/skills.html", "skills", **_facts(enrollment_id))


def _facts(enrollment_id: uuid.UUID) -> dict[str, Any]:
    who = (db.current(), access.parts().keyring, access.actor(), enrollment_id)
    found = skills.get_profile(*who, now=clock.now())
    return {"found": found, "told": skill_words, "enrollment_id": enrollment_id}


@bp.route("/<uuid:enrollment_id>/skills/new", methods=["GET", "POST"])
def enter(enrollment_id: uuid.UUID) -> Any:
    """A form for a certificate she has from elsewhere."""
    form, facts = CertificateForm(), _facts(enrollment_id)
    if form.validate_on_submit():
        with refusals(form, REFUSALS) as outcome:
            who = (db.current(), access.parts().keyring, access.actor(), enrollment_id)
            made = skills.enter_of_learner(*who, form.entered(), now=clock.now())
        if not outcome.failed:
            flash(_("已录入。请让另一位同事看原件，平台会去核实。"), "success")
            return redirect(url_for("institution_skills_desk.show", qualification_id=made), 303)
    facts |= {"form": form, "errors": errors_of(form), "occupations": OCCUPATIONS}
    return page("institution/skill_form.html", "skills", **facts), 422 if form.errors else 200


@bp.get("/<uuid:enrollment_id>/skills/export")
@access.writes
@limits.limiter.limit(EXPORTS)
def export(enrollment_id: uuid.UUID) -> Response:
    """The same for other programs (docs/skills.md)."""
    who = (db.current(), access.parts().keyring, access.actor(), enrollment_id)
    answer = jsonify(skills.export_of_learner(*who, now=clock.now()))
    answer.headers["Content-Disposition"] = 'attachment; filename="skills.json"'
    return answer
