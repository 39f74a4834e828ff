"""The paper behind a correction: each look at it is on record."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from lms.adapters.objects import Store
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.models.corrections import Correction
from lms.services import attachments, audit, scopes
from lms.services.attachments import Sent
from lms.services.scopes import Actor


def open_attachment(
    session: Session, store: Store, actor: Actor, desk: Role, correction_id: uuid.UUID, *, now: datetime
) -> Sent:
    """The file of a correction that the desk may look into; each look is on record."""
    row = session.scalar(scopes.corrections_of(actor, desk).where(Correction.id == correction_id))
    if row is None or not row.attachment_key:
        raise NotFound
    audit.record(
        session,
        "correction.attachment",
        row.id,
        now=now,
        account_id=actor.account_id,
        organisation_id=row.organisation_id,
    )
    return attachments.open_kept(store, row.attachment_key, row.attachment_name)
