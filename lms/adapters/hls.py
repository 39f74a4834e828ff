"""HTTP Live Streaming (RFC 8216): reads the encoder's playlists, writes the master, publishes the whole."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lms.adapters.objects import Store
from lms.adapters.sandbox import Cancelled, never

SEGMENT_SECONDS = 4
MASTER = "master.m3u8"
PLAYLIST = "index.m3u8"
INIT = "init.mp4"
TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".vtt": "text/vtt",
}


@dataclass(frozen=True)
class Segment:
    """One piece of one size."""

    name: str
    seconds: float
    size_bytes: int

    @property
    def bits_per_second(self) -> float:
        """How fast a connection must be to keep up with it."""
        return self.size_bytes * 8 / self.seconds


@dataclass(frozen=True)
class Variant:
    """One size of a video, or its sound alone (no width, height, fps)."""

    name: str
    segments: tuple[Segment, ...]
    codecs: str
    width: int | None = None
    height: int | None = None
    fps: int | None = None

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return sum(segment.seconds for segment in self.segments)

    @property
    def peak_bps(self) -> int:
        """BANDWIDTH. A last segment shorter than half the target says nothing about the connection needed."""
        whole = [piece for piece in self.segments if piece.seconds >= SEGMENT_SECONDS / 2]
        return math.ceil(max(piece.bits_per_second for piece in whole or self.segments))

    @property
    def average_bps(self) -> int:
        """AVERAGE-BANDWIDTH."""
        return math.ceil(sum(piece.size_bytes for piece in self.segments) * 8 / self.seconds)


def read_variant(
    folder: Path, name: str, width: int | None = None, height: int | None = None, fps: int | None = None
) -> Variant:
    """What the encoder left in `folder`/`name`. Raises OSError where a file is missing."""
    place = folder / name
    segments: list[Segment] = []
    seconds = 0.0
    for line in (place / PLAYLIST).read_text().splitlines():
        if line.startswith("#EXTINF:"):
            seconds = float(line.removeprefix("#EXTINF:").split(",")[0])
        elif line and not line.startswith("#"):
            segments.append(Segment(line, seconds, (place / line).stat().st_size))
    codecs = _codecs((place / INIT).read_bytes())
    return Variant(name, tuple(segments), codecs, width, height, fps)


def _codecs(init: bytes) -> str:
    """RFC 6381 names: profile, compatibility, level of the avcC record (ISO/IEC 14496-15); sound is AAC-LC."""
    record = init.find(b"avcC")
    if record < 0:
        return "mp4a.40.2"
    return f"avc1.{init[record + 5 : record + 8].hex()},mp4a.40.2"


def master_playlist(variants: tuple[Variant, ...]) -> str:
    """The list a player chooses from. Players begin with the first, so the weakest comes first."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for variant in variants:
        lines += [f"#EXT-X-STREAM-INF:{_attributes(variant)}", f"{variant.name}/{PLAYLIST}"]
    return "\n".join(lines) + "\n"


def _attributes(variant: Variant) -> str:
    told = [
        f"BANDWIDTH={variant.peak_bps}",
        f"AVERAGE-BANDWIDTH={variant.average_bps}",
        f'CODECS="{variant.codecs}"',
    ]
    if variant.width:
        told += [f"RESOLUTION={variant.width}x{variant.height}", f"FRAME-RATE={variant.fps}.000"]
    return ",".join(told)


def publish(folder: Path, store: Store, prefix: str, cancelled: Callable[[], bool] = never) -> int:
    """Copy a finished folder into the store under `prefix`; return its size in bytes.

    Pieces go first, the master last: whoever finds the master finds everything. Doing it again is harmless.
    Raises Cancelled between two files, and what the store raises.
    """
    total = 0
    for path in sorted(folder.rglob("*"), key=_turn):
        if path.is_file():
            if cancelled():
                raise Cancelled
            key = f"{prefix}/{path.relative_to(folder).as_posix()}"
            store.put_file(key, path, TYPES[path.suffix])
            total += path.stat().st_size
    return total


def _turn(path: Path) -> tuple[bool, bool, str]:
    return path.name == MASTER, path.suffix == ".m3u8", str(path)
