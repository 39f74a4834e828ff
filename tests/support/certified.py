"""Completion records for tests of who sees them."""

import uuid
from datetime import datetime
from typing import Any

from lms.domain.certificates import facts_hash
from lms.models.certificates import Certificate
from lms.parts import Parts
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


def certify(parts: Parts, enrollment: uuid.UUID, code: str = CODES[0], at: datetime = NOON, **other: Any) -> str:
    """Freezes a record of this enrollment; answers with its code."""
    told = facts(**other)
    with parts.database.transaction() as session:
        frozen = {"facts": told, "facts_hash": facts_hash(told), "issued_at": at}
        session.add(Certificate(enrollment_id=enrollment, code=code, **frozen))
    return code
