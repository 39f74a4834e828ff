"""Who did what: one row an act, in the transaction of the act."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.models.audit import AuditEvent


def record(
    session: Session,
    action: str,
    subject: object,
    *,
    now: datetime,
    account_id: uuid.UUID | None = None,
    organisation_id: uuid.UUID | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Appends one act. `detail` must hold no personal data: ids, counts and codes only."""
    session.add(
        AuditEvent(
            at=now,
            account_id=account_id,
            organisation_id=organisation_id,
            action=action,
            subject=str(subject),
            detail=dict(detail or {}),
        )
    )


def knows(session: Session, action: str, subject: object) -> bool:
    """Whether this act on this subject is on record already."""
    mine = select(AuditEvent.id).where(AuditEvent.action == action, AuditEvent.subject == str(subject))
    return session.scalar(mine.limit(1)) is not None


def list_recent(session: Session, limit: int = 100) -> list[AuditEvent]:
    """The newest acts first."""
    return list(session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(limit)))
