"""办理时间（及时发放）: how long claims stay in each stage, as a page and a file; each is on record."""

import uuid
from datetime import date

from flask import Response, request
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.roles import Role
from lms.services import exports, looks, organisations
from lms.services.claims import ageing
from lms.services.claims.ageing import AgeRow
from lms.web import access, exporting, limits, publicity_words
from lms.web.authority.navigation import page
from lms.web.exporting import Table
from lms.web.forms import day_in, id_in
from lms.web.language import day

bp = access.blueprint("authority_ageing", __name__, Role.OFFICER, url_prefix="/inspect/subsidies/ageing")


@bp.get("/")
@access.writes
def index() -> str:
    """By institution and stage, for her whole reach or for one organisation with all below it."""
    session, actor = db.current(), access.actor()
    place, on = _asked()
    rows = ageing.report(session, actor, place, day=on)
    looks.record(session, actor, "ageing", place or actor.account_id, organisation_id=place, now=clock.now())
    places = [(each.id, each.name) for each in organisations.list_own(session, actor, role=Role.OFFICER)]
    facts = {"rows": rows, "organisations": places, "place": place, "on": on, "words": publicity_words}
    query = {"organisation": place, "as_of": request.args.get("as_of")}
    facts["query"] = {name: value for name, value in query.items() if value}
    return page("authority/ageing.html", "ageing", **facts)


@bp.get("/ageing.<any(csv, xlsx):file_format>")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def export(file_format: str) -> Response:
    """The same as a file."""
    session, actor = db.current(), access.actor()
    place, on = _asked()
    rows = ageing.report(session, actor, place, day=on)
    asked = {"organisation": str(place or ""), "as_of": on.isoformat()}
    told = {"file_format": file_format, "rows": len(rows)}
    exports.record(session, actor, "ageing", asked, organisation_id=place, now=clock.now(), **told)  # type: ignore[arg-type]
    name = "_".join([_("补贴办理时间表"), day(on)]) + f".{file_format}"
    return exporting.send(_table(rows), name, f"ageing-{on.isoformat()}.{file_format}", file_format)


def _asked() -> tuple[uuid.UUID | None, date]:
    return id_in(request.args, "organisation"), day_in(request.args, "as_of") or clock.civil_day(clock.now())


def _table(rows: list[AgeRow]) -> Table:
    heads = [
        _("机构"),
        _("环节"),
        _("正在办"),
        _("其中超期"),
        _("没有规定期限"),
        _("最久（工作日）"),
        _("最多超期（工作日）"),
    ]
    heads += [_("已办完"), _("其中超期办完"), _("一般用时（工作日）"), _("节假日表已核对")]
    return Table(heads, map(_cells, rows), [24, 10, 8, 8, 12, 14, 16, 8, 12, 16, 14])


def _cells(row: AgeRow) -> list[str | int | None]:
    aged, certain = row.aged, _("是") if row.aged.is_certain else _("否")
    now = (aged.waiting, aged.overdue, aged.without_term, aged.longest, aged.most_overdue)
    stage = str(publicity_words.STAGES[aged.stage])
    return [row.organisation, stage, *now, aged.passed, aged.late, aged.typical, certain]
