"""What the study endpoints share: shapes of their bodies and answers."""

import uuid
from typing import Annotated

from flask import Response, request
from pydantic import BaseModel, Field

from lms.services.receipts import Answer
from lms.web.api.openapi import BadBody, Error
from lms.web.draws import draws as draws

MOST_MS = 2**31 - 1
Milliseconds = Annotated[int, Field(ge=0, le=MOST_MS)]
Identifier = Annotated[uuid.UUID, Field(strict=False)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
KEY_LENGTH = 80
REFUSALS: dict[int, type[BaseModel]] = {404: Error, 409: Error}


class Challenge(BaseModel):
    """A presence check that waits for an answer."""

    id: uuid.UUID
    kind: str
    stem: str
    stem_en: str
    options: list[str]
    respond_within_ms: int


class LessonStanding(BaseModel):
    """Where a lesson stands after what was recorded; all times in milliseconds."""

    credited_total_ms: int
    confirmed_total_ms: int
    required_ms: int
    duration_ms: int
    position_ms: int
    lesson_done: bool
    challenge: Challenge | None


def idempotency_key() -> str | None:
    """The request's `Idempotency-Key`, checked."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 0 < len(key) <= KEY_LENGTH:
        raise BadBody("bad_json", where="Idempotency-Key")
    return key


def created(answer: Answer) -> Response:
    """201 with the answer's own bytes."""
    return Response(answer.text, status=201, mimetype="application/json", headers={"Cache-Control": "no-store"})
