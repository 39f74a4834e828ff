"""检查和处理: checks of institutions, and the ladder of sanctions that two officers decide."""

import uuid
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.claims.sanctions import LADDER, Act, Rung, Way
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.services import exports, looks
from lms.services.claims import sanction_pages, sanctions
from lms.services.claims.sanction_pages import Checked, InspectionRow, SanctionRow
from lms.services.claims.sanctions import Proposed
from lms.web import access, exporting, limits, publicity_words
from lms.web.authority.navigation import page
from lms.web.exporting import Table
from lms.web.forms import Wrong, count_of, day_in, id_in, told_at, unfilled, words_at
from lms.web.language import day

bp = access.blueprint("authority_sanctions", __name__, Role.OFFICER, url_prefix="/inspect/subsidies/inspections")

WORDS_AT = words_at("words")
CHECK_AT = {
    "inspection_day": "checked_on",
    "inspection_count": "present",
    "inspection_alone": "second",
    "name_missing": "second",
    "name_too_long": "second",
    "name_strange_sign": "second",
    **words_at("problems"),
}
SANCTION_AT = {**WORDS_AT, "sanction_talk": "closed_until"}


@bp.get("/")
@access.writes
def index() -> str:
    """Checks and what followed, the newest first."""
    session, actor, now = db.current(), access.actor(), clock.now()
    looks.record(session, actor, "inspections", actor.account_id, organisation_id=None, now=now)
    checks, others = sanction_pages.list_all(session, actor, now=now)
    facts = {"checks": checks, "others": others, "words": publicity_words}
    return page("authority/inspections.html", "sanctions", acts=True, **facts)


@bp.route("/new", methods=["GET", "POST"])
@access.writes
def new() -> Any:
    """A form for a check, and the check."""
    wrong = unfilled(request.form, publicity_words.CHECK_NEEDS) if request.method == "POST" else []
    if request.method == "POST" and not wrong:
        with told_at(wrong, CHECK_AT):
            sanction_pages.inspect(db.current(), access.actor(), _checked(), now=clock.now())
            flash(_("检查已记下。"), "success")
            return redirect(url_for(".index"), 303)
    return _form("authority/inspection_form.html", wrong), 422 if wrong else 200


@bp.route("/sanctions/new", methods=["GET", "POST"])
@access.writes
def propose() -> Any:
    """A form for a sanction, and the proposal."""
    wrong = unfilled(request.form, publicity_words.SANCTION_NEEDS) if request.method == "POST" else []
    if request.method == "POST" and not wrong:
        with told_at(wrong, SANCTION_AT):
            made = sanctions.propose(db.current(), access.actor(), _proposed(), now=clock.now())
            flash(_("已提出，等另一位同事决定。决定以前机构看不到。"), "success")
            return redirect(url_for(".show", sanction_id=made), 303)
    return _form("authority/sanction_form.html", wrong), 422 if wrong else 200


@bp.get("/sanctions/<uuid:sanction_id>")
@access.writes
def show(sanction_id: uuid.UUID) -> str:
    """One sanction with all its steps."""
    return _shown(sanction_id, [])


@bp.post("/sanctions/<uuid:sanction_id>/acts")
def act(sanction_id: uuid.UUID) -> Any:
    """The next thing that is done with it."""
    wrong = unfilled(request.form, publicity_words.ACT_NEEDS)
    if not wrong:
        said = (_chosen(Act, "act"), request.form.get("words", ""))
        with told_at(wrong, WORDS_AT):
            sanctions.act(db.current(), access.actor(), sanction_id, *said, now=clock.now())
            flash(_("已记下。"), "success")
            return redirect(url_for(".show", sanction_id=sanction_id), 303)
    return _shown(sanction_id, wrong), 422


@bp.get("/inspections.<any(csv, xlsx):file_format>")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def export(file_format: str) -> Response:
    """检查记录、处理台账 in the columns of domain.md 6.1."""
    session, actor, now = db.current(), access.actor(), clock.now()
    checks, others = sanction_pages.list_all(session, actor, now=now)
    rows = [line for check in checks for line in _lines(check)] + [_line(None, each) for each in others]
    told = {"file_format": file_format, "rows": len(rows)}
    exports.record(session, actor, "inspections", {}, organisation_id=None, now=now, **told)  # type: ignore[arg-type]
    about = clock.civil_day(now)
    name = "_".join([_("检查记录和处理台账"), day(about)]) + f".{file_format}"
    heads = [_("检查日期"), _("机构"), _("班期"), _("方式"), _("应到"), _("实到"), _("问题")]
    heads += [_("措施"), _("期限"), _("停止申请到"), _("状态"), _("复查结果"), _("检查人一"), _("检查人二")]
    table = Table(heads, rows, [12, 24, 20, 8, 6, 6, 40, 10, 12, 12, 14, 30, 10, 10])
    return exporting.send(table, name, f"inspections-{about.isoformat()}.{file_format}", file_format)


def _lines(check: InspectionRow) -> list[list[Any]]:
    return [_line(check, each) for each in check.sanctions] or [_line(check, None)]


def _line(check: InspectionRow | None, sanction: SanctionRow | None) -> list[Any]:
    """One line of the list: a check, a sanction that follows from it, or one of them alone."""
    words = publicity_words
    seen: list[Any] = ["", sanction.organisation if sanction else "", "", "", None, None, ""]
    if check is not None:
        seen = [check.checked_on.isoformat(), check.organisation, check.cohort, str(words.WAYS[check.way])]
        seen += [check.expected, check.present, check.problems]
    done: list[Any] = ["", "", "", "", ""]
    if sanction is not None:
        ends = [each.isoformat() if each else "" for each in (sanction.fix_until, sanction.closed_until)]
        done = [str(words.RUNGS[sanction.rung]), *ends, str(words.SANCTIONS[sanction.state][0]), sanction.recheck]
    return [*seen, *done, *(check.inspectors if check else ("", ""))]


def _form(template: str, wrong: Wrong) -> str:
    session, actor = db.current(), access.actor()
    said = request.form if request.method == "POST" else request.args
    facts = {"places": sanctions.list_places(session, actor), "wrong": wrong, "said": said, "words": publicity_words}
    today = clock.civil_day(clock.now()).isoformat()
    return page(template, "sanctions", acts=True, ladder=LADDER, today=today, **facts)


def _shown(sanction_id: uuid.UUID, wrong: Wrong) -> str:
    session, actor, now = db.current(), access.actor(), clock.now()
    row = sanction_pages.get(session, actor, Role.OFFICER, sanction_id, now=now)
    looks.record(session, actor, "inspections", sanction_id, organisation_id=row.organisation_id, now=now)
    facts = {"row": row, "wrong": wrong, "said": request.form, "words": publicity_words}
    return page("authority/sanction.html", "sanctions", acts=True, **facts)


def _checked() -> Checked:
    form = request.form
    counts = {name: count_of(form.get(name, "")) for name in ("expected", "present")}
    return Checked(
        organisation_id=id_in(form, "organisation") or uuid.UUID(int=0),
        cohort_id=None,
        checked_on=day_in(form, "checked_on") or clock.civil_day(clock.now()),
        way=_chosen(Way, "way"),
        problems=form.get("problems", ""),
        second=form.get("second", ""),
        **counts,
    )


def _proposed() -> Proposed:
    form = request.form
    return Proposed(
        organisation_id=id_in(form, "organisation") or uuid.UUID(int=0),
        rung=_chosen(Rung, "rung"),
        words=form.get("words", ""),
        fix_until=day_in(form, "fix_until"),
        closed_until=day_in(form, "closed_until"),
        inspection_id=id_in(form, "inspection"),
    )


def _chosen(kind: Any, name: str) -> Any:
    try:
        return kind(request.form.get(name, ""))
    except ValueError:
        raise NotFound from None
