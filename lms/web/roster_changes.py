"""Deciding on a change of a frozen roster: the same for a second person of the institution and for who reviews."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.services import filings
from lms.web import access
from lms.web.access import GatedBlueprint
from lms.web.forms import told

Page = Callable[[uuid.UUID, list[str]], Any]


def add(bp: GatedBlueprint, role: Role, show: Page, endpoint: str) -> None:
    """Adds the route by which this role decides; `show` is the page again with what is wrong, `endpoint` where it
    goes on."""

    @bp.post("/<uuid:cohort_id>/roster/changes/<uuid:change_id>/decisions")
    def decide_change(cohort_id: uuid.UUID, change_id: uuid.UUID) -> Any:
        """Agrees to a change of the roster, or does not."""
        wrong: list[str] = []
        approved = request.form.get("decision") == "approved"
        more: dict[str, Any] = {"approved": approved, "note": request.form.get("note", ""), "now": clock.now()}
        session, keyring, actor = db.current(), access.parts().keyring, access.actor()
        with told(wrong) as outcome:
            if filings.decide_change(session, keyring, actor, change_id, role=role, **more) != cohort_id:
                raise NotFound  # the address names another class
        if outcome.failed:
            return show(cohort_id, wrong), 422
        flash(_("名单已更新，新的一版已经固定。") if approved else _("已记下：不同意。"), "success")
        return redirect(url_for(endpoint, cohort_id=cohort_id), 303)
