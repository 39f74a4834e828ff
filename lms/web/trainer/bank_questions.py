"""One question of the bank: written, changed, put to rest and brought back, with every wording it had."""

import uuid
from dataclasses import replace
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext

from lms import clock, db
from lms.domain.bank import EASIEST, HARDEST, Entry, ItemType
from lms.domain.bank_rules import Fault
from lms.domain.courses import Asset
from lms.domain.errors import NotFound, Refused
from lms.domain.roles import Role
from lms.services import bank
from lms.services.bank import Place, QuestionView
from lms.web import access, bank_words, course_assets
from lms.web.trainer import bank_forms
from lms.web.trainer.bank_forms import Written
from lms.web.trainer.navigation import page

bp = access.blueprint("trainer_bank_questions", __name__, Role.TRAINER, url_prefix="/trainer/bank")
LARGEST = 6_000_000


@bp.route("/<uuid:organisation_id>/<course_slug>/questions/new/<kind>", methods=["GET", "POST"])
@access.takes(LARGEST)
def new(organisation_id: uuid.UUID, course_slug: str, kind: str) -> Any:
    """A form for a question of one kind, and the question."""
    if kind not in tuple(ItemType):
        raise NotFound
    session, actor = db.current(), access.actor()
    place = bank.get_place(session, actor, organisation_id, course_slug)
    if request.method == "GET":
        rows = bank_forms.rows_to_show(ItemType(kind), None)
        return _form(place, ItemType(kind), Written(rows, None, ()), None)
    written = _written(ItemType(kind), place, None)
    if written.faults or written.entry is None:
        return _form(place, ItemType(kind), written, None), 422
    made = bank.add(session, actor, place, written.entry, now=clock.now())
    flash(gettext("题目已保存。"), "success")
    return redirect(url_for(".show", question_id=made), 303)


@bp.route("/questions/<uuid:question_id>", methods=["GET", "POST"])
@access.takes(LARGEST)
def show(question_id: uuid.UUID) -> Any:
    """A question in its form, and its next wording."""
    session, actor = db.current(), access.actor()
    view = bank.get_question(session, actor, question_id)
    place = bank.get_place(session, actor, view.organisation_id, view.course_slug)
    kind = view.entry.item.type
    if request.method == "GET":
        return _form(place, kind, Written(bank_forms.rows_to_show(kind, view.entry), view.entry, ()), view)
    written = _written(kind, place, view.entry.item.picture)
    if written.faults or written.entry is None:
        return _form(place, kind, written, view), 422
    begun = request.form.get("revision", 0, type=int)
    bank.change(session, actor, place, question_id, written.entry, begun, now=clock.now())
    flash(gettext("题目已保存。"), "success")
    return redirect(url_for(".show", question_id=question_id), 303)


@bp.post("/questions/<uuid:question_id>/retirements")
def create_retirement(question_id: uuid.UUID) -> Any:
    """Takes a question out of use."""
    bank.retire(db.current(), access.actor(), question_id, now=clock.now())
    flash(gettext("已停用，考试不再抽到它。作答和统计都留着。"), "success")
    return redirect(url_for(".show", question_id=question_id), 303)


@bp.post("/questions/<uuid:question_id>/restorations")
def create_restoration(question_id: uuid.UUID) -> Any:
    """Brings a question back into use."""
    bank.restore(db.current(), access.actor(), question_id, now=clock.now())
    flash(gettext("已恢复使用。"), "success")
    return redirect(url_for(".show", question_id=question_id), 303)


@bp.get("/questions/<uuid:question_id>/history")
def history(question_id: uuid.UUID) -> str:
    """All wordings of a question."""
    session, actor = db.current(), access.actor()
    view = bank.get_question(session, actor, question_id)
    rows = bank.history(session, actor, question_id)
    facts = {"view": view, "revisions": rows, "acts": bank_words.ACTS, "types": bank_words.TYPES}
    return page("trainer/bank/history.html", "bank", **facts)


@bp.get("/questions/<uuid:question_id>/pictures/<int:number>")
def picture(question_id: uuid.UUID, number: int) -> Response:
    """The picture of one wording."""
    asset = bank.open_picture(db.current(), access.actor(), question_id, number)
    return course_assets.send(asset, access.parts().store)


def _written(kind: ItemType, place: Place, held: Asset | None) -> Written:
    """What was posted, with the picture that was sent, stays or goes."""
    written = bank_forms.read(kind, request.form, place.objective_ids)
    kept, file = None if request.form.get("picture-away") else held, request.files.get("picture")
    if file and file.filename:
        try:
            kept = bank.keep_picture(access.parts().store, file.read())
        except Refused as refused:
            return replace(written, faults=(*written.faults, Fault(refused.code, "picture", refused.values)))
    return replace(written, entry=_with_picture(written.entry, kept))


def _with_picture(entry: Entry | None, kept: Asset | None) -> Entry | None:
    return replace(entry, item=replace(entry.item, picture=kept)) if entry else None


def _form(place: Place, kind: ItemType, written: Written, view: QuestionView | None) -> str:
    return page(
        "trainer/bank/question.html",
        "bank",
        home=place,
        goals=bank_forms.goals_of(place),
        kind=kind.value,
        rows=bank_forms.padded(written.rows),
        errors=[(fault.place, bank_forms.tell_fault(fault)) for fault in written.faults],
        view=view,
        types=bank_words.TYPES,
        part_types=[(each.value, bank_words.TYPES[each]) for each in bank_forms.PART_TYPES],
        levels=[(str(level), str(level)) for level in range(EASIEST, HARDEST + 1)],
    )
