"""What was noticed about the learner's study, in plain words; her own words, and her appeal."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField

from lms import clock, db
from lms.domain.roles import Role
from lms.services import cases
from lms.web import access, case_words
from lms.web.forms import errors_of, refusals
from lms.web.learner.navigation import page

bp = access.blueprint("learner_cases", __name__, Role.LEARNER, url_prefix="/learn/cases")

REFUSALS = {"words_length": "words", "words_personal": "words"}


class WordsForm(FlaskForm):
    """What she has to say."""

    words = StringField()


@bp.get("/<uuid:case_id>")
def show(case_id: uuid.UUID) -> str:
    """One case about her."""
    return _page(case_id, WordsForm())


@bp.post("/<uuid:case_id>/words")
def add_words(case_id: uuid.UUID) -> Any:
    """Takes down what she says."""
    return _say(case_id, cases.add_words, _("已收到您的说明。"))


@bp.post("/<uuid:case_id>/appeal")
def appeal(case_id: uuid.UUID) -> Any:
    """She does not agree."""
    return _say(case_id, cases.appeal, _("已收到您的申诉，会由另一个人来复核。"))


def _say(case_id: uuid.UUID, act: Callable[..., None], thanks: str) -> Any:
    form = WordsForm()
    if form.validate_on_submit():
        with refusals(form, REFUSALS) as outcome:
            act(db.current(), access.actor(), case_id, form.words.data or "", now=clock.now())
        if not outcome.failed:
            flash(thanks, "success")
            return redirect(url_for(".show", case_id=case_id), 303)
    return _page(case_id, form), 422


def _page(case_id: uuid.UUID, form: WordsForm) -> str:
    found = cases.get_own(db.current(), access.actor(), case_id)
    until = found.row.appeal_until
    may_appeal = until is not None and clock.now() <= until
    facts = {"found": found, "told": case_words, "form": form, "errors": errors_of(form), "may_appeal": may_appeal}
    return page("learner/case.html", "time", **facts)
