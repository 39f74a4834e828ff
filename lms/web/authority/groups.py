"""人员类别: evidence of groups of learners below an officer, who verifies it; each look is on record."""

import uuid
from typing import Any

from lms import clock, db
from lms.domain.roles import Role
from lms.services import eligibility, looks
from lms.web import access, group_desk
from lms.web.authority.navigation import page

bp = access.blueprint("authority_groups", __name__, Role.OFFICER, url_prefix="/authority/subsidies/groups")


def _page(template: str, **facts: Any) -> str:
    return page(template, "groups", layout="authority/layout.html", acts=True, **facts)


def _look(evidence_id: uuid.UUID | None) -> None:
    session, actor = db.current(), access.actor()
    hers = eligibility.subject_of(session, actor, evidence_id) if evidence_id else None
    subject, place = hers or (actor.account_id, None)
    looks.record(session, actor, "groups", subject, organisation_id=place, now=clock.now())


group_desk.add_pages(bp, Role.OFFICER, _page, _look)
