"""What every store promises: objects by key, in eight words, and six for those that arrive in parts."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from lms.adapters.multipart import PartStore
from lms.domain.errors import Refused

CHUNK_BYTES = 64 * 1024
LONGEST_KEY = 400
NAME = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
KEY = re.compile(rf"{NAME}(?:/{NAME})*")


def new_key(folder: str, ending: str) -> str:
    """A key that nobody can guess."""
    return f"{folder}/{secrets.token_hex(32)}.{ending}"


@dataclass(frozen=True)
class Stat:
    """What is known of an object without reading it. `etag` changes whenever the content does."""

    size: int
    content_type: str
    etag: str


class Readable(Protocol):
    """A file or a connection."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""

    def close(self) -> None:
        """Let go of it."""


class Body:
    """Some bytes of an object, in chunks. Close it (a WSGI server does), or use it in a `with`."""

    def __init__(self, source: Readable, size: int) -> None:
        self._source = source
        self._left = size

    def __iter__(self) -> Iterator[bytes]:
        while self._left and (chunk := self._source.read(min(CHUNK_BYTES, self._left))):
            self._left -= len(chunk)
            yield chunk

    def read(self) -> bytes:
        """All that is left."""
        return b"".join(self)

    def close(self) -> None:
        """Let go of the file or the connection."""
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Store(PartStore, Protocol):
    """Objects by key.

    Every method but `healthy` raises Refused("storage_key") for a key that is not plain, and
    Unavailable("storage_unavailable") when the place behind it does not answer.
    """

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        """Store a copy of `path`: seen whole or not at all, replacing what was there."""

    def put_bytes(self, key: str, content: bytes, content_type: str) -> None:
        """Store `content`: seen whole or not at all, replacing what was there."""

    def open(self, key: str, start: int = 0, end: int | None = None) -> Body:
        """The bytes [start, end), as far as they exist. Raises NotFound("media_not_found")."""

    def stat(self, key: str) -> Stat | None:
        """What is known of `key`, or None."""

    def list(self, prefix: str) -> Iterator[str]:
        """The keys that begin with `prefix` (a string, not a folder), in order."""

    def delete(self, key: str) -> None:
        """Forget `key`; deleting what is not there is no error."""

    def link(self, key: str, seconds: int) -> str | None:
        """An address that reads `key` without asking us, for so long; None where there is none."""

    def healthy(self) -> bool:
        """Whether it answers now, and can be written to as far as can be told. Never raises."""


def checked_key(key: str) -> str:
    """`key` itself; raises Refused("storage_key") for anything that could mean another place.

    Plain names joined by slashes: no empty, hidden or dotted part, no backslash, no control character.
    """
    if len(key) > LONGEST_KEY or KEY.fullmatch(key) is None:
        raise Refused("storage_key")
    return key
