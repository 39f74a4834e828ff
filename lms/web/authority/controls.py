"""内部风险防控 at a paymaster's desk: signs to look at with their evidence, and the same as a file."""

from datetime import timedelta
from typing import Any

from flask import Response, request

from lms import clock, db
from lms.domain.errors import NotFound
from lms.domain.funds.controls import Limits
from lms.domain.roles import Role
from lms.services.funds import controls
from lms.services.funds.controls import Report
from lms.web import access, control_sheets, limits
from lms.web.authority.reconciliation_desk import FIRST_YEAR, LAST_YEAR, page
from lms.web.forms import day_in

bp = access.blueprint("authority_controls", __name__, Role.PAYMASTER, url_prefix="/authority/funds/controls")
DAYS = timedelta(days=90)


@bp.get("/")
def index() -> str:
    """The report of some days with the limits that were asked for."""
    asked = _asked()
    found = _report(asked)
    query = {"from": asked["since"].isoformat(), "to": asked["until"].isoformat(), **vars(asked["limits"])}
    return page("authority/funds/controls.html", "controls", found=found, query=query, sheets=control_sheets, **asked)


@bp.get("/export.xlsx")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def export() -> Response:
    """The same as a file; that it left is on record."""
    found = _report(_asked())
    controls.record_export(db.current(), access.actor(), now=clock.now())
    return control_sheets.file(found, clock.civil_day(clock.now()))


def _asked() -> dict[str, Any]:
    today, usual = clock.civil_day(clock.now()), Limits()
    since, until = day_in(request.args, "from") or today - DAYS, day_in(request.args, "to") or today
    if not (FIRST_YEAR <= since.year <= LAST_YEAR and FIRST_YEAR <= until.year <= LAST_YEAR):
        raise NotFound
    numbers = {name: request.args.get(name, value, type=int) for name, value in vars(usual).items()}
    return {"since": since, "until": until, "limits": Limits(**numbers).within_bounds()}


def _report(asked: dict[str, Any]) -> Report:
    who = (db.current(), access.parts().keyring, access.actor(), asked["limits"])
    since, until = clock.begin_of_day(asked["since"]), clock.end_of_day(asked["until"])
    return controls.report(*who, since=since, until=until)
