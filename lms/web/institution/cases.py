"""What looked strange in the study of the institution's learners, and what people made of it."""

import uuid
from typing import Any

from lms.domain.roles import Role
from lms.services import cases
from lms.web import access, casework
from lms.web.institution.navigation import page

bp = access.blueprint("institution_cases", __name__, Role.INSTITUTION, url_prefix="/institution/cases")
casework.add_cases(bp, Role.INSTITUTION, page)


@bp.post("/<uuid:case_id>/decisions")
def decide(case_id: uuid.UUID) -> Any:
    """The first decision; it changes no number."""
    return casework.judge(page, Role.INSTITUTION, case_id, cases.decide)
