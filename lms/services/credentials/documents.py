"""What anybody needs to verify without asking us: the did document, the key sets, and the keys of QR codes."""

from typing import Any

from joserfc.util import urlsafe_b64decode
from sqlalchemy.orm import Session

from lms.adapters.data_integrity import multikey
from lms.domain.credentials import Issuer, KeyKind
from lms.services.credentials.keys import Key, list_keys

DID_CONTEXTS = (
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
)


def did_document(session: Session, issuer: Issuer) -> dict[str, Any]:
    """The did document (W3C DID 1.0): every key ever used but for those that are trusted no more, RSA first, because
    readers of tokens without a kid take the first."""
    found = sorted(_trusted(session), key=lambda key: key.kind is not KeyKind.RSA)
    return {
        "@context": list(DID_CONTEXTS),
        "id": issuer.did,
        "verificationMethod": [_method(issuer, key) for key in found],
        "assertionMethod": [issuer.method(key.kid) for key in found],
    }


def _method(issuer: Issuer, key: Key) -> dict[str, Any]:
    named = {"id": issuer.method(key.kid), "controller": issuer.did}
    if key.kind is KeyKind.ED25519:
        return {**named, "type": "Multikey", "publicKeyMultibase": multikey(_raw(key))}
    return {**named, "type": "JsonWebKey", "publicKeyJwk": {name: key.public_jwk[name] for name in ("kty", "n", "e")}}


def published_jwks(session: Session) -> list[dict[str, str]]:
    """The keys for a JWK set (RFC 7517)."""
    return [key.public_jwk for key in _trusted(session)]


def trusted_methods(session: Session, issuer: Issuer) -> dict[str, bytes]:
    """Ed25519 keys by full name, for documents and status lists."""
    return {issuer.method(kid): raw for kid, raw in compact_keys(session).items()}


def token_keys(session: Session, issuer: Issuer) -> dict[str, dict[str, str]]:
    """RSA keys by full name, for tokens."""
    return {issuer.method(key.kid): key.public_jwk for key in _trusted(session) if key.kind is KeyKind.RSA}


def compact_keys(session: Session) -> dict[str, bytes]:
    """Ed25519 keys by id, for QR codes."""
    return {key.kid: _raw(key) for key in _trusted(session) if key.kind is KeyKind.ED25519}


def _trusted(session: Session) -> list[Key]:
    return [key for key in list_keys(session) if key.distrusted_at is None]


def _raw(key: Key) -> bytes:
    return urlsafe_b64decode(key.public_jwk["x"].encode())
