"""Completion records for tests of who sees them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.domain.records import RecordState, StateReason, hash_of, write
from lms.models.records import Record
from lms.parts import Parts
from lms.services.records import chain
from tests.support.cast import NOON

CODES = ("ABCDE-FGHJK-MNPQR-STVWX", "BCDEF-GHJKM-NPQRS-TVWXY", "CDEFG-HJKMN-PQRST-VWXYZ")


def facts(**other: Any) -> dict[str, Any]:
    """What a record froze of 李芳."""
    return {
        "format": 1,
        "name_masked": "李*",
        "course": "老人翻身",
        "course_en": "Turning a person",
        "course_version": 1,
        "content_hash": "0" * 64,
        "institution": "康宁养老服务中心",
        "cohort": "一班",
        "credited_ms": {"online": 3_600_000},
        "class_hour_hundredths": 133,
        "minutes_per_class_hour": 45,
        "quiz_score": 90,
        "policy": "base-2023",
        **other,
    }


def certify(
    parts: Parts, enrollment: uuid.UUID, code: str = CODES[0], at: datetime = NOON, *, number: int = 1, **other: Any
) -> str:
    """Freezes a record of this enrollment; answers with its code."""
    body = write(facts(**other))
    with parts.database.transaction() as session:
        frozen = {"body": body, "facts_hash": hash_of(body), "issued_at": at, "number": number}
        session.add(Record(enrollment_id=enrollment, code=code, **frozen))
    return code


def become(
    parts: Parts, code: str, state: RecordState, reason: StateReason, at: datetime, successor: str | None = None
) -> None:
    """Adds a state to the record of this code, as two people or the calendar would."""
    with parts.database.transaction() as session:
        found = {each.code: each for each in session.scalars(select(Record))}
        chain.enter(session, found[code], state, reason, successor=found.get(successor or ""), now=at)
