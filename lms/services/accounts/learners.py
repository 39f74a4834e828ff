"""The accounts learners sign in with: a person has one, a phone belongs to one, and nobody takes another's."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.db import insert_all_absent
from lms.domain.enrollments import phone_obstacle
from lms.domain.errors import Conflict, Refused
from lms.domain.identity import check_mobile
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.people import Person
from lms.services import audit, sealed


@dataclass(frozen=True)
class Line:
    """A person and the phone (in normal form) she is to sign in with."""

    person_id: uuid.UUID
    name: str
    phone: str
    phone_index: str


def account_for_learner(
    session: Session,
    keyring: Keyring,
    *,
    person_id: uuid.UUID,
    phone: str,
    now: datetime,
    organisation_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """The account a person learns with: hers if she has one, else the phone's, else a new one.

    Refused when the phone's account is another person's or staff's, of whom nothing is told, and when
    she is registered with another phone: whoever entered her first must not own her studies by a number.
    """
    phone = check_mobile(phone)
    phone_index = sealed.phone_index(keyring, phone)
    hers = phones_of(session, [person_id]).get(person_id)
    is_free = free_lines(session, [phone_index], organisation_id).get(phone_index)
    if obstacle := phone_obstacle(hers, phone_index, is_free):
        raise Refused(obstacle)
    if hers is None:
        name = session.get_one(Person, person_id).name
        link_all(session, keyring, [Line(person_id, name, phone, phone_index)], now=now)
    return session.scalars(select(Account.id).where(Account.phone_index == phone_index)).one()


def phones_of(session: Session, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The fingerprints of the phones that persons sign in with; whoever has no account is left out."""
    rows = session.execute(select(Account.person_id, Account.phone_index).where(Account.person_id.in_(person_ids)))
    return {person_id: phone_index for person_id, phone_index in rows if person_id is not None}


def free_lines(session: Session, phone_indexes: Collection[str], organisation_id: uuid.UUID | None) -> dict[str, bool]:
    """Which of these phones have accounts, held until the transaction ends, and whether those may become a learner's.

    An account of nobody yet may; staff's only at her own institution's word, never at another's.
    """
    held = select(Account).where(Account.phone_index.in_(phone_indexes)).order_by(Account.phone_index)
    found = session.scalars(held.with_for_update().execution_options(populate_existing=True))
    return {account.phone_index: _may_become(account, organisation_id) for account in found}


def _may_become(account: Account, organisation_id: uuid.UUID | None) -> bool:
    return account.person_id is None and all(
        organisation_id is not None and membership.organisation_id == organisation_id
        for membership in account.memberships
    )


def link_all(session: Session, keyring: Keyring, lines: Sequence[Line], *, now: datetime) -> None:
    """Gives each the account of her phone, made first where there is none; what stands against it was asked before.

    Conflict("changed_meanwhile") when another transaction was quicker.
    """
    fresh = {line.phone_index: _row(keyring, line, now) for line in sorted(lines, key=lambda each: each.phone_index)}
    insert_all_absent(session, Account, list(fresh.values()))
    mine = select(Account).where(Account.phone_index.in_(fresh)).execution_options(populate_existing=True)
    accounts = {account.phone_index: account for account in session.scalars(mine)}
    for line in lines:
        _link(session, accounts.get(line.phone_index), line, fresh[line.phone_index]["id"], now)
    session.flush()


def _row(keyring: Keyring, line: Line, now: datetime) -> dict[str, object]:
    account_id = new_id()
    return {
        "id": account_id,
        "phone_index": line.phone_index,
        "phone_sealed": sealed.seal_phone(keyring, account_id, line.phone),
        "name": line.name,
        "person_id": line.person_id,
        "created_at": now,
    }


def _link(session: Session, account: Account | None, line: Line, fresh_id: object, now: datetime) -> None:
    if account is None or account.person_id not in (None, line.person_id):
        raise Conflict("changed_meanwhile")
    if account.id == fresh_id:
        audit.record(session, "account.create", account.id, now=now)
    account.person_id, account.name = line.person_id, account.name or line.name
    audit.record(session, "account.link", account.id, now=now, detail={"person_id": str(line.person_id)})
