"""Pictures and papers of a package: named by lessons, known by their bytes, never trusted by their names."""

import hashlib
import re

from lms.authoring.problems import Notes
from lms.domain.courses import Asset

FOLDER = "assets/"
MOST_ASSET_BYTES = 5_000_000
PICTURES = frozenset({"image/png", "image/jpeg", "image/webp"})
PAPER = "application/pdf"

_NAME = re.compile(r"assets/[a-z0-9]+(?:[-_][a-z0-9]+)*\.(png|jpg|jpeg|webp|pdf)", re.ASCII)
_TYPES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp", "pdf": PAPER}
_STARTS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF", PAPER: b"%PDF-"}


def is_asset(path: str) -> bool:
    """Whether a path of a package names a picture or a paper."""
    return _NAME.fullmatch(path) is not None


def type_of(path: str) -> str:
    """The content type that the name of an asset promises."""
    return _TYPES[path.rpartition(".")[2]]


def sniffed(data: bytes) -> str:
    """The content type that the first bytes tell; "" for everything a course has no use for."""
    for kind, start in _STARTS.items():
        if data.startswith(start) and (kind != "image/webp" or data[8:12] == b"WEBP"):
            return kind
    return ""


def asset_of(data: bytes | None, notes: Notes) -> Asset | None:
    """What the bytes of the file the notes are about are; None if they are not what its name says, which is noted."""
    path = notes.path
    if data is None:
        return None
    if sniffed(data) != type_of(path):
        notes.add(1, "asset_other_type", path=path)
        return None
    return Asset(path, hashlib.sha256(data).hexdigest(), type_of(path), len(data))
