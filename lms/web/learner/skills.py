"""我的技能等级: a learner's levels, certificates from elsewhere and credits, over all her employers."""

import uuid
from typing import Any

from flask import Response, flash, jsonify, redirect, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.levels import OCCUPATIONS
from lms.domain.roles import Role
from lms.services import skills
from lms.web import access, limits, skill_words
from lms.web.forms import errors_of, refusals
from lms.web.learner.navigation import page
from lms.web.skill_forms import REFUSALS, CertificateForm

bp = access.blueprint("learner_skills", __name__, Role.LEARNER, url_prefix="/learn/skills")

ENTRIES = "30 per hour"
EXPORTS = "60 per hour"


@bp.get("/")
def index() -> str:
    """Everything at one glance; of somebody who is not registered yet, nothing."""
    session, actor = db.current(), access.actor()
    who = (session, access.parts().keyring, actor)
    found = skills.get_own_profile(*who, now=clock.now()) if actor.person_id else None
    return page("learner/skills.html", "records", found=found, told=skill_words)


@bp.route("/certificates/new", methods=["GET", "POST"])
@limits.limiter.limit(ENTRIES, methods=["POST"])
def enter() -> Any:
    """A form for a certificate from elsewhere."""
    form = CertificateForm()
    if form.validate_on_submit():
        with refusals(form, REFUSALS) as outcome:
            who = (db.current(), access.parts().keyring, access.actor())
            made = skills.enter_own(*who, form.entered(), now=clock.now())
        if not outcome.failed:
            flash(_("已录入。您的机构会看原件，平台会去核实。"), "success")
            return redirect(url_for(".show", qualification_id=made), 303)
    facts = {"form": form, "errors": errors_of(form), "told": skill_words, "occupations": OCCUPATIONS}
    return page("learner/skill_form.html", "records", **facts), 422 if form.errors else 200


@bp.get("/certificates/<uuid:qualification_id>")
def show(qualification_id: uuid.UUID) -> str:
    """One certificate with all that was said of it, and who saw its whole number."""
    found = skills.get_own(db.current(), access.parts().keyring, access.actor(), qualification_id)
    return page("learner/skill.html", "records", found=found, told=skill_words)


@bp.post("/certificates/<uuid:qualification_id>/withdrawal")
def withdraw(qualification_id: uuid.UUID) -> Any:
    """She takes back what she entered."""
    skills.withdraw_own(db.current(), access.actor(), qualification_id, now=clock.now())
    flash(_("已撤回。"), "success")
    return redirect(url_for(".show", qualification_id=qualification_id), 303)


@bp.get("/export")
@access.writes
@limits.limiter.limit(EXPORTS)
def export() -> Response:
    """The same for other programs (docs/skills.md)."""
    answer = jsonify(skills.export_own(db.current(), access.parts().keyring, access.actor(), now=clock.now()))
    answer.headers["Content-Disposition"] = 'attachment; filename="skills.json"'
    return answer
