"""Data Integrity proofs by the cryptosuite eddsa-rdfc-2022 (W3C vc-di-eddsa 1.0, 3.2): Ed25519 over canonical RDF."""

import hashlib
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lms.adapters.linked_data import NotLinkedData, canonical

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
MULTICODEC_ED25519 = b"\xed\x01"
FIXED = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofPurpose": "assertionMethod"}
PARTS = {*FIXED, "created", "verificationMethod", "proofValue"}


class NotGenuine(Exception):
    """The document is not as its issuer signed it, or another signed it."""


def base58(data: bytes) -> str:
    """Base58 in Bitcoin's alphabet, with the multibase sign `z`."""
    number, signs = int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, 58)
        signs = ALPHABET[rest] + signs
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + signs


def from_base58(text: str) -> bytes:
    """The bytes again; ValueError for anything that `base58` does not write."""
    if text[:1] != "z" or not set(text[1:]) <= set(ALPHABET):
        raise ValueError("this is no base58btc multibase")
    number = 0
    for sign in text[1:]:
        number = number * 58 + ALPHABET.index(sign)
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def multikey(public: bytes) -> str:
    """An Ed25519 public key as `publicKeyMultibase`."""
    return base58(MULTICODEC_ED25519 + public)


def sign(document: Mapping[str, Any], key: Ed25519PrivateKey, method: str, created: str) -> dict[str, Any]:
    """The document with its proof. `method`: full name of the key; `created`: dateTimeStamp."""
    proof = {**FIXED, "created": created, "verificationMethod": method}
    return {**document, "proof": [{**proof, "proofValue": base58(key.sign(_hashes(document, proof)))}]}


def _hashes(document: Mapping[str, Any], proof: Mapping[str, Any]) -> bytes:
    told = canonical({"@context": document["@context"], **proof}), canonical(dict(document))
    return b"".join(hashlib.sha256(each).digest() for each in told)


def verify(signed: Mapping[str, Any], keys: Mapping[str, bytes]) -> dict[str, Any]:
    """The document without its proof, if one of `keys` (full name → raw public key) signed it; else NotGenuine."""
    document = dict(signed)
    proof = _proof_of(document.pop("proof", None))
    public = keys.get(proof["verificationMethod"])
    if public is None:
        raise NotGenuine("signed under a key that is not the issuer's")
    try:
        value = from_base58(proof.pop("proofValue"))
        Ed25519PublicKey.from_public_bytes(public).verify(value, _hashes(document, proof))
    except InvalidSignature:
        raise NotGenuine("the signature does not fit") from None
    except (NotLinkedData, ValueError, KeyError) as problem:
        raise NotGenuine(f"unreadable: {problem}") from None
    return document


def _proof_of(told: object) -> dict[str, str]:
    """The one proof, whole and with nothing added: what is not signed must not stand there."""
    proof = told[0] if isinstance(told, list) and len(told) == 1 else told
    if not isinstance(proof, dict) or set(proof) != PARTS:
        raise NotGenuine("there must be one proof with its six parts")
    if any(not isinstance(each, str) for each in proof.values()) or any(proof[key] != FIXED[key] for key in FIXED):
        raise NotGenuine("the proof is of another kind")
    return dict(proof)
