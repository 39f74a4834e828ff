"""What an uploaded video is, asked without trusting it; and whether it may come in."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg as graphs

from lms.adapters import sandbox
from lms.adapters.ffmpeg import AUDIO_CODECS, VIDEO_CODECS, address, guards, run_graph
from lms.adapters.magic import sniff
from lms.adapters.sandbox import Bounds, CommandFailed, CommandTimedOut, Complaints
from lms.adapters.tracks import Tracks, packets, read_tracks
from lms.domain.errors import Refused

MEGABYTE = 1024 * 1024
SHORTEST_MS = 500
SMALLEST_SIDE = 32
BELIEVED_MS = 500
PROBE_BOUNDS = Bounds(wall_seconds=120, cpu_seconds=120)


@dataclass(frozen=True)
class MediaLimits:
    """What may be uploaded."""

    max_bytes: int = 2048 * MEGABYTE
    max_duration_ms: int = 2 * 3600 * 1000
    max_pixels: int = 4096 * 2304
    max_fps: int = 130
    max_tracks: int = 12
    bounds: Bounds = PROBE_BOUNDS


@dataclass(frozen=True)
class Probe:
    """A video as a person sees it: upright, square pixels, its real length and average frame rate.

    `pixels` is the size of a picture as stored, which its decoder must be allowed.
    """

    demuxer: str
    duration_ms: int
    width: int
    height: int
    pixels: int
    fps: float
    video_codec: str
    audio_codec: str | None
    rotation: int

    @property
    def has_audio(self) -> bool:
        """Whether there is a sound track."""
        return self.audio_codec is not None


class Clock:
    """How long the longest track turned out to be when all of it was read."""

    def __init__(self) -> None:
        self.read_ms = 0

    def read(self, line: str) -> None:
        """Take one line of `-progress`; the latest time stays."""
        name, _, value = line.partition("=")
        if name == "out_time_us" and value.isdigit():
            self.read_ms = max(self.read_ms, int(value) // 1000)


def probe(path: Path, limits: MediaLimits, ffmpeg: Path, cancelled: Callable[[], bool] = sandbox.never) -> Probe:
    """What `path` holds. Reads all of it once, decodes next to nothing.

    Raises Refused when it may not come in (the codes are in the checks below and in magic.sniff), and
    sandbox.Cancelled.
    """
    if path.stat().st_size > limits.max_bytes:
        raise Refused("media_too_large", megabytes=limits.max_bytes // MEGABYTE)
    demuxer, clock = sniff(path), Clock()
    source = graphs.input(address(path), **guards(demuxer, limits.max_pixels))
    said = _read_through(source["V:0"], path.parent, limits, ffmpeg, clock, cancelled)
    tracks, frames = read_tracks(said.head), packets(said.tail)
    if tracks.audio_codec and _missing_ms(tracks, clock) > BELIEVED_MS:
        _read_through(source["a:0"], path.parent, limits, ffmpeg, clock, cancelled)
    return _checked(demuxer, tracks, frames, _real_ms(tracks, clock), limits)


def _read_through(
    track: Any,
    folder: Path,
    limits: MediaLimits,
    ffmpeg: Path,
    clock: Clock,
    cancelled: Callable[[], bool],
) -> Complaints:
    """Copy one track to nowhere; return what ffmpeg said about the file. One at a time, because ffmpeg 7 tells
    the time of the shortest, and ffmpeg 9 that of the longest."""
    nowhere = graphs.output(track, "-", c="copy", f="null", v="verbose")
    try:
        return run_graph(
            ffmpeg,
            nowhere,
            folder=folder,
            bounds=limits.bounds,
            on_line=clock.read,
            cancelled=cancelled,
        )
    except CommandTimedOut as error:
        raise Refused("media_took_too_long") from error
    except CommandFailed as error:
        tracks = read_tracks(error.complaints.head)
        if tracks.count and tracks.picture is None:
            raise Refused("media_without_picture") from error
        raise Refused("media_unreadable") from error


def _checked(demuxer: str, tracks: Tracks, frames: int, duration_ms: int, limits: MediaLimits) -> Probe:
    picture = tracks.picture
    if picture is None:
        raise Refused("media_without_picture")
    if tracks.count > limits.max_tracks:
        raise Refused("media_too_many_tracks", most=limits.max_tracks)
    for codec, known in ((picture.codec, VIDEO_CODECS), (tracks.audio_codec, AUDIO_CODECS)):
        if codec and codec not in known:
            raise Refused("media_codec", codec=codec)
    width, height = picture.upright
    _check_size(width, height, limits)
    _check_time(duration_ms, frames, limits)
    return Probe(
        demuxer=demuxer,
        duration_ms=duration_ms,
        width=width,
        height=height,
        pixels=picture.width * picture.height,
        fps=frames * 1000 / duration_ms,
        video_codec=picture.codec,
        audio_codec=tracks.audio_codec,
        rotation=picture.rotation,
    )


def _check_size(width: int, height: int, limits: MediaLimits) -> None:
    if width * height > limits.max_pixels:
        raise Refused("media_frame_too_big", width=width, height=height)
    if min(width, height) < SMALLEST_SIDE:
        raise Refused("media_frame_too_small", width=width, height=height)


def _check_time(duration_ms: int, frames: int, limits: MediaLimits) -> None:
    if duration_ms > limits.max_duration_ms:
        raise Refused("media_too_long", minutes=limits.max_duration_ms // 60_000)
    if frames == 0:
        raise Refused("media_unreadable")
    if duration_ms < SHORTEST_MS:
        raise Refused("media_too_short")
    if frames * 1000 > limits.max_fps * duration_ms:
        raise Refused("media_frame_rate", most=limits.max_fps)


def _missing_ms(tracks: Tracks, clock: Clock) -> int:
    """How much of what the header promises was not there."""
    return (tracks.declared_ms or 0) - clock.read_ms


def _real_ms(tracks: Tracks, clock: Clock) -> int:
    """The header is believed while the content bears it out; a file that ends long before is cut off."""
    missing_ms = _missing_ms(tracks, clock)
    if missing_ms > max(2_000, (tracks.declared_ms or 0) // 50):
        raise Refused("media_truncated")
    return clock.read_ms + (missing_ms if 0 < missing_ms <= BELIEVED_MS else 0)
