"""公示 at an officer's desk: claims that wait for a notice, notices, objections, and the official list as a file."""

import uuid
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.claims.publicity import Act
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.services import exports, looks
from lms.services.claims import notice_desk, objection_pages, objections, publicity
from lms.web import access, exporting, limits, publicity_words
from lms.web.authority.navigation import page
from lms.web.exporting import Table
from lms.web.forms import Wrong, count_of, told_at, unfilled, words_at
from lms.web.language import day

bp = access.blueprint("authority_publicity", __name__, Role.OFFICER, url_prefix="/inspect/subsidies/notices")

WORDS_AT = words_at("words")
ASKED_AT = words_at("reason")
NOTICE_AT = {**ASKED_AT, "notice_days_unknown": "days", "notice_days": "days", "notice_phone": "phone"}


@bp.get("/")
@access.writes
def index() -> str:
    """What waits for a notice, what is shown, what was objected."""
    session, actor, now = db.current(), access.actor(), clock.now()
    looks.record(session, actor, "notices", actor.account_id, organisation_id=None, now=now)
    facts = {"desk": notice_desk.list_all(session, actor, today=clock.civil_day(now)), "words": publicity_words}
    return page("authority/notices.html", "notices", today=clock.civil_day(now), acts=True, **facts)


@bp.route("/claims/<uuid:claim_id>", methods=["GET", "POST"])
@access.writes
def new(claim_id: uuid.UUID) -> Any:
    """From when until when, which telephone; and the notice."""
    wrong: Wrong = []
    session, actor = db.current(), access.actor()
    if request.method == "POST":
        with told_at(wrong, NOTICE_AT):
            made = _publish(claim_id)
            flash(_("公示已经开始，任何人都看得到。"), "success")
            return redirect(url_for(".show", notice_id=made), 303)
    waiting = notice_desk.get_waiting(session, actor, claim_id)
    facts = {"waiting": waiting, "wrong": wrong, "said": request.form, "words": publicity_words}
    return page("authority/notice_form.html", "notices", acts=True, **facts), 422 if wrong else 200


@bp.get("/<uuid:notice_id>")
@access.writes
def show(notice_id: uuid.UUID) -> str:
    """One notice with its rows and what was objected."""
    return _shown(notice_id, [])


@bp.post("/<uuid:notice_id>/end")
def end(notice_id: uuid.UUID) -> Any:
    """Takes a notice down before its time."""
    wrong: Wrong = []
    with told_at(wrong, WORDS_AT):
        publicity.take_down(db.current(), access.actor(), notice_id, request.form.get("words", ""), now=clock.now())
        flash(_("公示已撤下。这份申请要重新公示。"), "success")
        return redirect(url_for(".index"), 303)
    return _shown(notice_id, wrong), 422


@bp.get("/<uuid:notice_id>/objections/<uuid:objection_id>")
@access.writes
def objection(notice_id: uuid.UUID, objection_id: uuid.UUID) -> str:
    """One objection with what was done about it."""
    return _objection(notice_id, objection_id, [])


@bp.post("/<uuid:notice_id>/objections/<uuid:objection_id>")
def settle(notice_id: uuid.UUID, objection_id: uuid.UUID) -> Any:
    """The word of an officer on an objection."""
    wrong: Wrong = unfilled(request.form, publicity_words.SETTLING_NEEDS)
    if not wrong:
        said = (_act(), request.form.get("words", ""))
        with told_at(wrong, WORDS_AT):
            objections.settle(db.current(), access.actor(), objection_id, *said, now=clock.now())
            flash(_("已记下。"), "success")
            return redirect(url_for(".show", notice_id=notice_id), 303)
    return _objection(notice_id, objection_id, wrong), 422


@bp.post("/<uuid:notice_id>/objections/<uuid:objection_id>/contact")
def contact(notice_id: uuid.UUID, objection_id: uuid.UUID) -> Any:
    """How to ask back, for a reason that goes on record."""
    wrong: Wrong = []
    said, who = "", (db.current(), access.parts().keyring, access.actor(), objection_id)
    with told_at(wrong, ASKED_AT) as outcome:
        said = objections.contact(*who, request.form.get("reason", ""), now=clock.now())
    return _objection(notice_id, objection_id, wrong, said), 422 if outcome.failed else 200


@bp.get("/<uuid:notice_id>/notice.<any(xlsx, pdf):file_format>")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def export(notice_id: uuid.UUID, file_format: str) -> Response:
    """公示表 in the columns of domain.md 6.1."""
    found, now = notice_desk.get(db.current(), access.actor(), notice_id), clock.now()
    exports.record(
        db.current(),
        access.actor(),
        "public_notice",
        {"notice": str(notice_id)},
        file_format=file_format,
        rows=len(found.rows),
        organisation_id=None,
        now=now,
    )
    name = "_".join([_("公示表"), found.organisation, found.cohort, day(found.last_on)]) + f".{file_format}"
    return exporting.send(_table(found), name, f"notice-{found.last_on.isoformat()}.{file_format}", file_format)


def _publish(claim_id: uuid.UUID) -> uuid.UUID:
    reason, phone = request.form.get("reason", ""), request.form.get("phone", "")
    who = (db.current(), access.parts().keyring, access.actor(), claim_id)
    days = count_of(request.form.get("days", ""))
    return publicity.publish(*who, days=days, reason=reason, phone=phone, now=clock.now())


def plain_yuan(fen: int) -> str:
    """An amount as a sheet adds it up: 1000.00."""
    return f"{fen // 100}.{fen % 100:02d}"


def _table(found: publicity.Notice) -> Table:
    heads = [
        _("序号"),
        _("单位"),
        _("姓名"),
        _("证件号（脱敏）"),
        _("项目"),
        _("等级"),
        _("补贴标准（元）"),
        _("补贴金额（元）"),
    ]
    heads += [_("公示开始"), _("公示结束"), _("监督电话")]
    level = publicity_words.level
    ends = [found.first_on.isoformat(), found.last_on.isoformat(), found.phone]
    rows = [
        [
            *(str(row.place), found.organisation, row.name, row.document, row.occupation, str(level(row.level))),
            *(plain_yuan(row.standard_fen), plain_yuan(row.amount_fen), *ends),
        ]
        for row in found.rows
    ]
    return Table(heads, rows, [6, 24, 12, 22, 16, 14, 14, 14, 12, 12, 16])


def _shown(notice_id: uuid.UUID, wrong: Wrong) -> str:
    session, actor, now = db.current(), access.actor(), clock.now()
    notice = notice_desk.get(session, actor, notice_id)
    looks.record(session, actor, "notices", notice_id, organisation_id=None, now=now)
    facts = {
        "notice": notice,
        "found": objection_pages.list_at_desk(session, actor, notice_id),
        "wrong": wrong,
        "said": request.form,
    }
    return page(
        "authority/notice.html", "notices", acts=True, words=publicity_words, today=clock.civil_day(now), **facts
    )


def _objection(notice_id: uuid.UUID, objection_id: uuid.UUID, wrong: Wrong, contact: str = "") -> str:
    session, actor = db.current(), access.actor()
    found = objection_pages.list_at_desk(session, actor, notice_id)
    row = next((each for each in found if each.id == objection_id), None)
    if row is None:
        raise NotFound
    looks.record(session, actor, "notices", objection_id, organisation_id=None, now=clock.now())
    facts = {"row": row, "wrong": wrong, "contact": contact, "said": request.form, "words": publicity_words}
    return page("authority/objection.html", "notices", acts=True, **facts)


def _act() -> Act:
    try:
        return Act(request.form.get("act", ""))
    except ValueError:
        raise NotFound from None
