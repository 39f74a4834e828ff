"""Files of questions: looked at, taken in, taken back."""

import uuid
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext

from lms import clock, db
from lms.adapters.banks.found import MOST_QUESTIONS
from lms.adapters.office.package import MOST_FILE_BYTES
from lms.domain.bank import EASIEST, HARDEST, clean_line
from lms.domain.errors import Refused
from lms.domain.roles import Role
from lms.services import bank
from lms.services.bank import Choices
from lms.web import access, bank_words
from lms.web.downloads import attachment, spooled
from lms.web.language import counted
from lms.web.trainer.bank_forms import goals_of, tell_fault
from lms.web.trainer.navigation import page
from lms.web.wording import sentence

bp = access.blueprint("trainer_bank_batches", __name__, Role.TRAINER, url_prefix="/trainer/bank")
HOME = "/<uuid:organisation_id>/<course_slug>/batches"
ROOM_FOR_FORM = 100_000
MOST_SHOWN = 300


@bp.get(HOME + "/")
def index(organisation_id: uuid.UUID, course_slug: str) -> str:
    """The files that were brought."""
    session, actor = db.current(), access.actor()
    place = bank.get_place(session, actor, organisation_id, course_slug)
    batches = bank.list_batches(session, actor, place)
    return page("trainer/bank/batches.html", "bank", home=place, batches=batches, states=bank_words.STATES)


@bp.route(HOME + "/new", methods=["GET", "POST"])
@access.takes(MOST_FILE_BYTES + ROOM_FOR_FORM)
def new(organisation_id: uuid.UUID, course_slug: str) -> Any:
    """A form for a file, and what would come of it."""
    session, actor = db.current(), access.actor()
    place = bank.get_place(session, actor, organisation_id, course_slug)
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            file = request.files.get("file")
            if not file or not file.filename:
                raise Refused("bank_file_missing")
            told = {"file_name": file.filename, "data": file.read(), "kind": None, "now": clock.now()}
            view = bank.bring(session, access.parts().store, actor, place, **told)
            return redirect(url_for(".show", batch_id=view.batch.id), 303)
        except Refused as refused:
            errors = [("file", sentence(refused.code, refused.values))]
    facts = {"home": place, "errors": errors, "most_questions": MOST_QUESTIONS, "most": MOST_FILE_BYTES // 1_000_000}
    return page("trainer/bank/import.html", "bank", **facts), 422 if errors else 200


@bp.get("/batches/<uuid:batch_id>")
def show(batch_id: uuid.UUID) -> str:
    """What would come of a file, or came of it."""
    view = bank.check(db.current(), access.parts().store, access.actor(), batch_id)
    levels = [(str(level), str(level)) for level in range(EASIEST, HARDEST + 1)]
    facts = {
        "view": view,
        "levels": levels,
        "goals": goals_of(view.place),
        "most": MOST_SHOWN,
        "states": bank_words.STATES,
    }
    return page("trainer/bank/batch.html", "bank", **facts, types=bank_words.TYPES, tell=tell_fault)


@bp.post("/batches/<uuid:batch_id>/choices")
def create_choices(batch_id: uuid.UUID) -> Any:
    """Keeps what was chosen for what the file leaves open."""
    told = dict(zip(request.form.getlist("told"), request.form.getlist("mapped"), strict=False))
    chosen = Choices(
        objective=request.form.get("objective", ""),
        difficulty=request.form.get("difficulty", 0, type=int),
        mapping={clean_line(name): objective for name, objective in told.items() if objective},
        near="near" in request.form,
    )
    bank.recheck(db.current(), access.parts().store, access.actor(), batch_id, chosen)
    return redirect(url_for(".show", batch_id=batch_id), 303)


@bp.post("/batches/<uuid:batch_id>/imports")
def create_import(batch_id: uuid.UUID) -> Any:
    """Takes the file in."""
    count = bank.take_in(db.current(), access.parts().store, access.actor(), batch_id, now=clock.now())
    flash(counted("已导入 %(n)s 道题。", n=count), "success")
    return redirect(url_for(".show", batch_id=batch_id), 303)


@bp.post("/batches/<uuid:batch_id>/undos")
def create_undo(batch_id: uuid.UUID) -> Any:
    """Takes the batch back."""
    gone, kept = bank.undo(db.current(), access.actor(), batch_id, now=clock.now())
    flash(gettext("撤销了 %(gone)s 道题；%(kept)s 道已有人作答或修改，留下了。", gone=gone, kept=kept), "success")
    return redirect(url_for(".show", batch_id=batch_id), 303)


@bp.get("/batches/<uuid:batch_id>/failed.xlsx")
def failed(batch_id: uuid.UUID) -> Response:
    """The rows that could not come in, to mend and bring again."""
    view = bank.check(db.current(), access.parts().store, access.actor(), batch_id)
    made = bank.failed_rows(view, tell_fault)
    return attachment(spooled(made.fill), f"{gettext('要改的题')}.xlsx", "failed.xlsx", made.content_type)
