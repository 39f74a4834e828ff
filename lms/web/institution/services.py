"""Service accounts of an institution: programs of its own that read and write here."""

from lms.domain.roles import Role
from lms.web import access, exchanging
from lms.web.institution.navigation import page

bp = access.blueprint("institution_services", __name__, Role.INSTITUTION, url_prefix="/institution/services")
exchanging.add_services(bp, Role.INSTITUTION, page)
