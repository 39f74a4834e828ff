"""What somebody who checks a record is told."""

from sqlalchemy.orm import Session

from lms.domain.errors import NotFound
from lms.services import public_records
from lms.services.public_records import PublicRecord


def find(session: Session, code: str) -> PublicRecord | None:
    """The record behind a code as it was typed, None for every code that never was."""
    try:
        return public_records.get_public(session, code)
    except NotFound:
        return None
