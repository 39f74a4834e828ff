"""Completion records as anybody who holds a code sees them: facts, states with reasons, and their place in the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.certificates import facts_hash, normal_code
from lms.domain.errors import NotFound
from lms.models.certificates import Certificate
from lms.services import log, scopes
from lms.services.log import Checkpoint
from lms.services.scopes import Actor


@dataclass(frozen=True)
class StateStep:
    """One step of what became of a record; `successor` is the code of the one that took its place, or ""."""

    number: int
    state: str
    reason: str
    at: datetime
    successor: str


@dataclass(frozen=True)
class Proof:
    """That `leaf` (hexadecimal), the last evidence under a record, stands at `index` of the tree of a checkpoint.

    `path`: the hashes beside the way up; empty where they are not at hand.
    """

    leaf: str
    index: int
    checkpoint: Checkpoint
    path: tuple[str, ...]


@dataclass(frozen=True)
class PublicRecord:
    """A record as anybody may read it. `intact`: whether the facts have the hash under which they were frozen.

    `proof`: that its evidence stands in the log; None until a checkpoint covers it.
    """

    code: str
    facts: Mapping[str, Any]
    facts_hash: str
    state: str
    states: tuple[StateStep, ...]
    issued_at: datetime
    intact: bool
    proof: Proof | None


def find_public(session: Session, code: str) -> PublicRecord | None:
    """The record behind a code as somebody typed it; None for every code that never was."""
    normal = normal_code(code)
    row = session.scalar(select(Certificate).where(Certificate.code == normal)) if normal else None
    return _view(row, _proof(session, row)) if row else None


def get_public(session: Session, code: str) -> PublicRecord:
    """The same; NotFound where there is none."""
    found = find_public(session, code)
    if found is None:
        raise NotFound
    return found


def list_own(session: Session, actor: Actor) -> list[PublicRecord]:
    """A learner's own records over all institutions, the newest first; without their places in the log."""
    rows = scopes.certificates_of(actor).order_by(Certificate.issued_at.desc(), Certificate.id)
    return [_view(row, None) for row in session.scalars(rows)]


def list_by_code(session: Session, codes: Sequence[str]) -> list[PublicRecord]:
    """The records of these codes in their order, which the caller got from whom they belong to."""
    rows = session.scalars(select(Certificate).where(Certificate.code.in_(codes)))
    found = {row.code: _view(row, None) for row in rows}
    return [found[code] for code in codes if code in found]


def _view(row: Certificate, proof: Proof | None) -> PublicRecord:
    issued = StateStep(1, "valid", "issued", row.issued_at, "")
    intact = facts_hash(row.facts) == row.facts_hash
    return PublicRecord(row.code, row.facts, row.facts_hash, "valid", (issued,), row.issued_at, intact, proof)


def _proof(session: Session, row: Certificate) -> Proof | None:
    found = log.last_leaf_of_certificate(session, row.code)
    checkpoint = log.first_over(session, found[0]) if found else None
    return Proof(found[1], found[0], checkpoint, ()) if found and checkpoint else None
