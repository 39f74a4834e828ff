"""Joins the parts of an upload and reads the whole once: is it what was sent, and by which name is it known?"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lms.adapters.multipart import Part
from lms.adapters.objects import Store
from lms.adapters.sandbox import Cancelled, ignore, never
from lms.domain.errors import NotFound

CHANGED = "upload_changed"


@dataclass(frozen=True)
class SentPart:
    """A part as the store has it, and the SHA-256 that the sender told of it."""

    part: Part
    sha256: str | None


@dataclass(frozen=True)
class Arriving:
    """An upload whose parts are all there."""

    key: str
    ref: str
    size: int
    sha256: str | None
    parts: Sequence[SentPart]


@dataclass(frozen=True)
class Received:
    """The whole lies in the store; this is the SHA-256 of it."""

    sha256: str


@dataclass(frozen=True)
class NotReceived:
    """What arrived is not what was sent."""

    code: str


def receive(
    store: Store,
    arriving: Arriving,
    *,
    on_progress: Callable[[float], None] = ignore,
    cancelled: Callable[[], bool] = never,
) -> Received | NotReceived:
    """Join, read, compare. Doing it again is harmless. Raises Unavailable and sandbox.Cancelled."""
    try:
        store.finish(arriving.key, arriving.ref, [sent.part for sent in arriving.parts])
    except NotFound:
        return NotReceived(CHANGED)
    whole, done = hashlib.sha256(), 0
    with store.open(arriving.key) as body:
        pieces = _Pieces(iter(body))
        for sent in arriving.parts:
            part = hashlib.sha256()
            for chunk in pieces.take(sent.part.size):
                if cancelled():
                    raise Cancelled
                whole.update(chunk)
                part.update(chunk)
                done += len(chunk)
                on_progress(done / arriving.size)
            if not _same(part, sent.sha256):
                return NotReceived(CHANGED)
        rest = any(pieces.take(1))
    if rest or done != arriving.size or not _same(whole, arriving.sha256):
        return NotReceived(CHANGED)
    return Received(whole.hexdigest())


def _same(found: Any, told: str | None) -> bool:
    """Nobody has to tell a hash; one that is told must be right."""
    return told is None or told == found.hexdigest()


class _Pieces:
    """Cuts a stream of chunks at the ends of the parts."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = b""

    def take(self, size: int) -> Iterator[bytes]:
        """At most `size` bytes, in chunks."""
        while size > 0:
            chunk = self._left or next(self._chunks, b"")
            if not chunk:
                return
            yielded, self._left = chunk[:size], chunk[size:]
            size -= len(yielded)
            yield yielded


def forget(
    store: Store,
    *,
    keys: Sequence[str],
    prefixes: Sequence[str],
    uploads: Sequence[Sequence[str]],
    cancelled: Callable[[], bool] = never,
) -> None:
    """Delete objects, all below some prefixes, and uploads (key, ref) that will not be finished."""
    for key, ref in uploads:
        store.abandon(key, ref)
    for key in (*keys, *(found for prefix in prefixes for found in store.list(prefix))):
        if cancelled():
            raise Cancelled
        store.delete(key)
