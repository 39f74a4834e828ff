"""What a roster tells of a learner beside who she is: kept encrypted with her place in the class."""

import json
import uuid
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.roster_columns import Field
from lms.models.rosters import EnrollmentDetail


def row(keyring: Keyring, enrollment_id: uuid.UUID, told: Mapping[Field, str]) -> dict[str, object]:
    """The details of one enrollment for their table."""
    text = json.dumps({field.value: words for field, words in told.items()}, ensure_ascii=False)
    return {"enrollment_id": enrollment_id, "details_sealed": keyring.seal(text, _place(enrollment_id))}


def find_all(
    session: Session, keyring: Keyring, enrollment_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, dict[Field, str]]:
    """What is known of these enrollments, which the caller may see; who has no details is left out."""
    rows = session.scalars(select(EnrollmentDetail).where(EnrollmentDetail.enrollment_id.in_(enrollment_ids)))
    return {each.enrollment_id: _open(keyring, each) for each in rows}


def _open(keyring: Keyring, found: EnrollmentDetail) -> dict[Field, str]:
    told: dict[str, str] = json.loads(keyring.open(found.details_sealed, _place(found.enrollment_id)))
    return {Field(name): words for name, words in told.items()}


def _place(enrollment_id: uuid.UUID) -> str:
    return f"enrollment_details:{enrollment_id}:details"
