"""Credentials signed by strangers, who name our keys and say what we said."""

import json
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64decode

from lms.adapters import data_integrity, vc_jwt
from lms.crypto import RECEIPT_ALGORITHM


def opened(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and payload of a compact token, whoever signed it."""
    header, payload, _ = token.split(".")
    return json.loads(urlsafe_b64decode(header.encode())), json.loads(urlsafe_b64decode(payload.encode()))


def strangers_documents(document: dict[str, Any], count: int) -> Iterator[dict[str, Any]]:
    """The document, each time under a proof of another stranger's."""
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    proof = document["proof"][0]
    for _ in range(count):
        key = Ed25519PrivateKey.generate()
        yield data_integrity.sign(unsigned, key, proof["verificationMethod"], proof["created"])


def strangers_tokens(token: str, count: int) -> Iterator[str]:
    """The token, signed by strangers; each brings the public half along in its header, as tokens may."""
    header, payload = opened(token)
    for _ in range(count):
        pem, public = vc_jwt.new_rsa()
        yield vc_jwt.sign(payload, pem, header["kid"], public)


def strangers_compacts(compact: str, count: int) -> Iterator[str]:
    """The text of a QR code, signed by strangers under the id of our key."""
    header, payload = opened(compact)
    body = json.dumps(payload, ensure_ascii=False).encode()
    for _ in range(count):
        yield jws.serialize_compact(header, body, OKPKey.generate_key("Ed25519"), algorithms=[RECEIPT_ALGORITHM])
