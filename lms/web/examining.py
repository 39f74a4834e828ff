"""An exam's paper on a screen, the learner's own or one that an examiner fills in for her: the same routes for both."""

import re
import uuid
from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.services import exams
from lms.web import access
from lms.web.access import GatedBlueprint
from lms.web.course_assets import send

FIELD = re.compile(r"p(\d{1,3})-([a-z0-9-]{1,20})", re.ASCII)
Page = Callable[..., str]


def routes(bp: GatedBlueprint, page: Page, tab: str, layout: str) -> None:
    """Adds paper, answers, closing, result and pictures of a sitting to an audience's blueprint."""
    views = _Views(page, tab, layout)
    place = "/exams/<uuid:sitting_id>"
    bp.add_url_rule(place, "paper", views.paper)
    bp.add_url_rule(f"{place}/answers", "save", views.save, methods=["POST"])
    bp.add_url_rule(f"{place}/closing", "ask_closing", views.ask_closing)
    bp.add_url_rule(f"{place}/closings", "close", views.close, methods=["POST"])
    bp.add_url_rule(f"{place}/result", "result", access.writes(views.result_view()))
    bp.add_url_rule(f"{place}/pictures/<int:number>", "picture", views.picture)


class _Views:
    """The views, for one audience's layout."""

    def __init__(self, page: Page, tab: str, layout: str) -> None:
        self._page, self._tab, self._layout = page, tab, layout

    def _render(self, template: str, **facts: Any) -> str:
        return self._page(template, self._tab, layout=self._layout, **facts)

    def paper(self, sitting_id: uuid.UUID) -> Any:
        """All questions; the script shows one at a time."""
        sheet = exams.get_sheet(db.current(), access.actor(), sitting_id)
        if not sheet.is_open:
            return redirect(url_for(".result", sitting_id=sitting_id), 303)
        return _unkept(self._render("exams/paper.html", sheet=sheet, mark=mark(sheet.watermark)))

    def save(self, sitting_id: uuid.UUID) -> Any:
        """Saves what a page without script says, and goes back to it or on to the closing."""
        exams.save_form(db.current(), access.actor(), sitting_id, _by_place(), now=clock.now())
        if "closing" in request.form:
            return redirect(url_for(".ask_closing", sitting_id=sitting_id), 303)
        flash(_("答案已经保存。"), "success")
        return redirect(url_for(".paper", sitting_id=sitting_id), 303)

    def ask_closing(self, sitting_id: uuid.UUID) -> Any:
        """Says what is not answered yet, and asks once more."""
        sheet = exams.get_sheet(db.current(), access.actor(), sitting_id)
        if not sheet.is_open:
            return redirect(url_for(".result", sitting_id=sitting_id), 303)
        return self._render("exams/closing.html", sheet=sheet, mark=mark(sheet.watermark))

    def close(self, sitting_id: uuid.UUID) -> Any:
        """Hands in."""
        exams.close(db.current(), access.actor(), sitting_id, now=clock.now())
        return redirect(url_for(".result", sitting_id=sitting_id), 303)

    def result_view(self) -> Callable[..., Any]:
        """A function of its own, so that it can be marked as one that writes."""

        def result(sitting_id: uuid.UUID) -> Any:
            found = exams.get_result(db.current(), access.actor(), sitting_id, now=clock.now())
            if found is None:
                return redirect(url_for(".paper", sitting_id=sitting_id), 303)
            return self._render("exams/result.html", result=found, mark=mark(found.watermark))

        return result

    def picture(self, sitting_id: uuid.UUID, number: int) -> Response:
        """The picture of a question, for whoever answers the paper, or reads it once it is told."""
        found = exams.get_picture(db.current(), access.actor(), sitting_id, number, now=clock.now())
        response = send(found, access.parts().store)
        response.headers["Cache-Control"] = "private, no-store"
        return response


def mark(watermark: str) -> str:
    """A watermark as people read it: ABCD-EFGH."""
    return f"{watermark[:4]}-{watermark[4:]}"


def _by_place() -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = {}
    for name, values in request.form.lists():
        if told := FIELD.fullmatch(name):
            found.setdefault(int(told[1]), {})[told[2]] = values
    return found


def _unkept(text: str) -> Response:
    """A paper is not for a phone's cache: going back in it would show old answers."""
    return Response(text, headers={"Cache-Control": "no-store"})
