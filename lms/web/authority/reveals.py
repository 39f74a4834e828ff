"""Who of an institution saw whole numbers, as an inspector sees it; her look leaves a row as any other."""

import uuid

from flask import request

from lms import clock, db
from lms.domain.roles import Role
from lms.services import looks, reveals
from lms.web import access, identity_words
from lms.web.authority.navigation import page

bp = access.blueprint("authority_reveals", __name__, Role.INSPECTOR, url_prefix="/inspect/institutions")


@bp.get("/<uuid:organisation_id>/reveals")
@access.writes
def index(organisation_id: uuid.UUID) -> str:
    """The reveals of one institution, the newest first."""
    session, actor, number = db.current(), access.actor(), request.args.get("page", 1, type=int)
    where = {"organisation_id": organisation_id}
    found = reveals.list_of_institution(session, actor, Role.INSPECTOR, page=number, **where)
    looks.record(session, actor, "reveals", organisation_id, now=clock.now(), **where)
    return page("authority/reveals.html", found=found, told=identity_words, organisation_id=organisation_id)
