"""Keys of credentials: made when first needed, sealed at rest, replaced without harm to what they signed."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.adapters import vc_jwt
from lms.crypto import Keyring, Signer
from lms.domain.credentials import KeyKind
from lms.domain.errors import NotFound
from lms.models.base import new_id
from lms.models.credentials import CredentialKey
from lms.services import audit, sealed

ALIVE = CredentialKey.retired_at.is_(None) & CredentialKey.distrusted_at.is_(None)


@dataclass(frozen=True)
class Key:
    """A key as published, and since when it signs no more or counts no more."""

    kid: str
    kind: KeyKind
    public_jwk: dict[str, str]
    created_at: datetime
    retired_at: datetime | None
    distrusted_at: datetime | None

    @property
    def signs(self) -> bool:
        """Whether it may sign today."""
        return self.retired_at is None and self.distrusted_at is None


@dataclass(frozen=True)
class SigningKeys:
    """The pair that signs today, opened. `pem`: the RSA key."""

    ed25519: Key
    seed: bytes
    rsa: Key
    pem: str

    @property
    def private(self) -> Ed25519PrivateKey:
        """The Ed25519 key itself."""
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def ids(self) -> list[str]:
        """The ids of both."""
        return [self.ed25519.kid, self.rsa.kid]


def _view(row: CredentialKey) -> Key:
    told = row.kid, KeyKind(row.kind), dict(row.public_jwk), row.created_at, row.retired_at, row.distrusted_at
    return Key(*told)


def list_keys(session: Session) -> list[Key]:
    """All keys there ever were, the oldest first."""
    return [_view(row) for row in session.scalars(select(CredentialKey).order_by(CredentialKey.id))]


def distrusted(session: Session) -> set[str]:
    """The ids of keys whose signatures count no more."""
    return set(session.scalars(select(CredentialKey.kid).where(CredentialKey.distrusted_at.is_not(None))))


def signing(session: Session, keyring: Keyring, *, now: datetime) -> SigningKeys:
    """The keys that sign today; made where there are none. The caller holds the first status list, so none twice."""
    ed25519, rsa = (_newest(session, kind) or _make(session, keyring, kind, now) for kind in KeyKind)
    opened = [sealed.open_credential_key(keyring, row.id, row.private_sealed) for row in (ed25519, rsa)]
    return SigningKeys(_view(ed25519), bytes.fromhex(opened[0]), _view(rsa), opened[1])


def signing_kid(session: Session) -> str | None:
    """The id of the key that signs documents today; None before there is one."""
    row = _newest(session, KeyKind.ED25519)
    return row.kid if row else None


def _newest(session: Session, kind: KeyKind) -> CredentialKey | None:
    rows = select(CredentialKey).where(CredentialKey.kind == kind.value, ALIVE).order_by(CredentialKey.id.desc())
    return session.scalar(rows.limit(1))


def _make(session: Session, keyring: Keyring, kind: KeyKind, now: datetime) -> CredentialKey:
    if kind is KeyKind.ED25519:
        private = secrets.token_hex(32)
        public = Signer(bytes.fromhex(private)).public_jwk
    else:
        private, public = vc_jwt.new_rsa()
    row_id = new_id()
    made = CredentialKey(
        id=row_id,
        kid=public["kid"],
        kind=kind.value,
        public_jwk=public,
        private_sealed=sealed.seal_credential_key(keyring, row_id, private),
        created_at=now,
    )
    session.add(made)
    session.flush()
    audit.record(session, "credential.key", made.kid, now=now, detail={"kind": kind.value})
    return made


def rotate(session: Session, keyring: Keyring, *, now: datetime) -> Sequence[Key]:
    """Retires the keys that sign today and makes the next pair. What the old ones signed stays good."""
    for row in session.scalars(select(CredentialKey).where(ALIVE)):
        row.retired_at = now
        audit.record(session, "credential.key_retired", row.kid, now=now)
    session.flush()
    return [_view(_make(session, keyring, kind, now)) for kind in KeyKind]


def distrust(session: Session, kid: str, *, now: datetime) -> None:
    """A key fell into other hands: it signs no more, it is published no more as ours, and what it signed is signed
    anew when next asked for. NotFound for a key that never was."""
    row = session.scalar(select(CredentialKey).where(CredentialKey.kid == kid))
    if row is None:
        raise NotFound
    if row.distrusted_at is None:
        row.distrusted_at = now
        audit.record(session, "credential.key_distrusted", kid, now=now)
