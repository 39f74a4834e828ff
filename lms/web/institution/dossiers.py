"""Class dossiers (一期一档) at an institution's desk."""

import uuid
from typing import Any

from lms import db
from lms.domain.roles import Role
from lms.services import cohorts
from lms.services.cohorts import CohortView
from lms.web import access, dossiers
from lms.web.institution.navigation import page

bp = access.blueprint("institution_dossiers", __name__, Role.INSTITUTION, url_prefix="/institution")


def _page(template: str, **facts: Any) -> str:
    return page(template, "cohorts", layout="dossiers/desk.html", cohort_page="institution_cohorts.show", **facts)


def _reach(cohort_id: uuid.UUID) -> CohortView:
    return cohorts.get(db.current(), access.actor(), cohort_id)


dossiers.add_pages(bp, Role.INSTITUTION, _page, _reach)
