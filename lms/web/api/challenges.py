"""Presence checks: answers, and checks that make up for missed ones (study-time.md, Presence)."""

import uuid
from typing import Annotated, Any, Self

from flask import jsonify
from pydantic import BaseModel, Field, model_validator

from lms import clock, db
from lms.domain.errors import Refused
from lms.domain.roles import Role
from lms.services import presence, recovery
from lms.web import access
from lms.web.api.openapi import Strict, body, described
from lms.web.api.study_parts import REFUSALS, Challenge, Identifier, created, draws

bp = access.blueprint("api_challenges", __name__, Role.LEARNER, url_prefix="/api/v1/study/challenges")


class AnswerBody(Strict):
    """The option picked, counted from 0; or `busy`: I was called away."""

    option: Annotated[int, Field(ge=0, le=9)] | None = None
    busy: bool = False

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.option is None) != self.busy:
            raise ValueError("either option or busy")
        return self


class OutcomeAnswer(BaseModel):
    """What the answer was worth: passed, wrong, busy or late; until when a miss can be made up for."""

    outcome: str
    confirmed_total_ms: int
    recover_until: str | None


class RecoveryBody(Strict):
    """Which enrollment's unconfirmed study the check is for."""

    enrollment: Identifier


@bp.post("/<uuid:check_id>/answers")
@described(AnswerBody, {201: OutcomeAnswer} | REFUSALS, "study")
def create_answer(check_id: uuid.UUID) -> Any:
    """Answer a presence check; the same answer again gets the same outcome, another one is refused."""
    said = body(AnswerBody)
    answer = presence.answer(db.current(), access.actor(), check_id, said.option, draws=draws(), now=clock.now())
    return answer if isinstance(answer, Refused) else created(answer)


@bp.post("")
@described(RecoveryBody, {201: Challenge} | REFUSALS, "study")
def create_recovery() -> Any:
    """Ask for a check that confirms what was missed, the oldest first, else what no check has asked about yet."""
    asked = body(RecoveryBody)
    made = recovery.start(db.current(), access.actor(), asked.enrollment, draws=draws(), now=clock.now())
    return jsonify(made), 201
