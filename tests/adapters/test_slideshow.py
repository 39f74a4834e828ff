"""From slides to a lesson video that goes the way of every upload."""

import math
import subprocess
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from lms.adapters.narration import Phrase, Span
from lms.adapters.probe import MediaLimits, probe
from lms.adapters.sandbox import Cancelled
from lms.adapters.slides import ACCENT, MARGIN, draw
from lms.adapters.slideshow import FRAME_MS, LEAD_IN_MS, SHORTEST_SLIDE_MS, make_slideshow
from lms.adapters.video import transcode
from lms.adapters.voices import EspeakVoice
from lms.domain.captions import Cue


@dataclass(frozen=True)
class Page:
    title: str
    points: tuple[str, ...]
    narration: tuple[str, ...]


SLIDES = (
    Page("从一碗面说起", ("她不是撒谎", "她不是捣乱"), ("刚吃完面，她说没吃。她不是撒谎。",)),
    Page("停一停", (), ()),
    Page("三句话", ("先停", "再看", "慢慢说"), ("先停一停。", "再看一看，慢慢说。")),
)


class Metronome:
    """A voice of half a second for every phrase."""

    def record(self, phrases: Sequence[Phrase], into: Path, _cancelled: Callable[[], bool]) -> list[Span]:
        with wave.open(str(into), "wb") as out:
            out.setparams((1, 2, 16_000, 0, "NONE", ""))
            for _ in phrases:
                tone = (int(12_000 * math.sin(place / 8)) for place in range(8_000))
                out.writeframes(b"".join(sample.to_bytes(2, "little", signed=True) for sample in tone))
        return [Span(500 * place, 500 * place + 500) for place in range(len(phrases))]


def frame(ffmpeg: Path, film: Path, at_seconds: float, into: Path) -> Image.Image:
    command = [str(ffmpeg), "-v", "error", "-nostdin", "-y", "-ss", str(at_seconds), "-i", str(film)]
    subprocess.run([*command, "-frames:v", "1", str(into)], check=True)
    with Image.open(into) as picture:
        return picture.convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    histogram = ImageChops.difference(one, other).convert("L").histogram()
    return sum(value * count for value, count in enumerate(histogram)) / (one.width * one.height)


def test_each_slide_stands_while_it_is_spoken(ffmpeg: Path, tmp_path: Path) -> None:
    film = tmp_path / "lesson.mp4"
    told: list[float] = []
    captions = make_slideshow(SLIDES, film, Metronome(), lesson="课", ffmpeg=ffmpeg, on_progress=told.append)
    known = probe(film, MediaLimits(), ffmpeg)
    assert (known.width, known.height, known.fps, known.has_audio) == (960, 540, 2.0, True)
    assert known.duration_ms == 3 * SHORTEST_SLIDE_MS
    for number, slide in enumerate(SLIDES, start=1):
        for at_seconds in (3 * number - 2.9, 3 * number - 0.6):
            shown = frame(ffmpeg, film, at_seconds, tmp_path / "frame.png")
            assert difference(shown, draw(slide, "课", number, 3)) < 1.5
    assert captions == [
        Cue(LEAD_IN_MS, LEAD_IN_MS + 1_000, "刚吃完面，她说没吃"),
        Cue(LEAD_IN_MS + 1_000, LEAD_IN_MS + 1_500, "她不是撒谎"),
        Cue(6_000 + LEAD_IN_MS, 6_000 + LEAD_IN_MS + 500, "先停一停"),
        Cue(6_000 + LEAD_IN_MS + 500, 6_000 + LEAD_IN_MS + 1_500, "再看一看，慢慢说"),
    ]
    assert told == sorted(set(told))
    assert told[-1] == 1.0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["frame.png", "lesson.mp4"]


def test_a_lesson_with_its_voice_goes_the_way_of_an_upload(ffmpeg: Path, tmp_path: Path) -> None:
    film = tmp_path / "lesson.mp4"
    captions = make_slideshow(SLIDES, film, EspeakVoice(), lesson="课", ffmpeg=ffmpeg)
    known = probe(film, MediaLimits(), ffmpeg)
    assert known.duration_ms % FRAME_MS == 0
    assert captions[-1].end_ms < known.duration_ms
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(captions))
    done = transcode(film, tmp_path / "out", known, ffmpeg=ffmpeg)
    assert [variant.fps for variant in done.variants] == [2, 2, 2, None]
    assert done.variants[2].average_bps < 150_000
    with Image.open(done.folder / "poster.jpg") as poster:
        red, green, blue = poster.convert("RGB").getpixel((MARGIN + 44, 131))
    assert ACCENT == "#e0803a"
    assert red > 180
    assert red > green > blue


def test_cancelling_leaves_nothing(ffmpeg: Path, tmp_path: Path) -> None:
    for cancelled in (lambda: True, Countdown(4)):
        with pytest.raises(Cancelled):
            make_slideshow(
                SLIDES, tmp_path / "lesson.mp4", EspeakVoice(), lesson="课", ffmpeg=ffmpeg, cancelled=cancelled
            )
        assert list(tmp_path.iterdir()) == []


class Countdown:
    """Not cancelled the first so many times it is asked."""

    def __init__(self, times: int) -> None:
        self.times = times

    def __call__(self) -> bool:
        self.times -= 1
        return self.times < 0
