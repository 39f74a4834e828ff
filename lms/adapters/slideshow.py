"""Makes a video lesson out of slides and a voice: a plain MP4, which then goes the way of every upload."""

import tempfile
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg as graphs

from lms.adapters import sandbox
from lms.adapters.ffmpeg import Progress, run_graph
from lms.adapters.narration import Voice, cues, phrases
from lms.adapters.sandbox import Bounds
from lms.adapters.slides import Slide, draw
from lms.domain.captions import Cue

FPS = 2
FRAME_MS = 1000 // FPS
LEAD_IN_MS = 500
LEAD_OUT_MS = 700
SHORTEST_SLIDE_MS = 3_000
VOICE_SHARE = 0.5


@dataclass(frozen=True)
class Recording:
    """The sound of one slide: mono, 16 bit."""

    rate: int
    samples: bytes
    length_ms: int


def make_slideshow(
    slides: Sequence[Slide],
    path: Path,
    voice: Voice,
    *,
    lesson: str,
    ffmpeg: Path,
    on_progress: Callable[[float], None] = sandbox.ignore,
    cancelled: Callable[[], bool] = sandbox.never,
) -> list[Cue]:
    """Write the MP4 `path` (complete or not at all) of one slide or more, and return its captions. `lesson` is the
    title in the footer.

    Raises what `voice` raises, sandbox.Cancelled and sandbox.CommandFailed.
    """
    told = Progress(1, on_progress)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as name:
        work = Path(name)
        captions, lengths_ms = _read_aloud(slides, work, voice, told, cancelled)
        for number, slide in enumerate(slides, start=1):
            draw(slide, lesson, number, len(slides)).save(work / f"{number}.png", compress_level=1)
        _write_list(work / "slides.txt", lengths_ms)
        _film(ffmpeg, work, sum(lengths_ms), told, cancelled)
        (work / "film.mp4").rename(path)
    told.tell(1.0)
    return captions


def _read_aloud(
    slides: Sequence[Slide],
    work: Path,
    voice: Voice,
    told: Progress,
    cancelled: Callable[[], bool],
) -> tuple[list[Cue], list[int]]:
    """Record all slides into sound.wav; return the captions and how long each slide stands."""
    captions: list[Cue] = []
    recordings: list[Recording] = []
    for number, slide in enumerate(slides, start=1):
        said = phrases(slide.narration)
        place = work / f"{number}.wav"
        spans = voice.record(said, place, cancelled)
        offset_ms = sum(recording.length_ms for recording in recordings) + LEAD_IN_MS
        captions += cues(said, spans, offset_ms)
        recordings.append(_padded(place))
        told.tell(VOICE_SHARE * number / len(slides))
    with wave.open(str(work / "sound.wav"), "wb") as sound:
        sound.setparams((1, 2, recordings[0].rate, 0, "NONE", ""))
        for recording in recordings:
            sound.writeframes(recording.samples)
    return captions, [recording.length_ms for recording in recordings]


def _padded(path: Path) -> Recording:
    """A recording with silence around it, up to a whole picture."""
    with wave.open(str(path), "rb") as heard:
        rate, spoken = heard.getframerate(), heard.readframes(heard.getnframes())
    spoken_ms = len(spoken) * 500 // rate
    wanted_ms = max(LEAD_IN_MS + spoken_ms + LEAD_OUT_MS, SHORTEST_SLIDE_MS)
    length_ms = -(-wanted_ms // FRAME_MS) * FRAME_MS
    before = bytes(2 * (rate * LEAD_IN_MS // 1000))
    return Recording(rate, (before + spoken).ljust(2 * (rate * length_ms // 1000), b"\0"), length_ms)


def _write_list(path: Path, lengths_ms: Sequence[int]) -> None:
    """What the concat demuxer reads. It ignores the length of the last picture, which is therefore named twice."""
    rows = ["ffconcat version 1.0"]
    for number, length_ms in enumerate(lengths_ms, start=1):
        rows += [f"file {number}.png", f"duration {length_ms / 1000:.3f}"]
    path.write_text("\n".join([*rows, f"file {len(lengths_ms)}.png", ""]))


def _film(ffmpeg: Path, work: Path, length_ms: int, told: Progress, cancelled: Callable[[], bool]) -> None:
    pictures: Any = graphs.input("slides.txt", f="concat")
    sound = graphs.input("sound.wav")
    steady = pictures.filter("fps", FPS).filter("format", "yuv420p")
    options = {"c:v": "libx264", "preset": "veryfast", "tune": "stillimage", "crf": 18, "c:a": "aac", "b:a": "96k"}
    film = graphs.output(steady, sound, "film.mp4", t=f"{length_ms / 1000:.3f}", **options)
    progress = Progress(length_ms, lambda fraction: told.tell(VOICE_SHARE + (0.99 - VOICE_SHARE) * fraction))
    bounds = Bounds(wall_seconds=120 + length_ms // 1000, cpu_seconds=120 + length_ms // 500)
    run_graph(ffmpeg, film, folder=work, bounds=bounds, on_line=progress.read, cancelled=cancelled)
