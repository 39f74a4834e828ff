"""Reads what ffmpeg prints about its input: the tracks of a file, one line each."""

import re
from dataclasses import dataclass
from fractions import Fraction

DURATION = re.compile(r"^  Duration: (\d+):(\d\d):(\d\d)\.(\d\d),", re.MULTILINE)
TRACK = re.compile(r"^  Stream #0:\d+.*?: (Video|Audio|Subtitle|Data|Attachment): (\w+)(.*)$", re.MULTILINE)
SIZE = re.compile(r"\b([1-9]\d{0,5})x([1-9]\d{0,5})\b")  # no hexadecimal tag such as 0x0002
PIXEL_SHAPE = re.compile(r"\bSAR ([1-9]\d{0,5}):([1-9]\d{0,5})\b")
PACKETS = re.compile(r"Output stream #0:0 \(video\): (\d+) packets muxed")
TURNED = re.compile(r"display ?matrix: rotation of (-?\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Picture:
    """The first picture track, as stored."""

    codec: str
    width: int
    height: int
    pixel_shape: Fraction
    rotation: int

    @property
    def upright(self) -> tuple[int, int]:
        """Width and height on a screen: square pixels, turned as the phone was held."""
        width, height = round(self.width * self.pixel_shape), self.height
        return (height, width) if self.rotation % 180 else (width, height)


@dataclass(frozen=True)
class Tracks:
    """What is in a file. `declared_ms` is what its header claims, None where it claims nothing."""

    count: int
    declared_ms: int | None
    picture: Picture | None
    audio_codec: str | None


def read_tracks(said: str) -> Tracks:
    """Understand the beginning of what ffmpeg said. Cover art counts as a track, not as the picture.

    A file may put lies into its titles; what is believed here only decides what is refused early. ffmpeg itself
    is held by its own limits (pixels, time, memory).
    """
    about_input = re.split(r"^(?:Stream mapping:|Output #0)", said, maxsplit=1, flags=re.MULTILINE)[0]
    found = list(TRACK.finditer(about_input))
    pictures = [hit for hit in found if hit[1] == "Video" and "(attached pic)" not in hit[3]]
    sounds = [hit[2] for hit in found if hit[1] == "Audio"]
    return Tracks(
        count=len(found),
        declared_ms=_declared_ms(about_input),
        picture=_picture(about_input, pictures[0]) if pictures else None,
        audio_codec=sounds[0] if sounds else None,
    )


def packets(said: str) -> int:
    """How many pictures went through, from the end of what ffmpeg said (verbosely) about copying the first track."""
    counted = PACKETS.findall(said)
    return int(counted[-1]) if counted else 0


def _declared_ms(text: str) -> int | None:
    hit = DURATION.search(text)
    if hit is None:
        return None
    hours, minutes, seconds, hundredths = map(int, hit.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + hundredths * 10


def _picture(text: str, hit: re.Match[str]) -> Picture:
    """The size stands in the line of the track, its rotation in the lines before the next track."""
    details = text[hit.end() :].split("\n  Stream #", 1)[0]
    size, shape, turned = SIZE.search(hit[3]), PIXEL_SHAPE.search(hit[3]), TURNED.search(details)
    return Picture(
        codec=hit[2],
        width=int(size[1]) if size else 0,
        height=int(size[2]) if size else 0,
        pixel_shape=Fraction(int(shape[1]), int(shape[2])) if shape else Fraction(1),
        rotation=int(turned[1]) % 360 if turned else 0,
    )
