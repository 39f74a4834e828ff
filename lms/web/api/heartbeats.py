"""Study from a phone: sessions and heartbeats (study-time.md, Online)."""

import secrets
import uuid
from typing import Annotated, Any

from flask import Response, request
from pydantic import BaseModel, Field

from lms import clock, db
from lms.domain.errors import Conflict
from lms.domain.roles import Role
from lms.domain.study import Heartbeat
from lms.services import study
from lms.services.receipts import Answer, Draws, Report
from lms.web import access
from lms.web.api.openapi import BadBody, Error, Strict, body, described

bp = access.blueprint("api_study", __name__, Role.LEARNER, url_prefix="/api/v1/study")

MOST_MS = 2**31 - 1
Milliseconds = Annotated[int, Field(ge=0, le=MOST_MS)]
Identifier = Annotated[uuid.UUID, Field(strict=False)]
KEY_LENGTH = 80


class SessionBody(Strict):
    """Which lesson of which enrollment is opened."""

    enrollment: Identifier
    lesson: Identifier


class SessionAnswer(BaseModel):
    """The lease of a study session, and where the lesson stands."""

    session: uuid.UUID
    epoch: int
    nonce: str
    next_beat_ms: int
    policy: str
    position_ms: int
    duration_ms: int
    credited_total_ms: int
    required_ms: int


class Advisory(Strict):
    """What the phone says of itself: kept as evidence, never part of the credit."""

    rate: Annotated[float, Field(ge=0, le=100, strict=False)] = 1.0
    visible: bool = True
    muted: bool = False


class HeartbeatBody(Strict):
    """“I played [a, b) of the lesson since your last answer”, in milliseconds of content."""

    session: Identifier
    seq: Annotated[int, Field(ge=1, le=MOST_MS)]
    nonce: Annotated[str, Field(min_length=1, max_length=64)]
    a: Milliseconds
    b: Milliseconds
    advisory: Advisory = Advisory()


class HeartbeatAnswer(BaseModel):
    """The verdict, the lesson's credited total, the next nonce, and the signed receipt."""

    session: uuid.UUID
    seq: int
    verdict: str
    credited_total_ms: int
    required_ms: int
    duration_ms: int
    position_ms: int
    lesson_done: bool
    nonce: str
    next_beat_ms: int
    leaf: str
    receipt: str


REFUSALS: dict[int, type[BaseModel]] = {404: Error, 409: Error}


@bp.post("/sessions")
@described(SessionBody, {201: SessionAnswer} | REFUSALS, "study")
def create_session() -> Response:
    """Open a study session: takes the person's single lease, and ends her older session.

    With an `Idempotency-Key` header, asking again answers the same session.
    """
    asked = body(SessionBody)
    answer = study.open_session(
        db.current(),
        access.actor(),
        enrollment_id=asked.enrollment,
        lesson_id=asked.lesson,
        idempotency_key=_idempotency_key(),
        draws=_draws(),
        now=clock.now(),
    )
    return _created(answer)


@bp.post("/heartbeats")
@described(HeartbeatBody, {201: HeartbeatAnswer} | REFUSALS, "study")
def create_heartbeat() -> Any:
    """Report what was played since the last answer; the same report again gets the same answer."""
    said = body(HeartbeatBody)
    report = Report(said.session, Heartbeat(said.seq, said.nonce, said.a, said.b), said.advisory.model_dump())
    answer = study.record_heartbeat(
        db.current(), access.actor(), access.parts().signer, report, draws=_draws(), now=clock.now()
    )
    return Conflict("heartbeat_changed") if answer.forked else _created(answer)


def _idempotency_key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 0 < len(key) <= KEY_LENGTH:
        raise BadBody("bad_json", where="Idempotency-Key")
    return key


def _draws() -> Draws:
    return Draws(nonce=secrets.token_urlsafe(18), beat=secrets.randbelow(1000) / 1000)


def _created(answer: Answer) -> Response:
    return Response(answer.text, status=201, mimetype="application/json", headers={"Cache-Control": "no-store"})
