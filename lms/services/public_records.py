"""Completion records as anybody who holds a code sees them: facts, states with reasons, and their place in the log."""

from collections.abc import Mapping
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

VALID = "valid"


@dataclass(frozen=True)
class StateChange:
    """One step in the life of a record: what it became, why ("" where nothing is to be said), by whom, and when."""

    state: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Inclusion:
    """Where the last piece of evidence under a record stands in the log, and the first checkpoint over it.

    `leaf`: the hash of what is in the log, in hex; `index` counts from 0. `path`: the hashes beside the way up to the
    root, None where they are not at hand.
    """

    leaf: str
    index: int
    checkpoint: Checkpoint
    path: tuple[str, ...] | None


@dataclass(frozen=True)
class PublicRecord:
    """A record. `is_intact`: whether the facts still have the hash under which they were frozen."""

    code: str
    facts: Mapping[str, Any]
    facts_hash: str
    is_intact: bool
    state: str
    states: tuple[StateChange, ...]
    issued_at: datetime
    proof: Inclusion | None


def get_public(session: Session, code: str) -> PublicRecord:
    """The record behind a code as somebody typed it; NotFound for every code that never was."""
    normal = normal_code(code)
    row = session.scalar(select(Certificate).where(Certificate.code == normal)) if normal else None
    if row is None:
        raise NotFound
    return _view(row, _proof(session, row))


def list_own(session: Session, actor: Actor) -> list[PublicRecord]:
    """A learner's own records over all institutions, the newest first; without their places in the log."""
    rows = scopes.certificates_of(actor).order_by(Certificate.issued_at.desc(), Certificate.id)
    return [_view(row, None) for row in session.scalars(rows)]


def list_by_code(session: Session, codes: list[str]) -> list[PublicRecord]:
    """The records of these codes in their order, which the caller got from whom they belong to."""
    rows = session.scalars(select(Certificate).where(Certificate.code.in_(codes)))
    found = {row.code: _view(row, None) for row in rows}
    return [found[code] for code in codes if code in found]


def _view(row: Certificate, proof: Inclusion | None) -> PublicRecord:
    issued = StateChange(VALID, "", str(row.facts.get("institution", "")), row.issued_at)
    intact = facts_hash(row.facts) == row.facts_hash
    return PublicRecord(row.code, row.facts, row.facts_hash, intact, VALID, (issued,), row.issued_at, proof)


def _proof(session: Session, row: Certificate) -> Inclusion | None:
    found = log.last_leaf_of_certificate(session, row.code)
    checkpoint = log.first_over(session, found[0]) if found else None
    return Inclusion(found[1], found[0], checkpoint, None) if found and checkpoint else None
