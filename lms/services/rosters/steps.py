"""Long work in short transactions: each step is written under the job's fence, and the work can begin anew."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.domain.errors import Forbidden
from lms.domain.roles import Role
from lms.models.accounts import Account, Membership
from lms.models.rosters import RosterImport, RosterRow
from lms.services.scopes import Actor

Step = Callable[[Session, datetime], float]
"""Does some of the work in a transaction of its own, and tells how far it is, from 0 to 1."""
Steps = Iterator[Step]


def load(session: Session, import_id: uuid.UUID, state: str) -> RosterImport | None:
    """The file, held; None when it is not waiting for this work any more."""
    found = session.get(RosterImport, import_id, with_for_update=True)
    return found if found is not None and found.state == state else None


def asker(session: Session, found: RosterImport) -> Actor:
    """Who asked for the work, if she may still ask for it. Forbidden("role_needed") otherwise."""
    account = session.get_one(Account, found.asked_by)
    role = select(Membership.id).where(
        Membership.account_id == account.id,
        Membership.organisation_id == found.organisation_id,
        Membership.role == Role.INSTITUTION.value,
    )
    if account.disabled_at is not None or session.scalar(role) is None:
        raise Forbidden("role_needed", role=Role.INSTITUTION.value)
    return Actor(account.id, account.person_id, account.name, frozenset({(Role.INSTITUTION, found.organisation_id)}))


def write_rows(session: Session, import_id: uuid.UUID, changes: list[dict[str, object]]) -> None:
    """Changes many rows at once; each names its `number`."""
    if changes:
        session.execute(update(RosterRow), [{"import_id": import_id, **each} for each in changes])
