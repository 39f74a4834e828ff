"""A credential is signed when it is first asked for, in its three forms, and handed out unchanged from then on."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.adapters import data_integrity, vc_jwt
from lms.crypto import Keyring, Signer
from lms.domain import credentials, status_list
from lms.domain.credentials import Claims, Issuer, Place
from lms.models.credentials import Credential, CredentialList
from lms.services import audit
from lms.services.credentials import keys
from lms.services.credentials.keys import SigningKeys

TEXT = json.JSONEncoder(ensure_ascii=False, indent=2)


class Frozen(Protocol):
    """A record as its keeper hands it over."""

    @property
    def code(self) -> str:
        """By which anybody finds it."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What it says."""

    @property
    def facts_hash(self) -> str:
        """SHA-256 of that, in hexadecimal."""

    @property
    def issued_at(self) -> datetime:
        """When it was frozen."""


@dataclass(frozen=True)
class Issued:
    """The three forms. `document`: JSON text with its proof; `token`: VC-JWT; `compact`: what the QR code carries."""

    code: str
    document: str
    token: str
    compact: str
    made_at: datetime


def issue(
    session: Session,
    keyring: Keyring,
    issuer: Issuer,
    record: Frozen,
    draw: Callable[[int], int],
    *,
    valid_until: date | None = None,
    now: datetime,
) -> Issued:
    """What was signed for this record; signed now where it never was, or where a key of it is no longer trusted.

    `draw(n)`: a random whole number below n, for the place in the status list. `valid_until`: its last day, fixed when
    the record was issued.
    """
    if found := _find(session, record.code):
        return _view(found)
    _hold(session)
    last = _newest(session, record.code)
    if last is not None and not keys.distrusted(session) & set(last.key_ids):
        return _view(last)  # another was faster
    claims = credentials.claims_of(record.code, record.facts, record.facts_hash, record.issued_at, valid_until)
    place = Place(last.list_number, last.list_index) if last else _free_place(session, draw)
    signed_by = keys.signing(session, keyring, now=now)
    made = _sign(issuer, claims, place, signed_by, last.edition + 1 if last else 1, now)
    session.add(made)
    session.flush()
    audit.record(session, "credential.sign", record.code, now=now, detail={"edition": made.edition})
    return _view(made)


def _find(session: Session, code: str) -> Credential | None:
    found = _newest(session, code)
    return found if found is not None and not keys.distrusted(session) & set(found.key_ids) else None


def _newest(session: Session, code: str) -> Credential | None:
    rows = select(Credential).where(Credential.code == code).order_by(Credential.edition.desc())
    return session.scalar(rows.limit(1))


def _hold(session: Session) -> None:
    """One signs at a time: the first list is there from the beginning, and is locked until the commit."""
    session.execute(select(CredentialList.number).where(CredentialList.number == 1).with_for_update())


def _free_place(session: Session, draw: Callable[[int], int]) -> Place:
    """A bit nobody has, anywhere in the newest list, so that neighbours in it have nothing to do with each other."""
    number = session.scalar(select(func.max(CredentialList.number))) or 1
    taken = set(session.scalars(select(Credential.list_index).where(Credential.list_number == number)))
    if len(taken) >= status_list.HALF:
        number, taken = number + 1, set()
        session.add(CredentialList(number=number))
        session.flush()
    while (index := draw(status_list.LENGTH)) in taken:
        pass
    return Place(number, index)


def _sign(issuer: Issuer, claims: Claims, place: Place, by: SigningKeys, edition: int, now: datetime) -> Credential:
    unsigned = credentials.credential(issuer, claims, place)
    method = issuer.method(by.ed25519.kid)
    signed = data_integrity.sign(unsigned, by.private, method, credentials.moment(now))
    token = vc_jwt.sign(credentials.jwt_claims(unsigned), by.pem, issuer.method(by.rsa.kid), by.rsa.public_jwk)
    return Credential(
        code=claims.code,
        edition=edition,
        facts_hash=claims.facts_hash,
        list_number=place.number,
        list_index=place.index,
        document=TEXT.encode(signed),
        token=token,
        compact=Signer(by.seed).sign(credentials.compact(claims)),
        key_ids=by.ids,
        made_at=now,
    )


def _view(row: Credential) -> Issued:
    return Issued(row.code, row.document, row.token, row.compact, row.made_at)
