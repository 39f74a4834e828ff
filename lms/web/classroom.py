"""The pages of a class in person that its teacher and the institution's staff share."""

import uuid
from collections.abc import Callable
from datetime import time
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import StringField

from lms import clock, db
from lms.adapters import qr
from lms.domain import class_tickets
from lms.domain.attendance import MarkKind
from lms.domain.class_tickets import Ticket
from lms.domain.corrections import LONGEST_FILE, Decision
from lms.domain.roles import Role
from lms.services import attendance
from lms.services.attendance import PaperRow
from lms.web import access, class_words, limits
from lms.web.access import GatedBlueprint
from lms.web.casework import WORDS, DecisionForm
from lms.web.downloads import paper_sent
from lms.web.forms import errors_of, id_of, paper_of, refusals

Page = Callable[..., str]
LARGEST = LONGEST_FILE + 512 * 1024  # the photo and the rows beside it; what is over is told by the rule
LIST_REFUSALS = {
    "words_length": "reason",
    "words_personal": "reason",
    "list_empty": "row",
    "list_times": "row",
    "list_known": "row",
    "attachment_missing": "file",
    "attachment_kind": "file",
    "attachment_too_large": "file",
}


class ListForm(FlaskForm):
    """Why there is paper, and its photo; the rows are read by hand."""

    row = StringField()
    reason = StringField()
    file = FileField()


def key() -> bytes:
    """The key of the rotating codes."""
    return class_tickets.key_of(access.parts().config.secret_key)


def address(ticket: Ticket) -> str:
    """What the code says: an address of this site."""
    place: dict[str, Any] = {
        "meeting_id": ticket.meeting,
        "kind": ticket.kind.value,
        "step": ticket.step,
        "seal": ticket.seal,
    }
    return access.parts().config.base_url + url_for("learner_classes.scan", **place)


def add(bp: GatedBlueprint, role: Role, page: Page, place: str) -> None:
    """One class: who was there, the rotating code, answers to leaves; `place` is the tab of the desk."""

    @bp.get("/classes/<uuid:meeting_id>")
    def show(meeting_id: uuid.UUID) -> str:
        return meeting_page(page, role, place, meeting_id)

    @bp.get("/classes/<uuid:meeting_id>/code")
    def code(meeting_id: uuid.UUID) -> str:
        return page("classes/code.html", place, **_shown(role, meeting_id))

    @bp.get("/classes/<uuid:meeting_id>/code/inside")
    def code_inside(meeting_id: uuid.UUID) -> str:
        return page("classes/code_inside.html", place, **_shown(role, meeting_id))

    @bp.post("/classes/<uuid:meeting_id>/leaves")
    def enter_leave(meeting_id: uuid.UUID) -> Any:
        reason, who = request.form.get("reason", ""), id_of(request.form.get("enrollment", ""))
        attendance.enter_leave(db.current(), access.actor(), role, meeting_id, who, reason, now=clock.now())
        flash(_("请假已登记，请答复。"), "success")
        return redirect(url_for(".show", meeting_id=meeting_id), 303)

    @bp.post("/class-leaves/<uuid:leave_id>/decision")
    def decide_leave(leave_id: uuid.UUID) -> Any:
        decision = Decision.APPROVED if request.form.get("decision") == "approved" else Decision.REJECTED
        attendance.decide_leave(db.current(), access.actor(), role, leave_id, decision, now=clock.now())
        flash(_("已答复，学员看得到。"), "success")
        return redirect(url_for(".show", meeting_id=id_of(request.form.get("meeting", ""))), 303)

    _add_lists(bp, role, page, place)


def _add_lists(bp: GatedBlueprint, role: Role, page: Page, place: str) -> None:
    """Paper lists: typed in, looked at, decided."""

    @bp.route("/classes/<uuid:meeting_id>/lists/new", methods=["GET", "POST"])
    @limits.limiter.limit(limits.UPLOADS, methods=["POST"])
    @access.takes(LARGEST)
    def new_list(meeting_id: uuid.UUID) -> Any:
        form = ListForm()
        if form.validate_on_submit() and (made := _enter(form, role, meeting_id)):
            flash(_("已录入。请另一位工作人员来核对；在那以前，学时不变。"), "success")
            return redirect(url_for(".show_list", list_id=made), 303)
        facts = {**_meeting(role, meeting_id), "form": form, "errors": errors_of(form), "given": request.form}
        return page("classes/list_form.html", place, **facts), 422 if form.errors else 200

    @bp.get("/class-lists/<uuid:list_id>")
    def show_list(list_id: uuid.UUID) -> str:
        return _list(page, role, place, list_id, DecisionForm())

    @bp.get("/class-lists/<uuid:list_id>/paper")
    @access.writes
    def paper(list_id: uuid.UUID) -> Response:
        store, now = access.parts().store, clock.now()
        sent = attendance.open_paper(db.current(), store, access.actor(), role, list_id, now=now)
        return paper_sent(sent, list_id)

    @bp.post("/class-lists/<uuid:list_id>/decision")
    def decide_list(list_id: uuid.UUID) -> Any:
        form = DecisionForm()
        if form.validate_on_submit():
            with refusals(form, WORDS) as outcome:
                wanted = (list_id, form.decision.data, form.note.data or "")
                attendance.decide_list(db.current(), access.actor(), role, *wanted, now=clock.now())
            if not outcome.failed:
                flash(_("结论已记下。"), "success")
                return redirect(url_for(".show_list", list_id=list_id), 303)
        return _list(page, role, place, list_id, form), 422


def meeting_page(page: Page, role: Role, place: str, meeting_id: uuid.UUID, **more: Any) -> str:
    """One class with its roster, leaves and paper lists."""
    facts = _meeting(role, meeting_id)
    facts["lists"] = attendance.list_of_meeting(db.current(), facts["meeting"])
    return page("classes/meeting.html", place, role=role, **{**facts, **more})


def _meeting(role: Role, meeting_id: uuid.UUID) -> dict[str, Any]:
    session, now = db.current(), clock.now()
    meeting = attendance.get(session, access.actor(), role, meeting_id)
    (row,) = attendance.rows_of(session, [meeting])
    roster = attendance.roster(session, meeting, now=now)
    return {"meeting": meeting, "row": row, "roster": roster, "told": class_words, "now": now}


def _shown(role: Role, meeting_id: uuid.UUID) -> dict[str, Any]:
    kind = MarkKind.OUT if request.args.get("kind") == "out" else MarkKind.IN
    shown = attendance.show(db.current(), key(), access.actor(), role, meeting_id, kind, now=clock.now())
    target = address(shown.ticket) if shown.ticket else ""
    facts = {"kind": kind.value, "shown": shown, "target": target, "qr": qr.svg_data(target) if target else ""}
    return {**_meeting(role, meeting_id), **facts}


def _enter(form: ListForm, role: Role, meeting_id: uuid.UUID) -> uuid.UUID | None:
    with refusals(form, LIST_REFUSALS) as outcome:
        made = attendance.enter_list(
            db.current(),
            access.parts().store,
            access.actor(),
            role,
            meeting_id,
            [_row(each) for each in request.form.getlist("row")],
            form.reason.data or "",
            paper_of(form.file.data),
            now=clock.now(),
        )
    return None if outcome.failed else made


def _row(enrollment: str) -> PaperRow:
    moments = (_time(request.form.get(f"{name}-{enrollment}", "")) for name in ("from", "to"))
    return PaperRow(id_of(enrollment), *moments)


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        return time()  # midnight: told as a time that cannot be


def _list(page: Page, role: Role, place: str, list_id: uuid.UUID, form: DecisionForm) -> str:
    found = attendance.get_list(db.current(), access.actor(), role, list_id)
    facts = {"found": found, "told": class_words, "form": form, "errors": errors_of(form)}
    return page("classes/list.html", place, **facts)
