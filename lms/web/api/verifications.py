"""A completion record, checked by a program."""

from datetime import date
from typing import Annotated, Any, Literal

from flask import jsonify
from pydantic import BaseModel, Field

from lms import clock, db
from lms.domain import frozen
from lms.services import records
from lms.services.records import PublicRecord, StateStep
from lms.web import access, limits, record_words
from lms.web.api.openapi import Error, described
from lms.web.api.shapes import Moment

bp = access.blueprint("api_verifications", __name__, access.PUBLIC, url_prefix="/api/v1/verifications")

StateName = Literal["valid", "superseded", "revoked", "expired"]


class StateOfRecord(BaseModel):
    """One step in the life of a record."""

    state: StateName
    number: Annotated[int, Field(ge=1, description="counted from 1, the issue")]
    reason: Annotated[str, Field(description="why: a stable code")]
    message: Annotated[str, Field(description="the same in a sentence for people")]
    at: Moment
    link: Annotated[str, Field(description="hash that binds this step to the one before, hex (docs/records.md)")]
    successor: Annotated[str, Field(description="code of the record that took its place; empty where none did")]


class PlaceInLog(BaseModel):
    """Where the record stands in the evidence log (RFC 9162, 2.1), and the first signed checkpoint over it."""

    leaf: Annotated[str, Field(description="hash of what stands there, hex")]
    index: Annotated[int, Field(ge=0, description="counted from 0")]
    path: Annotated[
        list[str],
        Field(description="hashes beside the way up to the root (RFC 9162, 2.1.3), hex; empty in a log of one entry"),
    ]
    size: Annotated[int, Field(description="leaves under the checkpoint")]
    root: Annotated[str, Field(description="root of the tree of that size, hex")]
    signed_at: Moment
    note: Annotated[str, Field(description="the checkpoint as a signed note (C2SP)")]


class Verification(BaseModel):
    """What was certified and whether it holds. `facts`: what `/v/<code>` shows of those that were frozen."""

    code: str
    state: StateName
    intact: Annotated[bool, Field(description="whether the bytes, their hash and the chain of states agree")]
    issued_at: Moment
    valid_until: Annotated[date | None, Field(description="the last day it holds; null where no rule says so")]
    checked_at: Moment
    facts: dict[str, Any]
    facts_hash: Annotated[str, Field(description="SHA-256 of all facts as they were frozen, hex (docs/records.md)")]
    states: list[StateOfRecord]
    log: PlaceInLog | None


@bp.get("/<code>")
@limits.limiter.limit(limits.LOOK_UP)
@limits.misses
@described(None, {200: Verification, 404: Error}, "verification", public=True)
def show(code: str) -> Any:
    """What the code of a completion record stands for: facts, states with reasons, and its place in the log."""
    session, now = db.current(), clock.now()
    record = records.get_public(session, code, now=now)
    until = record.holding.valid_until
    answer = jsonify(
        code=record.code,
        state=record.state,
        intact=record.intact,
        issued_at=record.issued_at.isoformat(),
        valid_until=until.isoformat() if until else None,
        checked_at=now.isoformat(),
        facts=frozen.told_to_anybody(record.facts),
        facts_hash=record.facts_hash,
        states=[_step(each) for each in record.states],
        log=_place(record),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _step(step: StateStep) -> dict[str, Any]:
    return {
        "number": step.number,
        "state": step.state,
        "reason": step.reason,
        "message": str(record_words.REASONS[step.reason]),
        "at": step.at.isoformat(),
        "link": step.link,
        "successor": step.successor,
    }


def _place(record: PublicRecord) -> dict[str, Any] | None:
    if record.proof is None:
        return None
    found, checkpoint = record.proof, record.proof.checkpoint
    return {
        "leaf": found.leaf,
        "index": found.index,
        "path": list(found.path),
        "size": checkpoint.size,
        "root": checkpoint.root,
        "signed_at": checkpoint.signed_at.isoformat(),
        "note": checkpoint.note,
    }
