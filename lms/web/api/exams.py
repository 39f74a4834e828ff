"""Exams: an answer is saved as it is given, and the paper handed in."""

import uuid
from typing import Annotated, Any

from flask import jsonify
from pydantic import BaseModel, Field

from lms import clock, db
from lms.domain.roles import Role
from lms.services import exams
from lms.web import access
from lms.web.api.openapi import Error, Strict, body, described
from lms.web.limits import limiter

bp = access.blueprint("api_exams", __name__, Role.LEARNER, url_prefix="/api/v1/exams")
REFUSALS: dict[int, type[BaseModel]] = {404: Error, 409: Error}

Name = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,20}$")]
Value = Annotated[str, Field(max_length=500)]


class SavedBody(Strict):
    """One answer: its place from 0, the phone's own key for it, the fields of the question.

    `seen`: the number of the last answer that the phone knows to be saved; `held_ms`: how long it kept this one back.
    """

    place: Annotated[int, Field(ge=0, le=999)]
    key: Annotated[str, Field(min_length=8, max_length=80, pattern=r"^[!-~]+$")]
    fields: Annotated[dict[Name, Annotated[list[Value], Field(max_length=20)]], Field(max_length=100)]
    seen: Annotated[int, Field(ge=0)] = 0
    held_ms: Annotated[int, Field(ge=0, le=10**12)] = 0


class SavedAnswer(BaseModel):
    """It is saved; `left_ms` of the time is left, by the server's clock."""

    number: int
    is_answered: bool
    left_ms: int


class ClosedAnswer(BaseModel):
    """It is handed in."""

    closed: bool


@bp.post("/<uuid:sitting_id>/answers")
@limiter.exempt  # a whole class sits in one room behind one address
@described(SavedBody, {201: SavedAnswer} | REFUSALS, "exams")
def create_answer(sitting_id: uuid.UUID) -> Any:
    """Save an answer; the same key and answer again gets the same receipt."""
    said = body(SavedBody)
    told = exams.Delivery(said.place, said.key, said.fields, said.seen, said.held_ms)
    (receipt,) = exams.save(db.current(), access.actor(), sitting_id, [told], now=clock.now())
    return jsonify(number=receipt.number, is_answered=receipt.is_answered, left_ms=receipt.left_ms), 201


@bp.post("/<uuid:sitting_id>/closings")
@limiter.exempt
@described(None, {201: ClosedAnswer} | REFUSALS, "exams")
def create_closing(sitting_id: uuid.UUID) -> Any:
    """Hand in; once more is harmless."""
    exams.close(db.current(), access.actor(), sitting_id, now=clock.now())
    return jsonify(closed=True), 201
