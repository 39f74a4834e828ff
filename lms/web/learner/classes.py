"""我的线下课: a learner's timetable, her leave, and signing in and out on her own phone."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.attendance import MarkKind
from lms.domain.class_tickets import Ticket
from lms.domain.errors import NotFound, Refused
from lms.domain.roles import Role
from lms.services import attendance
from lms.services.attendance import OwnClass
from lms.web import access, class_words, classroom, limits
from lms.web.forms import told
from lms.web.learner.navigation import page

bp = access.blueprint("learner_classes", __name__, Role.LEARNER, url_prefix="/learn")

SIGN = "/sign/<uuid:meeting_id>/<any(in, out):kind>/<int:step>/<seal>"


@bp.get("/classes")
def index() -> str:
    """Her classes: what comes, the next first; what was, the latest first."""
    rows, now = attendance.list_own(db.current(), access.actor(), now=clock.now()), clock.now()
    ahead = [each for each in rows if each.row.meeting.ends_at >= now]
    past = [each for each in reversed(rows) if each.row.meeting.ends_at < now]
    return page("learner/classes.html", "learn", ahead=ahead, past=past, told=class_words)


@bp.get("/classes/<uuid:meeting_id>")
def show(meeting_id: uuid.UUID) -> str:
    """One of her classes: where she stands, and what she can do."""
    return _show(meeting_id)


def _show(meeting_id: uuid.UUID, **more: Any) -> str:
    now = clock.now()
    found = _own(meeting_id)
    facts = {"found": found, "told": class_words, "now": now, "wrong": [], "reason": ""}
    facts |= {"may_withdraw": _may_withdraw(found)}
    return page("learner/class.html", "learn", **{**facts, **more})


def _may_withdraw(found: OwnClass) -> bool:
    leave = found.presence.leave
    return leave is not None and not leave.decision and leave.asked_by == access.actor().account_id


def _own(meeting_id: uuid.UUID) -> OwnClass:
    mine = attendance.list_own(db.current(), access.actor(), now=clock.now())
    found = next((each for each in mine if each.row.meeting.id == meeting_id), None)
    if found is None:
        raise NotFound
    return found


@bp.post("/classes/<uuid:meeting_id>/leave")
def ask_leave(meeting_id: uuid.UUID) -> Any:
    """She asks for leave."""
    wrong: list[str] = []
    reason = request.form.get("reason", "")
    with told(wrong) as outcome:
        attendance.ask_leave(db.current(), access.actor(), meeting_id, reason, now=clock.now())
    if outcome.failed:
        return _show(meeting_id, wrong=wrong, reason=reason), 422
    flash(_("请假已送出，等机构答复。"), "success")
    return redirect(url_for(".show", meeting_id=meeting_id), 303)


@bp.get("/classes/<uuid:meeting_id>/leave/withdrawal")
def ask_withdrawal(meeting_id: uuid.UUID) -> str:
    """Asks before a leave is taken back."""
    found = _own(meeting_id)
    if not _may_withdraw(found):
        raise NotFound
    return page("learner/class_leave.html", "learn", found=found, told=class_words)


@bp.post("/classes/<uuid:meeting_id>/leave/withdrawal")
def withdraw_leave(meeting_id: uuid.UUID) -> Any:
    """She takes back a leave that nobody answered yet."""
    attendance.withdraw_leave(db.current(), access.actor(), meeting_id, now=clock.now())
    flash(_("请假已收回。请按时来上课。"), "success")
    return redirect(url_for(".show", meeting_id=meeting_id), 303)


@bp.post("/classes/<uuid:meeting_id>/digits")
@limits.limiter.limit(limits.LOOK_UP)
def digits(meeting_id: uuid.UUID) -> Any:
    """The eight digits beside the code, for a phone whose camera cannot read it."""
    typed, now = request.form.get("digits", ""), clock.now()
    found = attendance.find_ticket(db.current(), classroom.key(), access.actor(), meeting_id, typed, now=now)
    if isinstance(found, Refused):
        return found
    place: dict[str, Any] = {"kind": found.kind.value, "step": found.step, "seal": found.seal}
    return redirect(url_for(".scan", meeting_id=meeting_id, **place), 303)


@bp.get(SIGN)
def scan(meeting_id: uuid.UUID, kind: str, step: int, seal: str) -> Any:
    """Where the code leads: she reads what she is about to sign."""
    ticket, now = Ticket(meeting_id, MarkKind(kind), step, seal), clock.now()
    found = attendance.scan(db.current(), classroom.key(), access.actor(), ticket, now=now)
    if found.is_done:
        return redirect(url_for(".show", meeting_id=meeting_id), 303)
    return page("learner/class_sign.html", "learn", found=found, own=_own(meeting_id), told=class_words, now=now)


@bp.post(SIGN)
def sign(meeting_id: uuid.UUID, kind: str, step: int, seal: str) -> Any:
    """She says yes."""
    ticket, given = Ticket(meeting_id, MarkKind(kind), step, seal), request.form.get("scan", "")
    scanned_ms = request.form.get("scanned", type=int) or 0
    session, actor = db.current(), access.actor()
    attendance.sign(session, classroom.key(), actor, ticket, scanned_ms, given, now=clock.now())
    flash(_("签到成功。下课时请再扫码签退。") if kind == MarkKind.IN else _("签退成功。今天辛苦了。"), "success")
    return redirect(url_for(".show", meeting_id=meeting_id), 303)
