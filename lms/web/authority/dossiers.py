"""Class dossiers (一期一档) at an inspector's desk: numbers masked, each page and each file on record."""

import uuid
from typing import Any

from lms import clock, db
from lms.domain.roles import Role
from lms.services import cohorts, looks
from lms.services.cohorts import CohortView
from lms.web import access, dossiers
from lms.web.authority.navigation import page

bp = access.blueprint("authority_dossiers", __name__, Role.INSPECTOR, url_prefix="/inspect")


def _page(template: str, **facts: Any) -> str:
    return page(template, layout="authority/layout.html", cohort_page="authority.cohort", **facts)


def _reach(cohort_id: uuid.UUID) -> CohortView:
    session, actor = db.current(), access.actor()
    found = cohorts.get(session, actor, cohort_id, role=Role.INSPECTOR)
    looks.record(session, actor, "dossiers", cohort_id, organisation_id=found.organisation_id, now=clock.now())
    return found


dossiers.add_pages(bp, Role.INSPECTOR, _page, _reach)
