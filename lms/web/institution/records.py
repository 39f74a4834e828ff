"""The completion records of the institution's learners: taken back or issued anew by two people."""

from lms.domain.roles import Role
from lms.web import access, recordwork
from lms.web.institution.navigation import page

bp = access.blueprint("institution_records", __name__, Role.INSTITUTION, url_prefix="/institution/records")
recordwork.add_records(bp, Role.INSTITUTION, page)
