"""Evidence written straight into people's chains, and the hand of somebody who may write to the database."""

import uuid

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lms.db import Database
from lms.domain.evidence import Chain, EvidenceKind, link
from lms.models.evidence import EvidenceEntry
from tests.support.cast import NOON

PEOPLE = [uuid.UUID(int=number) for number in range(1, 6)]
FALSE_LEAF = "ab" * 32


def write(database: Database, person: uuid.UUID, *, at_ms: int, entries: int = 1) -> None:
    """Appends to a person's chain what the study clock saw at `at_ms`."""
    with database.transaction() as session:
        for _ in range(entries):
            append(session, person, at_ms)


def append(session: Session, person: uuid.UUID, at_ms: int) -> None:
    """One more entry of a person's chain."""
    mine = select(EvidenceEntry).where(EvidenceEntry.person_id == person).order_by(EvidenceEntry.number.desc())
    last = session.scalar(mine.limit(1))
    chain = Chain(str(person), last.number if last else 0, last.leaf if last else "")
    made = link(chain, EvidenceKind.HEARTBEAT, {}, at_ms, NOON)
    facts = {"number": made.number, "kind": made.kind.value, "body": made.body, "leaf": made.leaf}
    session.add(EvidenceEntry(person_id=person, recorded_ms=at_ms, recorded_at=NOON, **facts))
    session.flush()


def tamper(database: Database, table: str, statement: str, **values: object) -> None:
    """Takes the guards off a table and changes it, as the owner of the database can."""
    with database.transaction() as session:
        if database.is_sqlite:
            for act in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER IF EXISTS tr_{table}_no_{act}"))
        else:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        session.execute(text(statement), values)
