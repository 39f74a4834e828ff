"""One human who is on record as several persons: which of them is the living one, who they all are, and whether two
accounts are hers (decision 0144)."""

import uuid
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.domain.roles import Role
from lms.models.accounts import Account, Membership
from lms.models.people import PersonLink


def living(session: Session, person_id: uuid.UUID) -> uuid.UUID:
    """The person under whom what is new happens: herself, unless two people found her to be another as well."""
    linked = select(PersonLink.living_id).where(PersonLink.person_id == person_id)
    return session.scalar(linked) or person_id


def living_all(session: Session, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The same of many persons at once, by person."""
    linked = select(PersonLink.person_id, PersonLink.living_id).where(PersonLink.person_id.in_(person_ids))
    return {each: each for each in person_ids} | dict(session.execute(linked).all())


def bodies(session: Session, person_id: uuid.UUID) -> list[uuid.UUID]:
    """All persons who are this human, the living one first; for nearly everybody only herself."""
    first = living(session, person_id)
    others = select(PersonLink.person_id).where(PersonLink.living_id == first).order_by(PersonLink.person_id)
    return [first, *session.scalars(others)]


def circles(session: Session, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Everybody who is one of these humans, with the living person of each."""
    living_ids = set(living_all(session, person_ids).values())
    others = other_bodies(session, living_ids)
    return {each: each for each in living_ids} | {each: first for first, found in others.items() for each in found}


def other_bodies(session: Session, living_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The other persons each of these living ones is on record as; nearly always nobody."""
    query = select(PersonLink.living_id, PersonLink.person_id).where(PersonLink.living_id.in_(living_ids))
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for living_id, person_id in session.execute(query.order_by(PersonLink.person_id)):
        found.setdefault(living_id, []).append(person_id)
    return found


def self_of(session: Session, account_id: uuid.UUID, person_id: uuid.UUID | None = None) -> uuid.UUID:
    """Who acts by an account: the living person behind it, or the account itself where it is nobody's yet.

    Two accounts of one human have the same self, so that whatever takes two people is asked of selves. `person_id`:
    the account's person, where the caller knows it.
    """
    return living(session, person_id) if person_id else selves(session, [account_id])[account_id]


def selves(session: Session, account_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The same of many accounts at once, by account."""
    living_id = func.coalesce(PersonLink.living_id, Account.person_id)
    behind = select(Account.id, living_id).outerjoin(PersonLink, PersonLink.person_id == Account.person_id)
    found = session.execute(behind.where(Account.id.in_(account_ids), Account.person_id.is_not(None))).all()
    return {each: each for each in account_ids} | dict(found)


def is_same(session: Session, one: uuid.UUID | None, other: uuid.UUID | None) -> bool:
    """Whether two accounts are one human's; nobody is the same as nobody."""
    if one is None or other is None:
        return False
    return self_of(session, one) == self_of(session, other)


def is_own(session: Session, person_id: uuid.UUID, account_id: uuid.UUID, own_id: uuid.UUID | None) -> bool:
    """Whether who acts by an account (`own_id`: its person, where it has one) is this person, whichever record."""
    return living(session, person_id) == self_of(session, account_id, own_id)


def accounts_of(session: Session, account_id: uuid.UUID) -> set[uuid.UUID]:
    """All accounts of the human who acts by this one, itself included."""
    hers = bodies(session, self_of(session, account_id))
    return {account_id, *session.scalars(select(Account.id).where(Account.person_id.in_(hers)))}


def works_at(session: Session, account_id: uuid.UUID, roles: Collection[Role]) -> set[uuid.UUID]:
    """The organisations at which the human who acts by this account has one of these roles, by whichever account."""
    held = Membership.role.in_([each.value for each in roles]) & Membership.organisation_id.is_not(None)
    mine = Membership.account_id.in_(accounts_of(session, account_id)) & held
    return {each for each in session.scalars(select(Membership.organisation_id).where(mine)) if each is not None}
