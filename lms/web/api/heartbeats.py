"""Study from a phone: sessions and heartbeats (study-time.md, Online)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from flask import Flask, Response, current_app, request
from pydantic import Field

from lms import clock, db
from lms.crypto import digest
from lms.domain.errors import NotSignedIn, Refused
from lms.domain.roles import Role
from lms.domain.study import Heartbeat
from lms.group_commit import GroupCommit
from lms.parts import Parts
from lms.services import accounts, study
from lms.services.receipts import Answer, Draws, Report
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

GROUP = "lms_heartbeats"
ANSWERED = "lms.answered"  # where the turnstile leaves what it was told: only Flask can word a refusal

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


@dataclass(frozen=True)
class Beat:
    """A heartbeat on its way into a group: the digest of the token it was sent with, and what it says."""

    login: str
    report: Report
    draws: Draws


Beats = GroupCommit[Beat, Answer | Refused]


def beat(token: str, said: HeartbeatBody) -> Beat:
    """What was sent with this token."""
    heard = Heartbeat(said.seq, said.nonce, said.a, said.b)
    return Beat(digest(token), Report(said.session, heard, said.advisory.model_dump()), draws())


def install(app: Flask, parts: Parts) -> None:
    """Many learners' heartbeats share one transaction and one sync."""
    app.extensions[GROUP] = GroupCommit(parts.database, partial(_record, parts), after=parts.ring)


def group(app: Flask) -> Beats:
    """Where this process's heartbeats are committed."""
    found: Beats = app.extensions[GROUP]
    return found


def _record(parts: Parts, session: db.Session, beats: Sequence[Beat]) -> list[Answer | Refused]:
    """The gate and the service for a whole group: logins are looked up in the transaction that records."""
    now = clock.now()
    holders = accounts.find_holders(session, {each.login for each in beats}, now=now)
    asked = [
        study.Asked(holder.person_id, holder.account_id, each.report, each.draws)
        for each in beats
        if (holder := holders.get(each.login))
    ]
    answers = iter(study.record_heartbeats(session, parts.signer, asked, now=now))
    return [next(answers) if each.login in holders else NotSignedIn("sign_in_needed") for each in beats]


@bp.post("/heartbeats")
@access.gates_itself
@described(HeartbeatBody, {201: HeartbeatAnswer} | REFUSALS, "study")
def create_heartbeat() -> Any:
    """Report what was played since the last answer; the same report again gets the same answer."""
    answer = request.environ.get(ANSWERED) or _the_long_way()
    if isinstance(answer, Exception):
        raise answer
    return created(answer)


def _the_long_way() -> Answer | Refused:
    with access.parts().database.transaction(write=False):
        access.check_gate()
    return group(current_app).submit(beat(access.token(), body(HeartbeatBody)))
