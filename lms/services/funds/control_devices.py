"""On which devices the paid, and those who have them paid, sign in: the marks that browsers keep (decision 0187)."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.db import in_parts
from lms.domain.funds.controls import Holder, Step, Thing, Use
from lms.models.accounts import Account, LoginSession, Membership
from lms.services import humans

TAIL = 4


def uses(
    session: Session,
    payees: Mapping[uuid.UUID, uuid.UUID],
    steps: Collection[Step],
    *,
    since: datetime,
    until: datetime,
) -> list[Use]:
    """Logins that lasted in this time: of payees (person → institution), of the staff there, and of who took steps."""
    span = since, until
    return [*_of_payees(session, payees, span), *_of_staff(session, _staff(session, payees, steps), span)]


def _of_payees(
    session: Session, payees: Mapping[uuid.UUID, uuid.UUID], span: tuple[datetime, datetime]
) -> Iterator[Use]:
    living = humans.living_all(session, set(payees))
    for ids in in_parts(sorted(payees)):
        found = session.execute(select(Account.id, Account.person_id).where(Account.person_id.in_(ids)))
        accounts = {account_id: person_id for account_id, person_id in found if person_id is not None}
        for account_id, mark in _marks(session, accounts, span):
            person = accounts[account_id]
            yield Use(Thing.DEVICE, mark, mark[-TAIL:], Holder.PAYEE, living[person], payees[person])


def _staff(
    session: Session, payees: Mapping[uuid.UUID, uuid.UUID], steps: Collection[Step]
) -> dict[uuid.UUID, uuid.UUID | None]:
    """Accounts with the institution they work at; who took a step of the authority's has none here."""
    found: dict[uuid.UUID, uuid.UUID | None] = {each.account_id: None for each in steps}
    for ids in in_parts(sorted(set(payees.values()))):
        rows = select(Membership.account_id, Membership.organisation_id).where(Membership.organisation_id.in_(ids))
        found |= dict(session.execute(rows.order_by(Membership.id)).all())
    return found


def _of_staff(
    session: Session, staff: Mapping[uuid.UUID, uuid.UUID | None], span: tuple[datetime, datetime]
) -> Iterator[Use]:
    selves = humans.selves(session, staff)
    for ids in in_parts(sorted(staff)):
        for account_id, mark in _marks(session, ids, span):
            who = selves[account_id]
            yield Use(Thing.DEVICE, mark, mark[-TAIL:], Holder.STAFF, who, staff[account_id], account_id)


def _marks(
    session: Session, accounts: Collection[uuid.UUID], span: tuple[datetime, datetime]
) -> list[tuple[uuid.UUID, str]]:
    since, until = span
    rows = select(LoginSession.account_id, LoginSession.device_mark).where(
        LoginSession.account_id.in_(accounts),
        LoginSession.device_mark != "",
        LoginSession.created_at < until,
        LoginSession.expires_at >= since,
    )
    return [(account_id, mark) for account_id, mark in session.execute(rows.distinct())]
