"""人员类别: evidence of groups of learners below an officer, who verifies it; each look is on record."""

import uuid
from typing import Any

from lms import clock, db
from lms.domain.roles import Role
from lms.services import looks
from lms.web import access, group_desk
from lms.web.authority.navigation import page

bp = access.blueprint("authority_groups", __name__, Role.OFFICER, url_prefix="/authority/subsidies/groups")


def _page(template: str, **facts: Any) -> str:
    return page(template, "groups", layout="authority/layout.html", acts=True, **facts)


def _look(evidence_id: uuid.UUID | None) -> None:
    actor = access.actor()
    looks.record(db.current(), actor, "groups", evidence_id or actor.account_id, organisation_id=None, now=clock.now())


group_desk.add_pages(bp, Role.OFFICER, _page, _look)
