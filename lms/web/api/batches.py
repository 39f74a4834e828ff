"""Study reported afterwards: offline passes, and the chains of gaps and passes (study-time.md, Gaps and offline)."""

import uuid
from typing import Annotated, Any, Self

from flask import Response
from pydantic import BaseModel, Field, model_validator

from lms import clock, db
from lms.domain.certificates import facts_hash
from lms.domain.errors import Refused
from lms.domain.offline import MOST_PARTS, MOST_PARTS_AN_UPLOAD, Part
from lms.domain.roles import Role
from lms.services import study
from lms.web import access
from lms.web.api.openapi import Strict, body, described
from lms.web.api.study_parts import (
    MOST_MS,
    REFUSALS,
    Identifier,
    LessonStanding,
    Milliseconds,
    Sha256,
    created,
    draws,
    idempotency_key,
)

bp = access.blueprint("api_batches", __name__, Role.LEARNER, url_prefix="/api/v1/study")

MOST_LESSONS = 200


class PartBody(Strict):
    """“I played [a, b) while my counter went from mono_start to mono_end”, bound to the part before by `hash`."""

    j: Annotated[int, Field(ge=1, le=MOST_PARTS)]
    lesson: Identifier
    a: Milliseconds
    b: Milliseconds
    mono_start: Milliseconds
    mono_end: Milliseconds
    hash: Sha256


class BatchBody(Strict):
    """Parts of one chain: of a session after the answer numbered `after_seq`, or of an offline pass."""

    session: Identifier | None = None
    offline_pass: Annotated[Identifier | None, Field(alias="pass")] = None
    after_seq: Annotated[int, Field(ge=0, le=MOST_MS)] = 0
    head: Sha256
    count: Annotated[int, Field(ge=1, le=MOST_PARTS)]
    parts: Annotated[list[PartBody], Field(min_length=1, max_length=MOST_PARTS_AN_UPLOAD)]

    @model_validator(mode="after")
    def _hangs_on_one_thing(self) -> Self:
        if (self.session is None) == (self.offline_pass is None):
            raise ValueError("either session or pass")
        return self


class PartAnswer(BaseModel):
    """The verdict on one part that was settled."""

    j: int
    verdict: str
    credited_ms: int


class BatchAnswer(LessonStanding):
    """How far the chain is settled, and where the lesson of its last part stands."""

    source: uuid.UUID
    after_seq: int
    settled: int
    count: int
    parts: list[PartAnswer]
    lessons: dict[str, int]


class PassBody(Strict):
    """Which lessons of which enrollment were downloaded."""

    enrollment: Identifier
    lessons: Annotated[list[Identifier], Field(min_length=1, max_length=MOST_LESSONS)]


class PassLesson(BaseModel):
    """A lesson a pass is good for."""

    lesson: uuid.UUID
    duration_ms: int
    position_ms: int


class PassAnswer(BaseModel):
    """Leave to study without a line until the pass ends; `seed` is what the chain's first part is bound to."""

    offline_pass: Annotated[uuid.UUID, Field(alias="pass")]
    seed: str
    expires_in_ms: int
    lessons: list[PassLesson]


@bp.post("/batches")
@described(BatchBody, {201: BatchAnswer} | REFUSALS, "study")
def create_batch() -> Any:
    """Upload parts of a chain, in any order and as often as you like; the same upload again gets the same answer.

    The first upload fixes `head` and `count`. hash_0 is the SHA-256 of the seed (the nonce of answer `after_seq`, or
    the pass's seed), hash_j that of `hash_(j-1):j:lesson:a:b:mono_start:mono_end`; `head` is the last.
    """
    answer = study.record_batch(db.current(), access.actor(), _upload(body(BatchBody)), draws=draws(), now=clock.now())
    return answer if isinstance(answer, Refused) else created(answer)


@bp.post("/passes")
@described(PassBody, {201: PassAnswer} | REFUSALS, "study")
def create_pass() -> Response:
    """Get leave to study downloaded lessons without a line for up to 72 hours; an older pass ends here."""
    asked = body(PassBody)
    answer = study.issue_pass(
        db.current(),
        access.actor(),
        enrollment_id=asked.enrollment,
        lesson_ids=asked.lessons,
        idempotency_key=idempotency_key(),
        draws=draws(),
        now=clock.now(),
    )
    return created(answer)


def _upload(said: BatchBody) -> study.Upload:
    source = said.session or said.offline_pass
    assert source is not None  # noqa: S101  # the body was checked
    return study.Upload(
        source_id=source,
        is_gap=said.session is not None,
        after_seq=said.after_seq,
        head=said.head,
        count=said.count,
        parts=tuple(
            Part(each.j, str(each.lesson), each.a, each.b, each.mono_start, each.mono_end, each.hash)
            for each in said.parts
        ),
        body_hash=facts_hash(said.model_dump(mode="json")),
    )
