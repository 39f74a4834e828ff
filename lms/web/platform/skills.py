"""Certificates from elsewhere of all learners: the platform verifies them in the official register."""

import uuid
from typing import Any

from flask import Response, make_response
from flask_wtf import FlaskForm
from wtforms import StringField

from lms import clock, db
from lms.domain.roles import Role
from lms.services import skills
from lms.web import access, limits, skill_desk, skill_words
from lms.web.forms import errors_of, refusals
from lms.web.platform.navigation import page

bp = access.blueprint("platform_skills", __name__, Role.PLATFORM, url_prefix="/platform/certificates")
skill_desk.add_certificates(bp, Role.PLATFORM, page)

REVEALS = "120 per hour"


class ReasonForm(FlaskForm):
    """What the whole number is needed for."""

    reason = StringField()


@bp.route("/<uuid:qualification_id>/reveals", methods=["GET", "POST"])
@limits.limiter.limit(REVEALS, methods=["POST"])
def reveal(qualification_id: uuid.UUID) -> Any:
    """Asks what the whole number is needed for; then shows it, on this page and nowhere else."""
    session, keyring, actor = db.current(), access.parts().keyring, access.actor()
    found = skills.get_at_desk(session, keyring, actor, Role.PLATFORM, qualification_id)
    form, seen = ReasonForm(), None
    if form.validate_on_submit():
        with refusals(form, {"words_length": "reason", "words_personal": "reason"}):
            seen = skills.reveal(session, keyring, actor, qualification_id, form.reason.data or "", now=clock.now())
    facts = {"found": found, "form": form, "errors": errors_of(form), "seen": seen, "told": skill_words}
    answer: Response = make_response(page("platform/number.html", "skills", **facts), 422 if form.errors else 200)
    return answer
