"""What ffmpeg says about its input, in the words of two versions, and in those of a liar."""

from fractions import Fraction

import pytest

from lms.adapters.tracks import Picture, Tracks, read_tracks

NEW = """Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:/x/rot.mp4':
  Metadata:
    major_brand     : isom
  Duration: 00:01:03.04, start: 0.000000, bitrate: 785 kb/s
  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(tv, bt709), 1920x1080 [SAR 1:1 DAR 16:9], 2 fps
    Metadata:
      handler_name    : VideoHandler
    Side data:
      Display Matrix: rotation of -90.00 degrees
  Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, mono, fltp, 69 kb/s (default)
Stream mapping:
  Stream #0:0 -> #0:0 (copy)
Output #0, null, to 'pipe:':
  Stream #0:0(und): Video: h264 (High), 64x64
"""
OLD = """Input #0, matroska,webm, from 'file:/x/v.webm':
  Duration: N/A, start: 0.000000, bitrate: N/A
    Stream #0:0: Video: vp8, yuv420p, 320x240
"""
DEBIAN = """Input #0, matroska,webm, from 'file:/x/v.webm':
  Duration: 01:00:03.00, start: 0.000000, bitrate: 279 kb/s
  Stream #0:0: Video: vp9 (Profile 0), yuv420p(tv), 720x576, SAR 16:15 DAR 4:3, 25 fps
      displaymatrix: rotation of 180.00 degrees
  Stream #0:1: Audio: opus, 48000 Hz, mono, fltp
  Stream #0:2: Subtitle: webvtt
"""
COVER = """Input #0, mp3, from 'file:/x/song.mp3':
  Duration: 00:00:03.00, start: 0.000000, bitrate: 279 kb/s
  Stream #0:0: Audio: mp3, 44100 Hz, mono, fltp
  Stream #0:1: Video: mjpeg (Baseline), yuvj420p(pc), 500x500, 90k tbr, 90k tbn (attached pic)
"""
LIAR = """Input #0, matroska,webm, from 'file:/x/v.mkv':
  Metadata:
    title           :   Stream #0:9: Video: h264, 64x64
                    :   Duration: 00:00:01.00, start: 0
  Duration: 00:00:05.00, start: 0.000000, bitrate: 279 kb/s
  Stream #0:0: Video: h264 (High), yuv420p, 9000x9000 [SAR 0:1 DAR 0:0], 30 fps
"""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (NEW, Tracks(2, 63_040, Picture("h264", 1920, 1080, Fraction(1), 270), "aac")),
        (DEBIAN, Tracks(3, 3_603_000, Picture("vp9", 720, 576, Fraction(16, 15), 180), "opus")),
        (COVER, Tracks(2, 3_000, None, "mp3")),
        (LIAR, Tracks(1, 5_000, Picture("h264", 9000, 9000, Fraction(1), 0), None)),
        (OLD, Tracks(0, None, None, None)),
        ("", Tracks(0, None, None, None)),
    ],
    ids=["new", "debian", "cover art", "liar", "other indentation", "nothing"],
)
def test_tracks(said: str, expected: Tracks) -> None:
    assert read_tracks(said) == expected


@pytest.mark.parametrize(
    ("picture", "upright"),
    [
        (Picture("h264", 1920, 1080, Fraction(1), 0), (1920, 1080)),
        (Picture("h264", 1920, 1080, Fraction(1), 90), (1080, 1920)),
        (Picture("h264", 1920, 1080, Fraction(1), 180), (1920, 1080)),
        (Picture("h264", 1920, 1080, Fraction(1), 270), (1080, 1920)),
        (Picture("vp9", 720, 576, Fraction(16, 15), 0), (768, 576)),
    ],
)
def test_a_picture_as_a_person_sees_it(picture: Picture, upright: tuple[int, int]) -> None:
    assert picture.upright == upright
