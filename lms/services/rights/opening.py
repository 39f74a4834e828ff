"""What is sealed of a person, opened for her own export: her documents, what was changed of her, what rosters told."""

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.models.eligibility import GroupEvidence
from lms.models.enrollments import Enrollment
from lms.models.payees import PayeeAccount
from lms.models.people import IdentityChange, PersonDocument
from lms.models.skills import Qualification
from lms.services import rosters, sealed
from lms.services.rights.gathering import Row, plain


def documents(session: Session, keyring: Keyring, bodies: Collection[uuid.UUID]) -> list[Row]:
    """Every document she has or had; one that was typed wrong says when it was withdrawn."""
    names = ("document_type", "remarks", "is_current", "state", "valid_from", "valid_until", "added_at", "withdrawn_at")
    hers = select(PersonDocument).where(PersonDocument.person_id.in_(bodies)).order_by(PersonDocument.id)
    return [
        {"id": plain(row.id), "number": sealed.open_document(keyring, row.id, row.number_sealed)}
        | {name: plain(getattr(row, name)) for name in names}
        for row in session.scalars(hers.where(PersonDocument.number_sealed != ""))  # of who was erased none is left
    ]


def changes(session: Session, keyring: Keyring, bodies: Collection[uuid.UUID]) -> list[Row]:
    """What was proposed of her names and numbers; what was decided is in its own section."""
    hers = select(IdentityChange).where(IdentityChange.person_id.in_(bodies)).order_by(IdentityChange.id)
    return [
        {
            "id": plain(row.id),
            "kind": row.kind,
            "document_type": row.document_type,
            "before": sealed.open_change(keyring, row.id, "before", row.before_sealed),
            "after": sealed.open_change(keyring, row.id, "after", row.after_sealed),
            "reason": row.reason,
            "proposed_at": plain(row.proposed_at),
        }
        for row in session.scalars(hers)
    ]


def qualifications(session: Session, keyring: Keyring, bodies: Collection[uuid.UUID]) -> list[Row]:
    """Certificates from elsewhere; what is known of each is in its own section."""
    names = ("kind", "occupation", "level", "issuer", "issuer_code", "issued_on", "valid_until", "entered_at")
    hers = select(Qualification).where(Qualification.person_id.in_(bodies)).order_by(Qualification.id)
    return [
        {"id": plain(row.id), "number": sealed.open_qualification(keyring, row.id, row.number_sealed)}
        | {name: plain(getattr(row, name)) for name in names}
        for row in session.scalars(hers)
    ]


def groups(session: Session, keyring: Keyring, bodies: Collection[uuid.UUID]) -> list[Row]:
    """Evidence of the groups she belongs to; what is known of each is in its own section."""
    names = ("group_code", "kind", "valid_from", "valid_until", "entered_at")
    hers = select(GroupEvidence).where(GroupEvidence.person_id.in_(bodies)).order_by(GroupEvidence.id)
    return [
        {"id": plain(row.id), "number": sealed.open_group(keyring, row.id, row.number_sealed)}
        | {name: plain(getattr(row, name)) for name in names}
        for row in session.scalars(hers)
    ]


def payee_accounts(session: Session, keyring: Keyring, bodies: Collection[uuid.UUID]) -> list[Row]:
    """Accounts to which her living allowance goes or went; what was done with each is in its own section."""
    names = ("card", "holder", "bank", "state", "entered_at")
    hers = select(PayeeAccount).where(PayeeAccount.person_id.in_(bodies)).order_by(PayeeAccount.id)
    return [
        {"id": plain(row.id), "account": sealed.open_account(keyring, row.id, row.account_sealed)}
        | {name: plain(getattr(row, name)) for name in names}
        for row in session.scalars(hers)
    ]


def details(session: Session, keyring: Keyring, bodies: Collection[uuid.UUID]) -> list[Row]:
    """What rosters told of her beside who she is, by class."""
    mine = session.scalars(select(Enrollment.id).where(Enrollment.person_id.in_(bodies))).all()
    found = rosters.find_details(session, keyring, mine)
    return [
        {"enrollment": str(key)} | {field.value: words for field, words in found[key].items()} for key in sorted(found)
    ]
