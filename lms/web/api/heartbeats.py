"""Study from a phone: sessions and heartbeats (study-time.md, Online)."""

import uuid
from typing import Annotated, Any

from flask import Response
from pydantic import Field

from lms import clock, db
from lms.domain.errors import Refused
from lms.domain.roles import Role
from lms.domain.study import Heartbeat
from lms.services import study
from lms.services.receipts import Report
from lms.web import access
from lms.web.api.openapi import Strict, body, described
from lms.web.api.study_parts import (
    MOST_MS,
    REFUSALS,
    Identifier,
    LessonStanding,
    Milliseconds,
    created,
    draws,
    idempotency_key,
)

bp = access.blueprint("api_study", __name__, Role.LEARNER, url_prefix="/api/v1/study")


class SessionBody(Strict):
    """Which lesson of which enrollment is opened."""

    enrollment: Identifier
    lesson: Identifier


class SessionAnswer(LessonStanding):
    """The lease of a study session, and where the lesson stands."""

    session: uuid.UUID
    epoch: int
    nonce: str
    next_beat_ms: int
    policy: str


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


class HeartbeatAnswer(LessonStanding):
    """The verdict, where the lesson stands, the next nonce, and the signed receipt."""

    session: uuid.UUID
    seq: int
    verdict: str
    nonce: str
    next_beat_ms: int
    leaf: str
    receipt: str


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
        idempotency_key=idempotency_key(),
        draws=draws(),
        now=clock.now(),
    )
    return created(answer)


@bp.post("/heartbeats")
@described(HeartbeatBody, {201: HeartbeatAnswer} | REFUSALS, "study")
def create_heartbeat() -> Any:
    """Report what was played since the last answer; the same report again gets the same answer."""
    said, actor = body(HeartbeatBody), access.actor()
    report = Report(said.session, Heartbeat(said.seq, said.nonce, said.a, said.b), said.advisory.model_dump())
    asked = study.Asked(actor.person_id, actor.account_id, report, draws())
    (answer,) = study.record_heartbeats(db.current(), access.parts().signer, [asked], now=clock.now())
    return answer if isinstance(answer, Refused) else created(answer)
