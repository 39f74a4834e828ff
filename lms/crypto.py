"""Keys at work: encrypted personal fields, keyed indexes, one-way tokens, signed receipts."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64encode

PAYLOAD = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)
RECEIPT_ALGORITHM = "Ed25519"  # RFC 9864; the older name "EdDSA" is deprecated there
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U to misread


@dataclass(frozen=True)
class Keyring:
    """Field keys by id (the first is current) and the key of the blind index."""

    field_keys: tuple[tuple[str, bytes], ...]
    index_key: bytes

    def seal(self, text: str, place: str) -> str:
        """AES-256-GCM of `text`, bound to `place` (table:row:field) so that it cannot be moved."""
        key_id, _, body = self.seal_bytes(text.encode(), place).partition(b":")
        return f"{key_id.decode()}:{body.hex()}"

    def open(self, sealed: str, place: str) -> str:
        """The text again; raises InvalidTag when moved or changed, KeyError for a retired key."""
        key_id, _, body = sealed.partition(":")
        return self.open_bytes(key_id.encode() + b":" + bytes.fromhex(body), place).decode()

    def seal_bytes(self, data: bytes, place: str) -> bytes:
        """The same for a file: the key's id, a colon, the nonce, and what was encrypted."""
        key_id, key = self.field_keys[0]
        nonce = secrets.token_bytes(12)
        return key_id.encode() + b":" + nonce + AESGCM(key).encrypt(nonce, data, place.encode())

    def open_bytes(self, sealed: bytes, place: str) -> bytes:
        """The bytes again; raises as `open`."""
        key_id, _, raw = sealed.partition(b":")
        return AESGCM(dict(self.field_keys)[key_id.decode()]).decrypt(raw[:12], raw[12:], place.encode())

    def index(self, kind: str, text: str) -> str:
        """A keyed fingerprint by which an encrypted value is found again; 64 hex digits."""
        return hmac.new(self.index_key, f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()


def token() -> str:
    """A bearer secret of 256 bits."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """SHA-256 in hex: what the database keeps of a token with full entropy."""
    return hashlib.sha256(text.encode()).hexdigest()


def verification_code() -> str:
    """100 random bits in four groups of five, safe to read aloud and to type."""
    signs = "".join(secrets.choice(CODE_ALPHABET) for _ in range(20))
    return "-".join(signs[i : i + 5] for i in range(0, 20, 5))


def salt() -> str:
    """128 random bits in hexadecimal: what a hash over few possible values is made with."""
    return secrets.token_hex(16)


def _public_bytes(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def public_jwk(public: bytes) -> dict[str, str]:
    """An Ed25519 public key as others read it (RFC 8037); its kid is a fingerprint of it."""
    part = {"kty": "OKP", "crv": "Ed25519", "x": urlsafe_b64encode(public).decode()}
    kid = hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()[:16]
    return {**part, "kid": kid, "use": "sig", "alg": RECEIPT_ALGORITHM}


class Signer:
    """Signs receipts as compact JWS (RFC 7515) with one Ed25519 key."""

    def __init__(self, seed: bytes) -> None:
        self.public_jwk = public_jwk(_public_bytes(seed))
        self.key_id = self.public_jwk["kid"]
        key = {name: self.public_jwk[name] for name in ("kty", "crv", "x")}
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        header = json.dumps({"alg": RECEIPT_ALGORITHM, "kid": self.key_id}, separators=(",", ":"))
        self._head = urlsafe_b64encode(header.encode()) + b"."
        self._key = OKPKey.import_key({**key, "d": urlsafe_b64encode(seed).decode()})

    def sign(self, payload: Mapping[str, object]) -> str:
        """The payload as signed compact JWS (RFC 7515, 7.1), put together here: it is made for every heartbeat."""
        body = PAYLOAD.encode(payload)
        signed = self._head + urlsafe_b64encode(body.encode())
        return (signed + b"." + urlsafe_b64encode(self._private.sign(signed))).decode()

    def verify(self, receipt: str) -> dict[str, object]:
        """The payload of a receipt this key signed; raises joserfc's BadSignatureError otherwise."""
        signed = jws.deserialize_compact(receipt, self._key, algorithms=[RECEIPT_ALGORITHM])
        payload: dict[str, object] = json.loads(signed.payload)
        return payload


NOTE_ED25519 = b"\x01"  # the signature type in a note's key (C2SP signed-note)


class NoteSigner:
    """Signs notes (C2SP signed-note) under a name with one Ed25519 key."""

    def __init__(self, name: str, seed: bytes) -> None:
        if not name or "+" in name or any(sign.isspace() for sign in name):
            raise ValueError(f"“{name}” cannot name a key: it is empty, or has a space or a plus sign")
        self.name = name
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = NOTE_ED25519 + _public_bytes(seed)
        self._hash = hashlib.sha256(name.encode() + b"\n" + self._public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The verifier key: name, hash of the key, and the key, as tools for notes take it."""
        return f"{self.name}+{self._hash.hex()}+{base64.b64encode(self._public).decode()}"

    def sign(self, text: str) -> str:
        """The text, a blank line, and the line with the signature."""
        signature = base64.b64encode(self._hash + self._key.sign(text.encode())).decode()
        return f"{text}\n\N{EM DASH} {self.name} {signature}\n"


def public_of_vkey(vkey: str) -> bytes:
    """The Ed25519 public key in a verifier key; ValueError for anything else."""
    name, _, rest = vkey.partition("+")
    told, _, text = rest.partition("+")
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        raw = b""
    found = hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8]
    if len(raw) != 33 or raw[:1] != NOTE_ED25519 or told != found:
        raise ValueError(f"LMS_LOG_VKEY is no verifier key of a note; it is “{vkey}”")
    return raw[1:]
