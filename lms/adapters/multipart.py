"""Objects that arrive in parts, in any order and as often as it takes: the words of S3, for every store."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

SMALLEST_PART_BYTES = 5 * 1024 * 1024  # S3 takes smaller ones only at the end


@dataclass(frozen=True)
class Part:
    """One part that has arrived, counted from 1. `etag` is the store's own name for its content."""

    number: int
    size: int
    etag: str


class PartStore(Protocol):
    """What a store promises about parts.

    `ref` is what `begin` answered. Every method raises NotFound("upload_not_found") for one that was finished or
    abandoned, except where it says otherwise, and Refused and Unavailable as those of `Store` do.
    """

    def begin(self, key: str, content_type: str) -> str:
        """Make ready for the parts of what will be `key`. Nothing is seen there before `finish`."""

    def put_part(self, key: str, ref: str, number: int, path: Path) -> str:
        """Keep a copy of `path` as one part, replacing what was there; return its etag."""

    def parts(self, key: str, ref: str) -> list[Part]:
        """The parts that have arrived, in order."""

    def part_link(self, key: str, ref: str, number: int, seconds: int) -> str | None:
        """An address to which the part can be PUT without asking us, for so long; None where there is none."""

    def finish(self, key: str, ref: str, parts: Sequence[Part]) -> None:
        """Join these parts, in order, to `key`: seen whole or not at all. Doing it again is harmless."""

    def abandon(self, key: str, ref: str) -> None:
        """Forget the parts; harmless when they are gone already."""
