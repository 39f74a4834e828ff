"""Which phone belongs to which account, and which account to which person and institution."""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.errors import NotFound, Refused
from lms.domain.identity import check_mobile, check_name
from lms.domain.organisations import Kind, check_post
from lms.domain.roles import STAFF, Role
from lms.models.accounts import Account, Membership
from lms.models.base import new_id
from lms.models.organisations import Organisation
from lms.services import audit, sealed
from lms.services.accounts import sessions


def find(session: Session, phone_index: str) -> Account | None:
    """The account of a phone number."""
    return session.scalar(select(Account).where(Account.phone_index == phone_index))


def add(session: Session, keyring: Keyring, *, phone: str, name: str, now: datetime) -> Account:
    """A new account for a phone (in normal form) that has none."""
    account_id = new_id()
    made = Account(
        id=account_id,
        phone_index=sealed.phone_index(keyring, phone),
        phone_sealed=sealed.seal_phone(keyring, account_id, phone),
        name=name,
        created_at=now,
    )
    session.add(made)
    session.flush()
    audit.record(session, "account.create", account_id, now=now)
    return made


def create_staff(
    session: Session,
    keyring: Keyring,
    *,
    phone: str,
    name: str,
    role: Role,
    organisation_id: uuid.UUID | None,
    now: datetime,
    by: uuid.UUID | None = None,
) -> uuid.UUID:
    """Gives the phone's account a role, made first where there is none; returns the account's id.

    `organisation_id` is None for the platform only. No password is set: the first sign-in is by code.
    An inspector's role, which ends, is granted by `services/inspectors.py`. Refused: staff_already,
    organisation_role_elsewhere, organisation_closed.
    """
    if role not in STAFF - {Role.INSPECTOR} or (role is Role.PLATFORM) != (organisation_id is None):
        raise ValueError(f"{role} does not go with organisation {organisation_id}")
    _check_place(session, role, organisation_id)
    phone, name = check_mobile(phone), check_name(name)
    account = find(session, sealed.phone_index(keyring, phone))
    if account is not None and _has(session, account.id, role, organisation_id):
        raise Refused("staff_already")
    account = account or add(session, keyring, phone=phone, name=name, now=now)
    account.name = account.name or name
    session.add(Membership(account_id=account.id, organisation_id=organisation_id, role=role.value))
    session.flush()
    sessions.sign_out_everywhere(session, account.id, now=now)  # a learner's login lives too long for staff
    audit.record(
        session,
        "staff.add",
        account.id,
        now=now,
        account_id=by,
        organisation_id=organisation_id,
        detail={"role": role.value},
    )
    return account.id


def _check_place(session: Session, role: Role, organisation_id: uuid.UUID | None) -> None:
    place = organisation_id and session.get(Organisation, organisation_id)
    if place:
        check_post(role, Kind(place.kind))
        if place.closed_at:
            raise Refused("organisation_closed")


def _has(session: Session, account_id: uuid.UUID, role: Role, organisation_id: uuid.UUID | None) -> bool:
    mine = select(Membership.id).where(Membership.account_id == account_id, Membership.role == role.value)
    return session.scalar(mine.where(Membership.organisation_id == organisation_id)) is not None


def unlink_all(session: Session, person_ids: Collection[uuid.UUID], *, now: datetime) -> None:
    """Takes persons off their accounts again: they were entered by mistake and are in no cohort any more."""
    for account in session.scalars(select(Account).where(Account.person_id.in_(person_ids))):
        account.person_id = None
        audit.record(session, "account.unlink", account.id, now=now)
    session.flush()


def disable(session: Session, account_id: uuid.UUID, *, now: datetime, by: uuid.UUID | None = None) -> None:
    """Closes an account at once, on every device; its records stay. NotFound if there is none."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound
    if account_id == by:
        raise Refused("own_account")
    account.disabled_at = account.disabled_at or now
    sessions.sign_out_everywhere(session, account_id, now=now)
    audit.record(session, "account.disable", account_id, now=now, account_id=by)


def enable(session: Session, account_id: uuid.UUID, *, now: datetime, by: uuid.UUID | None = None) -> None:
    """Opens a disabled account again. NotFound if there is none."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound
    account.disabled_at = None
    audit.record(session, "account.enable", account_id, now=now, account_id=by)


def list_names(session: Session, account_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, str]:
    """By account id, for pages that show who did what; None, for nobody, has no name."""
    rows = select(Account.id, Account.name).where(Account.id.in_({each for each in account_ids if each}))
    return {row.id: row.name for row in session.execute(rows)}
