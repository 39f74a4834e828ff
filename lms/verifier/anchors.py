"""Checkpoints that somebody kept outside: signed notes with size and root of the tree (C2SP tlog-checkpoint)."""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"


@dataclass(frozen=True)
class Anchor:
    """A checkpoint: where it came from, its size and root, and whether one of the known keys signed it."""

    name: str
    size: int
    root: str
    signed: bool


@dataclass(frozen=True)
class Key:
    """A verifier key: “name+hash+base64”, the hash binding name and key."""

    name: str
    hash: bytes
    public: Ed25519PublicKey


class BadAnchor(Exception):
    """A file that should hold a checkpoint or a key, and does not."""


def read_key(text: str) -> Key:
    """A verifier key in the form of a C2SP signed note."""
    name, _, rest = text.strip().partition("+")
    _shown, _, encoded = rest.partition("+")
    try:
        raw = base64.b64decode(encoded, validate=True)
        public = Ed25519PublicKey.from_public_bytes(raw[1:])
    except (binascii.Error, ValueError) as error:
        raise BadAnchor("the key is not “name+hash+base64”") from error
    if raw[:1] != ED25519:
        raise BadAnchor("the key is not an Ed25519 key")
    return Key(name, key_hash(name, raw[1:]), public)


def key_hash(name: str, public: bytes) -> bytes:
    """The first four bytes that a signature line names its key by."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def read_note(name: str, text: str, keys: Sequence[Key]) -> Anchor:
    """A checkpoint out of its signed note; BadAnchor where it cannot be one."""
    body, separator, signatures = text.partition("\n\n")
    lines = body.split("\n")
    if not separator or len(lines) < 3 or not lines[1].isascii() or not lines[1].isdigit():
        raise BadAnchor(f"{name}: not a checkpoint")
    try:
        root = base64.b64decode(lines[2], validate=True).hex()
    except binascii.Error as error:
        raise BadAnchor(f"{name}: its root is not base64") from error
    signed = any(_is_signed(f"{body}\n", line, keys) for line in signatures.splitlines())
    return Anchor(name, int(lines[1]), root, signed)


def _is_signed(body: str, line: str, keys: Sequence[Key]) -> bool:
    mark, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if mark != "—":
        return False
    try:
        raw = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return False
    for key in keys:
        if (key.name, key.hash) == (name, raw[:4]):
            try:
                key.public.verify(raw[4:], body.encode())
            except InvalidSignature:
                continue
            return True
    return False


def read_files(paths: Iterable[Path], keys: Sequence[Key]) -> list[Anchor]:
    """The checkpoints in these files and folders; keys (*.vkey) in a folder are left to `find_keys`."""
    return [read_note(path.name, path.read_text(), keys) for path in _files(paths) if path.suffix != ".vkey"]


def find_keys(paths: Iterable[Path]) -> list[Key]:
    """The verifier keys in these files and folders."""
    return [read_key(path.read_text()) for path in _files(paths) if path.suffix == ".vkey"]


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        found += sorted(each for each in path.iterdir() if each.is_file()) if path.is_dir() else [path]
    return found
