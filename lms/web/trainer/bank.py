"""The question bank of each course: what is in it, how its questions do, and the way out to a file."""

import uuid
from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.bank import EASIEST, HARDEST, ItemType, clean_line
from lms.domain.roles import Role
from lms.services import bank
from lms.services.bank import Filters, Place, Target
from lms.web import access, bank_words
from lms.web.downloads import attachment, spooled
from lms.web.forms import id_in
from lms.web.trainer.bank_forms import goals_of
from lms.web.trainer.navigation import page
from lms.web.turning import page_count, page_number, turned

bp = access.blueprint("trainer_bank", __name__, Role.TRAINER, url_prefix="/trainer/bank")
HOME = "/<uuid:organisation_id>/<course_slug>"
STATES = ("active", "retired")


@bp.get("/")
def index() -> str:
    """The courses that questions can be kept for."""
    session, actor = db.current(), access.actor()
    places = bank.list_places(session, actor)
    counts = bank.count_by_place(session, actor)
    return page("trainer/bank/places.html", "bank", places=places, counts=counts)


@bp.get(HOME + "/")
def show(organisation_id: uuid.UUID, course_slug: str) -> str:
    """The questions of one bank, narrowed as she asked."""
    session, actor = db.current(), access.actor()
    place = bank.get_place(session, actor, organisation_id, course_slug)
    filters, number = _filters(place), page_number()
    rows, total = bank.list_questions(session, actor, filters, page=number)
    pages = page_count(total, bank.PAGE)
    facts: dict[str, Any] = {
        "home": place,
        "filters": filters,
        "rows": rows,
        "total": total,
        "number": number,
        "pages": pages,
    }
    facts |= {
        "variants": bank.variants(session, organisation_id, course_slug),
        "goals": goals_of(place),
    }
    return page("trainer/bank/questions.html", "bank", **facts, **_words(), turned=turned)


@bp.get(HOME + "/statistics")
def statistics(organisation_id: uuid.UUID, course_slug: str) -> str:
    """How hard the questions are, whether they tell who can from who cannot, and how often they were asked."""
    session, actor = db.current(), access.actor()
    place = bank.get_place(session, actor, organisation_id, course_slug)
    number = page_number()
    rows, total = bank.list_questions(session, actor, _filters(place), page=number)
    ids = [row.question_id for row in rows]
    found = bank.statistics_of(session, actor, organisation_id, course_slug, ids)
    pages = page_count(total, bank.PAGE)
    facts = {"home": place, "rows": rows, "found": found, "number": number, "pages": pages}
    return page("trainer/bank/statistics.html", "bank", **facts, **_words(), turned=turned)


@bp.get(HOME + "/export.<any(xlsx, docx, xml, gift):target>")
@access.writes
def export(organisation_id: uuid.UUID, course_slug: str, target: str) -> Response:
    """The questions as a file; it is kept on record who took them."""
    session, actor = db.current(), access.actor()
    place = bank.get_place(session, actor, organisation_id, course_slug)
    store, now = access.parts().store, clock.now()
    made = bank.export(session, store, actor, place, _filters(place), Target(target), now=now)
    return _download(made, f"{place.title}_{_('题库')}.{target}", f"bank.{target}")


@bp.get(HOME + "/template.xlsx")
def template(organisation_id: uuid.UUID, course_slug: str) -> Response:
    """An Excel file to write questions into."""
    place = bank.get_place(db.current(), access.actor(), organisation_id, course_slug)
    return _download(bank.template(place), f"{_('题库模板')}.xlsx", "template.xlsx")


def _download(made: bank.Exported, name: str, plain_name: str) -> Response:
    return attachment(spooled(made.fill), name, plain_name, made.content_type)


def _filters(place: Place) -> Filters:
    told = {name: clean_line(value) for name, value in request.args.items()}
    level = told.get("difficulty", "")
    return Filters(
        place.organisation_id,
        place.course_slug,
        objective=told.get("objective", ""),
        type=told.get("type", ""),
        difficulty=int(level) if level in {str(each) for each in range(EASIEST, HARDEST + 1)} else None,
        tag=told.get("tag", ""),
        words=told.get("q", ""),
        state=told.get("state", "") if told.get("state") in STATES else "active",
        batch_id=id_in(told, "batch"),
    )


def _words() -> dict[str, Any]:
    levels = [(str(level), str(level)) for level in range(EASIEST, HARDEST + 1)]
    kinds = [(kind.value, bank_words.TYPES[kind]) for kind in ItemType]
    return {"kinds": kinds, "levels": levels, "types": bank_words.TYPES, "remarks": bank_words.REMARKS}
