"""Exams at the institution's desk: how its questions were answered, rulings on faulty ones, whose paper leaked."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.exams import RulingKind
from lms.domain.roles import Role
from lms.services import exams
from lms.web import access
from lms.web.exam_words import RULINGS
from lms.web.examining import mark
from lms.web.forms import told
from lms.web.institution.navigation import page
from lms.web.language import counted

bp = access.blueprint("institution_exams", __name__, Role.INSTITUTION, url_prefix="/institution/exams")
PLACE = "/questions/<uuid:question_id>/<int(max=999999):revision>"
LONGEST_TRACE = 20_000


@bp.get("")
def index() -> str:
    """The questions that exams have asked, those answered worst first."""
    found = exams.list_questions(db.current(), access.actor())
    return page("institution/exams.html", "exams", questions=found, rulings=RULINGS)


@bp.get(PLACE)
def question(question_id: uuid.UUID, revision: int) -> str:
    """One wording, and a form for a ruling on it."""
    return _question(question_id, revision, [])


@bp.post(f"{PLACE}/rulings")
def create_ruling(question_id: uuid.UUID, revision: int) -> Any:
    """Decides on a faulty wording, and grades anew what it changes."""
    problems: list[str] = []
    kind = request.form.get("ruling", "")
    if kind not in set(RulingKind):
        return _question(question_id, revision, [_("请选怎么处理。")]), 422
    reason, place = request.form.get("reason", ""), (question_id, revision)
    with told(problems) as outcome:
        changed = exams.rule(db.current(), access.actor(), *place, RulingKind(kind), reason, now=clock.now())
    if outcome.failed:
        return _question(question_id, revision, problems), 422
    flash(counted("已经记下，%(n)s 份成绩改判。", n=changed), "success")
    return redirect(url_for(".index"), 303)


def _question(question_id: uuid.UUID, revision: int, problems: list[str]) -> str:
    found = exams.get_question(db.current(), access.actor(), question_id, revision)
    facts = {"asked": found, "problems": problems, "reason": request.form.get("reason", ""), "rulings": RULINGS}
    return page("institution/exam_question.html", "exams", **facts, picked=request.form.get("ruling", ""))


@bp.route("/traces", methods=["GET", "POST"])
def trace() -> Any:
    """Whose paper it was, by its number or by the order of its questions; each search is on record."""
    problems: list[str] = []
    text, found = request.form.get("text", "")[:LONGEST_TRACE], None
    if request.method == "POST" and text.strip():
        with told(problems):
            found = exams.trace(db.current(), access.actor(), text, now=clock.now())
    facts = {"text": text, "found": found, "problems": problems, "mark": mark}
    return page("institution/exam_trace.html", "exams", **facts), 422 if problems else 200
