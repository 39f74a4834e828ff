"""An act on a claim from a form: both desks answer alike, with the page again where a rule refuses."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for

from lms import clock, db
from lms.web import access
from lms.web.forms import told, version_in

Again = Callable[[uuid.UUID, list[str]], str]


def answer(claim_id: uuid.UUID, again: Again, step: Callable[..., Any], done: str, /, **more: Any) -> Any:
    """Acts on the version that the page showed, and goes back to the claim."""
    wrong: list[str] = []
    with told(wrong) as outcome:
        step(db.current(), access.actor(), claim_id, version=version_in(request.form), now=clock.now(), **more)
    if outcome.failed:
        return again(claim_id, wrong), 422
    flash(done, "success")
    return redirect(url_for(".show", claim_id=claim_id), 303)


def words() -> str:
    """What was written in the form's one free field."""
    return request.form.get("words", "")
