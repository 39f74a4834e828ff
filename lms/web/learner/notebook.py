"""错题本: what waits today, and a few minutes of it, one question a screen. Plain pages that need no script."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, redirect, request, url_for

from lms import clock, db
from lms.domain.notebook import MOST_A_SESSION, MOST_AFTER_A_LESSON, minutes
from lms.domain.roles import Role
from lms.services import learning, notebook
from lms.services.notebook import Asked, Notebook, Told
from lms.web import access
from lms.web.forms import option_number
from lms.web.learner.navigation import page

bp = access.blueprint("learner_notebook", __name__, Role.LEARNER, url_prefix="/learn")
PLACE = "/courses/<uuid:enrollment_id>/notebook"


@dataclass(frozen=True)
class Offer:
    """A few questions to review before going on: how many, about how many minutes, and where."""

    count: int
    minutes: int
    href: str


@dataclass(frozen=True)
class Sums:
    """All notebooks of a learner: what waits today and how long it takes, where it is, when the next is due."""

    due: int
    minutes: int
    href: str
    next_on: date | None
    pages: int


@dataclass(frozen=True)
class Round:
    """How far she is in a round of `of` questions; only for her eyes, since every answer stands for itself."""

    of: int
    done: int

    @property
    def is_over(self) -> bool:
        """Whether the round is through."""
        return self.done >= self.of

    def after(self, answers: int) -> dict[str, Any]:
        """What the address of the next page says."""
        return {"of": self.of, "done": self.done + answers}


@bp.get("/notebook")
def index() -> str:
    """All her courses, with what waits today in each."""
    books = notebook.list_own(db.current(), access.actor(), now=clock.now())
    offers = {book.enrollment_id: _offer(book, MOST_A_SESSION) for book in books}
    return page("learner/notebook/index.html", "learn", books=books, sums=sum_up(books), offers=offers)


@bp.get(PLACE)
def show(enrollment_id: uuid.UUID) -> str:
    """The notebook of one course: what waits today, what comes back later, what is learned."""
    mine = _mine(enrollment_id)
    return page("learner/notebook/show.html", "learn", mine=mine, offer=_offer(mine, MOST_A_SESSION))


@bp.get(f"{PLACE}/question")
def question(enrollment_id: uuid.UUID) -> str:
    """The next question of this round, or the end of it."""
    mine = _mine(enrollment_id)
    turn, asked = _round(len(mine.due)), notebook.find_next(mine)
    if asked and not turn.is_over:
        return _ask(mine, turn, asked)
    card = learning.get_course(db.current(), access.actor(), enrollment_id, now=clock.now())
    return page("learner/notebook/end.html", "learn", mine=mine, card=card, offer=_offer(mine, MOST_A_SESSION))


@bp.post(f"{PLACE}/reviews")
def create_review(enrollment_id: uuid.UUID) -> Any:
    """Takes an answer; sent again, it is the same one."""
    told, turn = _told(), _round(MOST_A_SESSION)
    if not told.picked:
        return _ask_again(enrollment_id)
    made = notebook.record_review(db.current(), access.actor(), enrollment_id, told, now=clock.now())
    if made is None:
        return redirect(url_for(".question", enrollment_id=enrollment_id, **turn.after(0)), 303)
    return redirect(url_for(".review", review_id=made, **turn.after(1)), 303)


@bp.get("/reviews/<uuid:review_id>")
def review(review_id: uuid.UUID) -> str:
    """What was answered, what is right and why, and the lesson that teaches it."""
    view = notebook.get_review(db.current(), access.actor(), review_id, now=clock.now())
    return page("learner/notebook/review.html", "learn", view=view, turn=_round(len(view.mine.due)))


def offer(enrollment_id: uuid.UUID) -> Offer | None:
    """A few missed questions before the next lesson, when some are due."""
    return _offer(_mine(enrollment_id), MOST_AFTER_A_LESSON)


def sum_up(books: Sequence[Notebook]) -> Sums:
    """What waits over all her notebooks; with one of them waiting, the way leads straight to it."""
    waiting = [book for book in books if book.due]
    days = [each.missed.due_on for book in books for each in book.later if each.missed.due_on]
    due = sum(len(book.due) for book in waiting)
    only = waiting[0] if len(waiting) == 1 else None
    straight = _offer(only, MOST_A_SESSION) if only else None
    return Sums(
        due=due,
        minutes=minutes(due),
        href=straight.href if straight else url_for("learner_notebook.index"),
        next_on=min(days, default=None),
        pages=sum(len(book.pages) for book in books),
    )


def _ask(mine: Notebook, turn: Round, asked: Asked, *, error: bool = False) -> str:
    return page("learner/notebook/question.html", "learn", mine=mine, turn=turn, asked=asked, error=error)


def _ask_again(enrollment_id: uuid.UUID) -> Any:
    """Nothing was picked: the same question, unless it was answered on another page meanwhile."""
    mine = _mine(enrollment_id)
    turn, asked = _round(len(mine.due)), notebook.find_next(mine)
    if asked is None:
        return redirect(url_for(".question", enrollment_id=enrollment_id, **turn.after(0)), 303)
    return _ask(mine, turn, asked, error=True), 422


def _mine(enrollment_id: uuid.UUID) -> Notebook:
    return notebook.get_own(db.current(), access.actor(), enrollment_id, now=clock.now())


def _offer(mine: Notebook, most: int) -> Offer | None:
    count = min(most, len(mine.due))
    href = url_for("learner_notebook.question", enrollment_id=mine.enrollment_id, of=count)
    return Offer(count, minutes(count), href) if count else None


def _round(due: int) -> Round:
    """The round as the page tells it, never longer than what is due; a new one takes up to five minutes of it."""
    of, done = (max(option_number(request.values.get(name, "")), 0) for name in ("of", "done"))
    return Round(min(of or MOST_A_SESSION, MOST_A_SESSION, done + due), done)


def _told() -> Told:
    try:
        lesson_id = uuid.UUID(request.form.get("lesson", ""))
    except ValueError:
        abort(400)
    picked = frozenset(option_number(value) for value in request.form.getlist("option"))
    return Told(lesson_id, request.form.get("question", ""), picked, request.form.get("key", ""))
