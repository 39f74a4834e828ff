"""Films as people really have them: containers, codecs, held upright or upside down, uneven, mute, odd, too short.

One row a film: how ffmpeg makes it, and either what phones get (upright size, length, sound) or why it is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from lms.adapters.probe import MediaLimits, probe
from lms.adapters.video import Renditions, transcode
from lms.domain.errors import Refused
from tests.adapters.test_video import listed, played

Clips = Callable[..., Path]


def picture(size: str = "160x120", rate: str = "12", seconds: float = 1.5) -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate}:d={seconds}")


TONE = ("-f", "lavfi", "-i", "sine=d=1.5")
STEREO = (*TONE, "-ac", "2")
SILENCE = ("-f", "lavfi", "-i", "anullsrc=r=44100:cl=mono", "-t", "1.5")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:pools=1")
VP8 = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8")
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8")
AAC = ("-c:a", "aac")


@dataclass(frozen=True)
class Good:
    """A film that becomes a video."""

    arguments: tuple[str, ...]
    size: tuple[int, int] = (160, 120)
    seconds: float = 1.5
    heard: bool = True


GOOD = {
    "phone.mp4": Good((*picture(), *STEREO, *H264, *AAC)),
    "index last.mp4": Good((*picture(), *TONE, *H264, *AAC, "-movflags", "0")),
    "fragmented.mp4": Good((*picture(), *TONE, *H264, *AAC, "-movflags", "frag_keyframe+empty_moov")),
    "hevc.mp4": Good((*picture(), *TONE, *HEVC, "-tag:v", "hvc1", *AAC)),
    "apple.mov": Good((*picture(), *TONE, *H264, "-c:a", "pcm_s16le")),
    "mpeg4.mp4": Good((*picture(), *TONE, "-c:v", "mpeg4", *AAC)),
    "screen.mkv": Good((*picture("320x240"), *TONE, *H264, "-c:a", "flac"), (320, 240)),
    "recorder.webm": Good((*picture(), *TONE, *VP8, "-c:a", "libvorbis")),
    "meeting.webm": Good((*picture(), *TONE, *VP9, "-c:a", "libopus")),
    "camera.avi": Good((*picture(), *TONE, "-c:v", "mjpeg", "-q:v", "5", "-pix_fmt", "yuvj420p", "-c:a", "pcm_u8")),
    "old computer.avi": Good((*picture(), *TONE, "-c:v", "mpeg4", "-vtag", "XVID", "-c:a", "libmp3lame")),
    "old phone.3gp": Good((*picture("176x144"), *TONE, "-c:v", "h263", *AAC), (192, 144)),
    "television.ts": Good((*picture(), *TONE, *H264, *AAC)),
    "camcorder.mts": Good((*picture(), *STEREO, *H264, "-c:a", "ac3", "-mpegts_m2ts_mode", "1", "-f", "mpegts")),
    "disc.ts": Good((*picture(rate="25"), *STEREO, "-c:v", "mpeg2video", "-c:a", "mp2")),
    "surround.mkv": Good((*picture(), *TONE, "-ac", "6", *H264, "-c:a", "ac3")),
    "low tone.mp4": Good((*picture(), *TONE, "-ar", "8000", "-ac", "1", *H264, *AAC)),
    "no sound track.mp4": Good((*picture(), *H264), heard=False),
    "silence.mp4": Good((*picture(), *SILENCE, *H264, *AAC), heard=False),
    "odd size.mkv": Good((*picture("161x121"), *TONE, "-c:v", "libx264", "-pix_fmt", "yuv444p", *AAC), (160, 120)),
    "wide pixels.mkv": Good((*picture(), *TONE, *H264, "-vf", "setsar=4/3", *AAC), (212, 120)),
    "uneven.mkv": Good(
        (*picture(rate="30"), *TONE, *H264, "-vf", "select='not(mod(n,5))+lt(t,0.5)'", "-fps_mode", "vfr", *AAC)
    ),
    "half a second.mp4": Good((*picture(seconds=0.6), *H264), seconds=0.6, heard=False),
    "ten bits.mkv": Good((*picture(), *TONE, *HEVC, "-pix_fmt", "yuv420p10le", *AAC)),
    "sound begins late.mp4": Good((*picture(), "-itsoffset", "0.4", *TONE, *H264, *AAC, "-t", "1.5")),
    "60 a second.mp4": Good((*picture(rate="60"), *TONE, *H264, *AAC)),
}
TURNED = {90: (120, 160), 180: (160, 120), 270: (120, 160)}


def whole(path: Path, into: Path, ffmpeg: Path) -> Renditions:
    """What phones get, checked as far as every film has to be alike."""
    made = transcode(path, into, probe(path, MediaLimits(), ffmpeg), ffmpeg=ffmpeg)
    uris = [entry.uri for entry in listed(made.folder)]
    assert uris[-1] == "audio/index.m3u8"
    for uri in uris:
        complaints, _ = played(ffmpeg, made.folder / uri)
        assert complaints == ""
    for name in ("poster.jpg", "sprite.jpg", "sprite.vtt"):
        assert (made.folder / name).stat().st_size > 0
    return made


@pytest.mark.parametrize("name", GOOD)
def test_films_that_become_videos(clips: Clips, ffmpeg: Path, tmp_path: Path, name: str) -> None:
    told = GOOD[name]
    made = whole(clips(name, *told.arguments), tmp_path / "out", ffmpeg)
    assert (made.variants[0].width, made.variants[0].height) == told.size
    assert made.duration_ms == pytest.approx(told.seconds * 1000, abs=120)
    assert made.has_sound is told.heard


@pytest.mark.parametrize("degrees", TURNED)
def test_however_a_phone_is_held(clips: Clips, ffmpeg: Path, tmp_path: Path, degrees: int) -> None:
    flat = clips("flat.mp4", *picture(), *TONE, *H264, *AAC)
    turned = clips(f"turned {degrees}.mp4", "-display_rotation", str(degrees), "-i", str(flat), "-c", "copy")
    made = whole(turned, tmp_path / "out", ffmpeg)
    assert (made.variants[0].width, made.variants[0].height) == TURNED[degrees]


REFUSED = {
    "a song.mp3": (TONE, "media_not_a_video"),
    "only sound.mp4": ((*TONE, *AAC), "media_without_picture"),
    "a blink.mp4": ((*picture(seconds=0.2), *H264), "media_too_short"),
    "a stamp.mp4": ((*picture("16x16"), *H264), "media_frame_too_small"),
    "windows.wmv": ((*picture(), "-c:v", "wmv2"), "media_container"),
    "flash.flv": ((*picture(), *H264), "media_container"),
    "lossless.mkv": ((*picture(), "-c:v", "ffv1"), "media_codec"),
    "moving.gif": (picture(), "media_not_a_video"),
    "words.srt": (("-f", "lavfi", "-i", "sine=d=1", "-f", "ffmetadata"), "media_not_a_video"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_are_refused_and_why(clips: Clips, ffmpeg: Path, name: str) -> None:
    arguments, code = REFUSED[name]
    with pytest.raises(Refused) as refused:
        probe(clips(name, *arguments), MediaLimits(), ffmpeg)
    assert refused.value.code == code


def test_there_are_enough_of_them() -> None:
    assert len(GOOD) + len(TURNED) >= 20
