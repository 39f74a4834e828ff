"""The pages of evidence of groups that institution staff and officers share: the queue, one entry, the word on it."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.eligibility.groups import State
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.services import eligibility
from lms.web import access, group_words
from lms.web.access import GatedBlueprint
from lms.web.forms import Wrong, told_at, words_at

Page = Callable[..., str]
Look = Callable[[uuid.UUID | None], None]
"""Leaves the row of a look: at one entry, or (None) at the list."""


def add_pages(bp: GatedBlueprint, desk: Role, page: Page, look: Look | None = None) -> None:
    """The pages for one desk; `look` where looks are on record."""
    marks = access.writes if look else _unmarked

    @bp.get("/")
    @marks
    def index() -> str:
        """Entries, those that wait first."""
        found = eligibility.list_groups(db.current(), access.parts().keyring, access.actor(), desk)
        if look:
            look(None)
        return page("groups/list.html", found=found, words=group_words, desk=desk)

    @bp.get("/<uuid:evidence_id>")
    @marks
    def show(evidence_id: uuid.UUID) -> str:
        """One entry with what was said of it."""
        return again(evidence_id, [])

    @bp.post("/<uuid:evidence_id>/words")
    def say(evidence_id: uuid.UUID) -> Any:
        """A word on it."""
        errors: Wrong = []
        said = (_word(), request.form.get("note", ""))
        with told_at(errors, words_at("note")) as outcome:
            eligibility.say_of_group(db.current(), access.actor(), desk, evidence_id, *said, now=clock.now())
        if outcome.failed:
            return again(evidence_id, errors), 422
        flash(_("结论已记下。"), "success")
        return redirect(url_for(".show", evidence_id=evidence_id), 303)

    def again(evidence_id: uuid.UUID, errors: Wrong) -> str:
        found = eligibility.get_group(db.current(), access.parts().keyring, access.actor(), desk, evidence_id)
        if look:
            look(evidence_id)
        facts = {"desk": desk, "errors": errors, "said": request.form}
        return page("groups/one.html", found=found, words=group_words, **facts)


def _unmarked(view: access.View) -> access.View:
    return view


def _word() -> State:
    try:
        return State(request.form.get("word", ""))
    except ValueError:
        raise NotFound from None
