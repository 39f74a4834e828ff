"""Which credentials were withdrawn, as one signed list of bits for a whole crowd of them."""

import hashlib
import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.adapters import data_integrity
from lms.crypto import Keyring
from lms.domain import credentials, status_list
from lms.domain.credentials import Issuer, Withdrawal
from lms.domain.errors import NotFound
from lms.models.credentials import Credential, CredentialList, CredentialWithdrawal
from lms.services import audit
from lms.services.credentials import keys


def withdraw(session: Session, code: str, state: Withdrawal, *, now: datetime) -> None:
    """What was certified under this code counts no more, whether it was signed before or will be. The first word on
    it stays: the bit is the same for all, and why is told by the record itself."""
    if session.get(CredentialWithdrawal, code) is not None:
        return
    session.add(CredentialWithdrawal(code=code, state=state.value, at=now))
    session.flush()
    audit.record(session, "credential.withdraw", code, now=now, detail={"state": state.value})


def withdrawal_of(session: Session, code: str) -> Withdrawal | None:
    """Whether and why it counts no more."""
    found = session.get(CredentialWithdrawal, code)
    return Withdrawal(found.state) if found else None


def stored_list(session: Session, issuer: Issuer, number: int) -> str | None:
    """The signed list as it is kept, while it tells what is true; None where it must be signed first.

    NotFound for a list never begun.
    """
    row = session.scalar(select(CredentialList).where(CredentialList.number == number))
    if row is None:
        raise NotFound
    kid = keys.signing_kid(session)
    is_true = kid is not None and row.fingerprint == _fingerprint(issuer, kid, _withdrawn(session, number))
    return row.document if is_true else None


def current_list(session: Session, keyring: Keyring, issuer: Issuer, number: int, *, now: datetime) -> str | None:
    """The signed list as JSON text, signed anew when a bit or the key changed since; None for a list never begun."""
    row = session.scalar(select(CredentialList).where(CredentialList.number == number).with_for_update())
    if row is None:
        return None
    by, withdrawn = keys.signing(session, keyring, now=now), _withdrawn(session, number)
    fingerprint = _fingerprint(issuer, by.ed25519.kid, withdrawn)
    if row.fingerprint != fingerprint:
        unsigned = credentials.status_credential(issuer, number, status_list.encode(withdrawn), now)
        method = issuer.method(by.ed25519.kid)
        signed = data_integrity.sign(unsigned, by.private, method, credentials.moment(now))
        row.document, row.fingerprint = json.dumps(signed, ensure_ascii=False, indent=2), fingerprint
    return row.document


def _fingerprint(issuer: Issuer, kid: str, withdrawn: list[int]) -> str:
    """Of all that a signed list depends on."""
    return hashlib.sha256(json.dumps([issuer.did, kid, withdrawn]).encode()).hexdigest()


def _withdrawn(session: Session, number: int) -> list[int]:
    """The places whose bit is set, in order."""
    rows = select(Credential.list_index).distinct().where(Credential.list_number == number)
    rows = rows.join(CredentialWithdrawal, CredentialWithdrawal.code == Credential.code)
    return sorted(session.scalars(rows))
