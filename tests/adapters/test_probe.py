"""Which uploads come in, and as what; which do not, and why."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lms.adapters.probe import MediaLimits, probe
from lms.adapters.sandbox import Bounds, Cancelled
from lms.domain.errors import Refused

Clips = Callable[..., Path]

PICTURES = ("-f", "lavfi", "-i", "testsrc2=s=320x240:r=10:d=3")
SOUND = ("-f", "lavfi", "-i", "sine=d=3")
H264 = ("-c:v", "libx264", "-preset", "ultrafast")
WEBM = ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libvorbis")

GOOD = {
    "plain.mp4": ((*PICTURES, *SOUND, *H264), (320, 240), "aac"),
    "mute.mp4": ((*PICTURES, *H264), (320, 240), None),
    "phone.mov": ((*PICTURES, *SOUND, *H264, "-c:a", "pcm_s16le"), (320, 240), "pcm_s16le"),
    "old.3gp": ((*PICTURES, *SOUND, "-s", "352x288", "-c:v", "h263", "-c:a", "aac"), (384, 288), "aac"),
    "screen.mkv": ((*PICTURES, *SOUND, *H264, "-c:a", "flac"), (320, 240), "flac"),
    "browser.webm": ((*PICTURES, *SOUND, *WEBM, "-live", "1", "-f", "matroska"), (320, 240), "vorbis"),
    "wide pixels.mkv": ((*PICTURES, *H264, "-vf", "setsar=16/15"), (341, 240), None),
    "narrow pixels.mkv": ((*PICTURES, *H264, "-vf", "setsar=1/2"), (160, 240), None),
    "uneven.mkv": ((*PICTURES, *H264, "-vf", "select='lt(t,1)+not(mod(n,5))'", "-fps_mode", "vfr"), (320, 240), None),
    "-odd ;name|.mp4": ((*PICTURES, *H264), (320, 240), None),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_comes_in(clips: Clips, ffmpeg: Path, name: str) -> None:
    arguments, size, sound = GOOD[name]
    found = probe(clips(name, *arguments), MediaLimits(), ffmpeg)
    assert (found.width, found.height) == size
    assert found.audio_codec == sound
    assert found.has_audio == (sound is not None)
    assert found.duration_ms == pytest.approx(2_600 if name == "uneven.mkv" else 3_000, abs=100)


def test_the_frame_rate_is_the_real_average(clips: Clips, ffmpeg: Path) -> None:
    for name, fps in (("plain.mp4", 10), ("uneven.mkv", 14 / 2.6)):
        found = probe(clips(name, *GOOD[name][0]), MediaLimits(), ffmpeg)
        assert found.fps == pytest.approx(fps, abs=0.1)


def test_a_phone_held_upright(clips: Clips, ffmpeg: Path) -> None:
    plain = clips("plain.mp4", *GOOD["plain.mp4"][0])
    turned = clips("turned.mp4", "-display_rotation", "90", "-i", str(plain), "-c", "copy")
    found = probe(turned, MediaLimits(), ffmpeg)
    assert (found.width, found.height, found.rotation) == (240, 320, 90)


LARGE = ("-f", "lavfi", "-i", "color=s=4098x2400:r=2:d=1", *H264)
FAST = ("-f", "lavfi", "-i", "testsrc2=s=64x64:r=240:d=1", *H264)
TINY = ("-f", "lavfi", "-i", "testsrc2=s=16x16:r=10:d=2", *H264)
BRIEF = ("-f", "lavfi", "-i", "testsrc2=s=64x64:r=10:d=0.2", *H264)
MANY = (*PICTURES, *SOUND, "-map", "0", *("-map", "1") * 13, *H264)


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("sound.m4a", (*SOUND, "-c:a", "aac"), "media_without_picture"),
        ("large.mp4", LARGE, "media_frame_too_big"),
        ("tiny.mp4", TINY, "media_frame_too_small"),
        ("fast.mp4", FAST, "media_frame_rate"),
        ("brief.mp4", BRIEF, "media_too_short"),
        ("many.mkv", MANY, "media_too_many_tracks"),
        ("strange.mkv", (*PICTURES, "-c:v", "ffv1"), "media_codec"),
        ("strange sound.mkv", (*PICTURES, *SOUND, *H264, "-c:a", "wmav2"), "media_codec"),
        ("song.mp3", SOUND, "media_not_a_video"),
        ("film.flv", (*PICTURES, *H264), "media_container"),
        ("film.wmv", (*PICTURES, "-c:v", "wmv2"), "media_container"),
        ("film.mpg", (*PICTURES, "-c:v", "mpeg2video", "-r", "25", "-f", "vob"), "media_container"),
        ("picture.png", ("-f", "lavfi", "-i", "testsrc2=s=64x64", "-frames:v", "1"), "media_not_a_video"),
    ],
)
def test_what_does_not(clips: Clips, ffmpeg: Path, name: str, arguments: tuple[str, ...], code: str) -> None:
    with pytest.raises(Refused) as refused:
        probe(clips(name, *arguments), MediaLimits(), ffmpeg)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (MediaLimits(max_bytes=10_000), "media_too_large"),
        (MediaLimits(max_duration_ms=2_000), "media_too_long"),
        (MediaLimits(max_pixels=320 * 239), "media_frame_too_big"),
        (MediaLimits(max_fps=9), "media_frame_rate"),
        (MediaLimits(max_tracks=1), "media_too_many_tracks"),
        (MediaLimits(bounds=Bounds(wall_seconds=0)), "media_took_too_long"),
    ],
)
def test_limits(clips: Clips, ffmpeg: Path, limits: MediaLimits, code: str) -> None:
    plain = clips("plain.mp4", *GOOD["plain.mp4"][0])
    with pytest.raises(Refused) as refused:
        probe(plain, limits, ffmpeg)
    assert refused.value.code == code


def test_a_limit_itself_is_allowed(clips: Clips, ffmpeg: Path) -> None:
    plain = clips("plain.mp4", *GOOD["plain.mp4"][0])
    known = probe(plain, MediaLimits(), ffmpeg)
    exactly = MediaLimits(
        max_bytes=plain.stat().st_size,
        max_duration_ms=known.duration_ms,
        max_pixels=320 * 240,
        max_fps=10,
        max_tracks=2,
    )
    assert probe(plain, exactly, ffmpeg) == known
    with pytest.raises(Refused):
        probe(plain, replace(exactly, max_duration_ms=known.duration_ms - 1), ffmpeg)


def broken(whole: bytes, kind: str) -> bytes:
    """Ways in which an upload arrives damaged."""
    if kind == "noise":
        pictures = whole.index(b"mdat") + 4
        return whole[:pictures] + random.Random(7).randbytes(len(whole) - pictures)
    return whole[: len(whole) * 6 // 10]


@pytest.mark.parametrize(
    ("name", "arguments", "kind", "codes"),
    [
        ("index first.mp4", ("-movflags", "+faststart"), "cut", {"media_truncated"}),
        ("index last.mp4", (), "cut", {"media_truncated"}),
        ("cut.mkv", ("-g", "5"), "cut", {"media_truncated"}),
        ("noise.mp4", ("-movflags", "+faststart"), "noise", {"media_unreadable", "media_truncated"}),
    ],
)
def test_damage(
    clips: Clips, ffmpeg: Path, tmp_path: Path, name: str, arguments: tuple[str, ...], kind: str, codes: set[str]
) -> None:
    source = ("-f", "lavfi", "-i", "testsrc2=s=320x240:r=10:d=12")
    path = tmp_path / name
    path.write_bytes(broken(clips(f"whole {name}", *source, *H264, *arguments).read_bytes(), kind))
    with pytest.raises(Refused) as refused:
        probe(path, MediaLimits(), ffmpeg)
    assert refused.value.code in codes


def test_a_container_of_noise(ffmpeg: Path, tmp_path: Path) -> None:
    path = tmp_path / "noise.mkv"
    path.write_bytes(b"\x1aE\xdf\xa3" + random.Random(7).randbytes(3_000))
    with pytest.raises(Refused) as refused:
        probe(path, MediaLimits(), ffmpeg)
    assert refused.value.code == "media_unreadable"


def test_it_can_be_cancelled(clips: Clips, ffmpeg: Path) -> None:
    with pytest.raises(Cancelled):
        probe(clips("plain.mp4", *GOOD["plain.mp4"][0]), MediaLimits(), ffmpeg, cancelled=lambda: True)
