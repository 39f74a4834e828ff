"""Turns one video into what phones play: a ladder of sizes, the sound alone, pictures of it. One decode for all."""

import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg as graphs

from lms.adapters import sandbox
from lms.adapters.ffmpeg import Progress, run_graph
from lms.adapters.hls import INIT, MASTER, Variant, master_playlist, read_variant
from lms.adapters.ladder import PHONE_LADDER, Rung, Step, steps
from lms.adapters.probe import Probe
from lms.adapters.recipe import AUDIO, ladder_graph
from lms.adapters.sandbox import Bounds, CommandFailed, CommandTimedOut, Complaints
from lms.adapters.sprite import FOLDER, thumbs_of, write_sheet
from lms.domain.errors import Refused

POSTER = "poster.jpg"
POSTER_AT_SECONDS = 3.0
HEARD_DB = -50.0  # quieter than that at its loudest, nobody hears anything
LOUDEST = re.compile(r"max_volume: (-?\d+(?:\.\d+)?) dB")
POSTER_BOUNDS = Bounds(wall_seconds=60, cpu_seconds=60, file_bytes=16 * 1024**2)


@dataclass(frozen=True)
class Renditions:
    """A finished folder: master.m3u8, one folder a variant, audio/, poster.jpg, sprite.jpg, sprite.vtt."""

    folder: Path
    duration_ms: int
    variants: tuple[Variant, ...]
    has_sound: bool


def transcode(
    path: Path,
    into: Path,
    probe: Probe,
    *,
    ffmpeg: Path,
    ladder: tuple[Rung, ...] = PHONE_LADDER,
    bounds: Bounds | None = None,
    on_progress: Callable[[float], None] = sandbox.ignore,
    cancelled: Callable[[], bool] = sandbox.never,
) -> Renditions:
    """Make all of `into` from `path`, or nothing: work goes on beside it and is renamed when complete.

    `probe` must be of this very file. `on_progress` gets fractions that only grow, 1.0 at the end. Raises
    Refused("media_took_too_long" | "media_unreadable") and sandbox.Cancelled.
    """
    progress = Progress(probe.duration_ms, on_progress)
    with tempfile.TemporaryDirectory(dir=into.parent, prefix=f".{into.name}-") as name:
        work = Path(name) / "work"
        chosen = steps(ladder, probe.width, probe.height, probe.fps)
        for part in (*(step.rung.name for step in chosen), AUDIO, FOLDER):
            (work / part).mkdir(parents=True)
        thumbs = thumbs_of(chosen[-1].width, chosen[-1].height, probe.duration_ms)
        graph = ladder_graph(path, probe, chosen, thumbs)
        said = _run(ffmpeg, graph, work, bounds or bounds_for(probe.duration_ms), progress.read, cancelled)
        variants = _variants(work, chosen, probe.duration_ms)
        write_sheet(work, thumbs, probe.duration_ms)
        _draw_poster(ffmpeg, work, variants[len(chosen) - 1])
        (work / MASTER).write_text(master_playlist(variants))
        shutil.rmtree(into, ignore_errors=True)
        work.rename(into)
    progress.tell(1.0)
    return Renditions(into, probe.duration_ms, variants, probe.has_audio and _is_heard(said))


def bounds_for(duration_ms: int) -> Bounds:
    """Room for a slow machine; a run that needs more has hung."""
    seconds = duration_ms // 1000
    return Bounds(wall_seconds=300 + 6 * seconds, cpu_seconds=600 + 24 * seconds, file_bytes=64 * 1024**2)


def _run(
    ffmpeg: Path,
    graph: Any,
    work: Path,
    bounds: Bounds,
    on_line: Callable[[str], None] = sandbox.ignore,
    cancelled: Callable[[], bool] = sandbox.never,
) -> Complaints:
    try:
        return run_graph(ffmpeg, graph, folder=work, bounds=bounds, on_line=on_line, cancelled=cancelled)
    except CommandTimedOut as error:
        raise Refused("media_took_too_long") from error
    except CommandFailed as error:
        raise Refused("media_unreadable") from error


def _is_heard(said: Complaints) -> bool:
    """What the filter told last; without a word from it, nothing is claimed to be silent."""
    told = LOUDEST.findall(said.tail) or LOUDEST.findall(said.head)
    return not told or float(told[-1]) > HEARD_DB


def _draw_poster(ffmpeg: Path, work: Path, largest: Variant) -> None:
    """A picture out of the first segment. Not a third output of the great run: ffmpeg 7.0 hangs on that."""
    alone = work / "first.mp4"
    parts = (INIT, largest.segments[0].name)
    alone.write_bytes(b"".join((work / largest.name / part).read_bytes() for part in parts))
    at_seconds = min(POSTER_AT_SECONDS, largest.seconds / 2)
    picture = graphs.input(alone.name, ss=at_seconds)["v:0"].filter("format", "yuvj420p")
    still = {"frames:v": 1, "q:v": 5, "update": 1, "map_metadata": -1}
    _run(ffmpeg, graphs.output(picture, POSTER, f="image2", **still), work, POSTER_BOUNDS)
    alone.unlink()


def _variants(work: Path, chosen: tuple[Step, ...], duration_ms: int) -> tuple[Variant, ...]:
    """Read back what was written; an encoder that stopped early and called it success is not believed."""
    try:
        pictures = [read_variant(work, step.rung.name, step.width, step.height, step.fps) for step in chosen]
        variants = (*pictures, read_variant(work, AUDIO))
    except OSError as error:
        raise Refused("media_unreadable") from error
    if any(abs(variant.seconds * 1000 - duration_ms) > 1_000 for variant in variants):
        raise Refused("media_unreadable")
    return variants
