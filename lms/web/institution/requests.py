"""What the institution's learners asked about their own data, by the day an answer is due."""

from lms.domain.roles import Role
from lms.web import access, requestwork
from lms.web.institution.navigation import page

bp = access.blueprint("institution_requests", __name__, Role.INSTITUTION, url_prefix="/institution/requests")
requestwork.add_requests(bp, Role.INSTITUTION, page)
