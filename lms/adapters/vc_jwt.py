"""Compact tokens of credentials: VC-JWT with RS256 (Open Badges 3.0, 8.2), and the Ed25519 ones that fit a QR code."""

import json
import re
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from lms.adapters.data_integrity import NotGenuine
from lms.crypto import RECEIPT_ALGORITHM

RSA_BITS = 2048
PART = re.compile("[A-Za-z0-9_-]+")
ROOMY = jws.JWSRegistry(algorithms=["RS256"])
ROOMY.max_header_length = 2048  # the header carries a key, for which joserfc leaves no room
BODY = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def new_rsa() -> tuple[str, dict[str, str]]:
    """A fresh RSA key: its private PEM, and its public JWK, whose kid is its thumbprint (RFC 7638)."""
    key = RSAKey.generate_key(RSA_BITS)
    return key.as_pem(private=True).decode(), public_rsa(key)


def public_rsa(key: RSAKey) -> dict[str, str]:
    """The public half, as others read it."""
    found = key.as_dict(private=False)
    return {"kty": "RSA", "n": str(found["n"]), "e": str(found["e"]), "kid": key.thumbprint()[:16]} | {
        "use": "sig",
        "alg": "RS256",
    }


def sign(claims: Mapping[str, Any], pem: str, method: str, jwk: Mapping[str, str]) -> str:
    """The token. Its header names the key and carries it, for readers that look in either place."""
    part = {name: jwk[name] for name in ("kty", "n", "e")}
    header = {"alg": "RS256", "typ": "JWT", "kid": method, "jwk": part}
    return jws.serialize_compact(header, BODY.encode(claims).encode(), RSAKey.import_key(pem), algorithms=["RS256"])


def verify(token: str, keys: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The claims, if one of `keys` (full name → public JWK) signed them; NotGenuine else. The token's own jwk is
    never asked: whoever forges a token brings a key along."""
    header, _ = _opened(token)
    jwk = keys.get(str(header.get("kid")))
    if jwk is None or header.get("alg") != "RS256":
        raise NotGenuine("signed under a key that is not the issuer's")
    part: dict[str, str | list[str]] = {name: jwk[name] for name in ("kty", "n", "e")}
    try:
        found = jws.deserialize_compact(token, RSAKey.import_key(part), registry=ROOMY)
        return _object(found.payload)
    except (JoseError, ValueError):
        raise NotGenuine("the signature does not fit") from None


def read_compact(token: str, keys: Mapping[str, bytes]) -> dict[str, Any]:
    """The facts of a QR code, if one of `keys` (kid → raw public key) signed them; NotGenuine else."""
    header, parts = _opened(token)
    public = keys.get(str(header.get("kid")))
    if public is None or header != {"alg": RECEIPT_ALGORITHM, "kid": header["kid"]}:
        raise NotGenuine("signed under a key that is not the issuer's")
    try:
        signed = f"{parts[0]}.{parts[1]}".encode()
        Ed25519PublicKey.from_public_bytes(public).verify(urlsafe_b64decode(parts[2].encode()), signed)
    except InvalidSignature:
        raise NotGenuine("the signature does not fit") from None
    return _object(urlsafe_b64decode(parts[1].encode()))


def _opened(token: str) -> tuple[dict[str, Any], list[str]]:
    """Header and parts; each part must be written as an encoder writes it, or two texts would have one signature."""
    parts = token.split(".")
    if len(parts) != 3 or not all(PART.fullmatch(part) and _is_canonical(part) for part in parts):
        raise NotGenuine("this is no compact token")
    return _object(urlsafe_b64decode(parts[0].encode())), parts


def _is_canonical(part: str) -> bool:
    try:
        return urlsafe_b64encode(urlsafe_b64decode(part.encode())) == part.encode()
    except ValueError:
        return False


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError:
        raise NotGenuine("unreadable") from None
    if not isinstance(found, dict):
        raise NotGenuine("unreadable")
    return found
