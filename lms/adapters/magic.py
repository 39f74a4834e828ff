"""Looks at the first bytes of an upload before any decoder does: is it what it should be, and is it all there?"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lms.domain.errors import Refused

PLAYLISTS = (b"#EXTM3U", b"ffconcat", b"[playlist]", b"<?xml", b"<MPD")
MATROSKA = b"\x1aE\xdf\xa3"
FIRST_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")
CONTENT_BOXES = (b"moov", b"mdat", b"moof")
MOST_BOXES = 100_000
TS_PACKETS = ((0, 188), (4, 192))  # broadcast, and camcorders (M2TS), which put a clock before each packet
OTHER_FILMS = (
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "WMV"),
    (b"FLV\x01", "FLV"),
    (b".RMF", "RMVB"),
    (b"\x00\x00\x01\xba", "MPG"),
)
PAPERS = (
    (b"%PDF-", "pdf", "application/pdf"),
    (b"\xff\xd8\xff", "jpg", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png", "image/png"),
)


@dataclass(frozen=True)
class Paper:
    """A scanned or photographed paper: the ending of its name, and how it is served."""

    ending: str
    content_type: str


def paper(content: bytes) -> Paper:
    """What kind of paper an upload is, by its first bytes; Refused("attachment_kind") for anything else."""
    for start, ending, content_type in PAPERS:
        if content.startswith(start):
            return Paper(ending, content_type)
    raise Refused("attachment_kind")


def sniff(path: Path) -> str:
    """The demuxer a file wants: "mov" (MP4, MOV, 3GP), "matroska" (MKV, WebM), "avi" or "mpegts" (TS, MTS).

    Raises Refused: media_playlist, media_truncated, media_container, media_not_a_video.
    """
    with path.open("rb") as file:
        head = file.read(1024)
        if head.startswith(MATROSKA):
            return "matroska"
        if head[4:8] in FIRST_BOXES:
            _check_boxes(file)
            return "mov"
        if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
            return "avi"
    if _is_transport_stream(head):
        return "mpegts"
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(PLAYLISTS):
        raise Refused("media_playlist")
    for start, name in OTHER_FILMS:
        if head.startswith(start):
            raise Refused("media_container", container=name)
    raise Refused("media_not_a_video")


def _is_transport_stream(head: bytes) -> bool:
    """Five packets in a row begin with the sync byte (ISO/IEC 13818-1)."""
    return any(
        len(head) > start + 4 * step and all(head[start + step * number] == 0x47 for number in range(5))
        for start, step in TS_PACKETS
    )


def _check_boxes(file: BinaryIO) -> None:
    """An upload that broke off ends inside its pictures, or never got to its index (moov)."""
    length = file.seek(0, 2)
    kinds = set()
    for kind, end in _boxes(file, length):
        kinds.add(kind)
        if kind in CONTENT_BOXES and end > length:
            raise Refused("media_truncated")
    if b"moov" not in kinds:
        raise Refused("media_truncated")


def _boxes(file: BinaryIO, length: int) -> Iterator[tuple[bytes, int]]:
    """Kind and end of each top-level box (ISO/IEC 14496-12, 4.2); stops at whatever is not one."""
    place = 0
    for _ in range(MOST_BOXES):
        file.seek(place)
        head = file.read(16)
        if len(head) < 8:
            return
        size, kind = struct.unpack(">I4s", head[:8])
        if size == 1 and len(head) == 16:
            size = struct.unpack(">Q", head[8:])[0]
        if size == 0:
            size = length - place
        if size < 8 or not kind.isascii():
            return
        place += size
        yield kind, place
