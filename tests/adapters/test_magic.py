"""The first look at an upload."""

import struct
from pathlib import Path

import pytest

from lms.adapters.magic import sniff
from lms.domain.errors import Refused


def box(kind: bytes, size: int, claimed: int | None = None) -> bytes:
    return struct.pack(">I4s", claimed or size, kind) + bytes(size - 8)


def wide_box(kind: bytes, size: int) -> bytes:
    return struct.pack(">I4sQ", 1, kind, size) + bytes(size - 16)


FTYP = box(b"ftyp", 24)
WHOLE = FTYP + box(b"moov", 100) + box(b"mdat", 400)


@pytest.mark.parametrize(
    ("content", "demuxer"),
    [
        (WHOLE, "mov"),
        (FTYP + box(b"mdat", 400) + box(b"moov", 100), "mov"),
        (box(b"moov", 100) + box(b"mdat", 400), "mov"),
        (FTYP + box(b"moov", 100) + wide_box(b"mdat", 400), "mov"),
        (FTYP + box(b"moov", 100) + struct.pack(">I4s", 0, b"mdat") + bytes(50), "mov"),
        (WHOLE + b"\xff" * 30, "mov"),
        (WHOLE + b"xyz", "mov"),
        (b"\x1aE\xdf\xa3" + bytes(40), "matroska"),
        (b"RIFF\x24\0\0\0AVI LIST" + bytes(40), "avi"),
        ((b"\x47" + bytes(187)) * 5, "mpegts"),
        ((b"\0\0\0\x01\x47" + bytes(187)) * 5, "mpegts"),
    ],
)
def test_what_is_a_video_file(tmp_path: Path, content: bytes, demuxer: str) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)
    assert sniff(path) == demuxer


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "media_not_a_video"),
        (b"\0", "media_not_a_video"),
        (b"just text", "media_not_a_video"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "media_not_a_video"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "media_not_a_video"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "media_not_a_video"),
        (b"\x47" + bytes(187) + b"\x47" + bytes(187), "media_not_a_video"),
        (b"G" * 100, "media_not_a_video"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" + bytes(40), "media_container"),
        (b"FLV\x01\x05" + bytes(40), "media_container"),
        (b".RMF\0\0\0\x12" + bytes(40), "media_container"),
        (b"\0\0\x01\xba" + bytes(40), "media_container"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "media_playlist"),
        (b"\xef\xbb\xbf\n #EXTM3U\n", "media_playlist"),
        (b"ffconcat version 1.0\nfile x\n", "media_playlist"),
        (WHOLE[:-1], "media_truncated"),
        (FTYP, "media_truncated"),
        (FTYP + box(b"mdat", 400), "media_truncated"),
        (FTYP + box(b"mdat", 400, claimed=4000) + box(b"moov", 100), "media_truncated"),
        (FTYP + box(b"moov", 100, claimed=3), "media_truncated"),
    ],
)
def test_what_is_not(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "upload.mp4"
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        sniff(path)
    assert refused.value.code == code
