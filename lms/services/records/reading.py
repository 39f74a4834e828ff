"""Records as others read them: strangers by their code, a learner her own, and whose each is."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.certificates import normal_code
from lms.domain.errors import NotFound
from lms.domain.identity import mask_number
from lms.domain.records import RecordState, StateReason, hash_of
from lms.models.records import Record, RecordHolder
from lms.services import renewals, scopes, sealed
from lms.services.records import chain, proving
from lms.services.records.proving import Proof
from lms.services.renewals import Holding
from lms.services.scopes import Actor


@dataclass(frozen=True)
class StateStep:
    """One step of what became of a record; `successor` is the code of the one that took its place, or ""."""

    number: int
    state: RecordState
    reason: StateReason
    at: datetime
    link: str
    successor: str


@dataclass(frozen=True)
class PublicRecord:
    """A record as anybody may read it; `enrollment_id` is for services, never for a page.

    `body`: its bytes, whose SHA-256 is `facts_hash`; `facts`: the same, read. `intact`: bytes, hash and chain agree.
    `holding`: its validity on the day. `proof`: that its evidence stands in the log; None until a checkpoint covers it.
    """

    enrollment_id: uuid.UUID
    code: str
    facts: Mapping[str, Any]
    body: str
    facts_hash: str
    state: RecordState
    states: tuple[StateStep, ...]
    issued_at: datetime
    intact: bool
    holding: Holding
    proof: Proof | None

    @property
    def last(self) -> StateStep:
        """How it came to be what it is."""
        return self.states[-1]


@dataclass(frozen=True)
class Holder:
    """Whose a record is, as she was called when it was issued; `is_gone` once she was erased. The number is masked."""

    person_id: uuid.UUID
    name: str
    document_type: str
    number: str
    is_gone: bool


def find_public(session: Session, code: str, *, now: datetime) -> PublicRecord | None:
    """The record behind a code, which anybody who holds the code may check; None where there is none."""
    normal = normal_code(code)
    row = session.scalar(select(Record).where(Record.code == normal)) if normal else None
    return views(session, [row], now=now)[0] if row else None


def get_public(session: Session, code: str, *, now: datetime) -> PublicRecord:
    """The same; NotFound where there is none."""
    found = find_public(session, code, now=now)
    if found is None:
        raise NotFound
    return found


def list_own(session: Session, actor: Actor, *, now: datetime) -> list[PublicRecord]:
    """A learner's own records, newest first."""
    rows = scopes.own_records_of(actor).order_by(Record.issued_at.desc(), Record.number.desc())
    return views(session, session.scalars(rows).all(), now=now)


def list_by_code(session: Session, codes: Collection[str], *, now: datetime) -> list[PublicRecord]:
    """The records of these codes in their order, which the caller got from whom they belong to."""
    rows = session.scalars(select(Record).where(Record.code.in_(set(codes)))).all()
    found = {each.code: each for each in views(session, rows, now=now)}
    return [found[code] for code in codes if code in found]


def soundness(session: Session, rows: Collection[Record]) -> dict[uuid.UUID, tuple[RecordState, bool]]:
    """By record: its state, and whether it is what was issued."""
    chains = chain.read_all(session, rows)
    return {row.id: (chains[row.id].state, _is_intact(row, chains[row.id])) for row in rows}


def _is_intact(row: Record, found: chain.Chain) -> bool:
    return hash_of(row.body) == row.facts_hash and found.is_whole


def views(session: Session, rows: Collection[Record], *, now: datetime) -> list[PublicRecord]:
    """These records as they are read, in their order; a few queries however many there are."""
    chains, proofs = chain.read_all(session, rows), proving.find(session, [row.id for row in rows])
    holding = renewals.holdings(session, [row.enrollment_id for row in rows], now=now)
    later = {each for found in chains.values() for each in found.successors.values()}
    told = session.execute(select(Record.id, Record.code).where(Record.id.in_(later)))
    codes = {row.id: row.code for row in told}
    return [_view(row, chains[row.id], codes, holding[row.enrollment_id], proofs.get(row.id)) for row in rows]


def _view(
    row: Record, found: chain.Chain, codes: Mapping[uuid.UUID, str], holding: Holding, proof: Proof | None
) -> PublicRecord:
    successors = {number: codes[each] for number, each in found.successors.items()}
    return PublicRecord(
        enrollment_id=row.enrollment_id,
        code=row.code,
        facts=row.facts,
        body=row.body,
        facts_hash=row.facts_hash,
        state=found.state,
        states=tuple(
            StateStep(each.number, each.state, each.reason, each.at, each.link, successors.get(each.number, ""))
            for each in found.steps
        ),
        issued_at=row.issued_at,
        intact=_is_intact(row, found),
        holding=holding,
        proof=proof,
    )


def find_code(session: Session, enrollment_id: uuid.UUID) -> str | None:
    """The code of the standing record of an enrollment the caller has already reached through a scope."""
    mine = select(Record.code).where(Record.enrollment_id == enrollment_id, scopes.standing())
    return session.scalar(mine.order_by(Record.number.desc()).limit(1))


def get_holder(session: Session, keyring: Keyring, code: str) -> Holder:
    """Whose a record is, for callers who may know: herself, or staff that reached her through a scope.

    NotFound for a code that leads nowhere.
    """
    found = select(RecordHolder).join(Record, Record.id == RecordHolder.record_id)
    held = session.scalar(found.where(Record.code == (normal_code(code) or "")))
    if held is None:
        raise NotFound
    return _holder(keyring, held)


def holders(session: Session, keyring: Keyring, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Holder]:
    """By record: whose it is, for callers who may know, in one query; nothing of those that never had a holder."""
    rows = session.scalars(select(RecordHolder).where(RecordHolder.record_id.in_(ids)))
    return {held.record_id: _holder(keyring, held) for held in rows}


def _holder(keyring: Keyring, held: RecordHolder) -> Holder:
    if not held.document_sealed:
        return Holder(held.person_id, held.name, held.document_type, "", is_gone=True)
    number = sealed.open_document(keyring, held.person_id, held.document_sealed)
    return Holder(held.person_id, held.name, held.document_type, mask_number(number), is_gone=not number)
