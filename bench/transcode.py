"""How long our ladder takes beside a bare ffmpeg doing the same one: `.venv/bin/python -m bench.transcode`.

Both read the same film and run one after the other, in turn, at the same priority. Ours also probes the whole file,
listens for silence, draws poster and preview sheet, and writes the master; the bare command does none of that.
The goal is a ratio of 1.10 or less. On a machine with other work the processor's time tells more than the clock.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from lms.adapters.ffmpeg import find_ffmpeg
from lms.adapters.hls import SEGMENT_SECONDS
from lms.adapters.ladder import AUDIO_KBPS, PHONE_LADDER, Step, steps
from lms.adapters.probe import MediaLimits, probe
from lms.adapters.sandbox import Bounds
from lms.adapters.video import transcode

NICE = Bounds().nice
HLS = f"f=hls:hls_time={SEGMENT_SECONDS}:hls_playlist_type=vod:hls_segment_type=fmp4"


class Cost(NamedTuple):
    """What a run took, in seconds."""

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"{self.clock:.1f} s ({self.processor:.1f} s of processors)"


def main() -> None:
    """Prints both times of each round, and the ratio."""
    given = argparse.ArgumentParser()
    given.add_argument("--seconds", type=int, default=60)
    given.add_argument("--rounds", type=int, default=3)
    given.add_argument("--size", default="1280x720")
    wanted = given.parse_args()
    ffmpeg = find_ffmpeg()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        film = _film(ffmpeg, folder / "film.mp4", wanted.seconds, wanted.size)
        known = probe(film, MediaLimits(), ffmpeg)
        chosen = steps(PHONE_LADDER, known.width, known.height, known.fps)
        rungs = ", ".join(f"{step.rung.name} {step.width}x{step.height}@{step.fps}" for step in chosen)
        print(f"{wanted.seconds} s of {wanted.size}, {ffmpeg.name}, {os.cpu_count()} cores; {rungs}, sound")
        told = [_round(ffmpeg, film, chosen, folder, number) for number in range(wanted.rounds)]
    ours, bare = zip(*told, strict=True)
    by_clock, by_processor = (_ratio(ours, bare, name) for name in Cost._fields)
    print(f"medians: ratio {by_clock:.2f} by the clock, {by_processor:.2f} by the processor")
    sys.exit(0 if by_clock <= 1.10 else 1)


def _ratio(ours: Sequence[Cost], bare: Sequence[Cost], name: str) -> float:
    one, other = (statistics.median(getattr(cost, name) for cost in costs) for costs in (ours, bare))
    return float(one / other)


def _film(ffmpeg: Path, path: Path, seconds: int, size: str) -> Path:
    """Moving pictures with noise, as a hand-held phone makes them, and a voice's worth of sound."""
    pictures = f"testsrc2=s={size}:r=30:d={seconds},noise=alls=12:allf=t"
    inputs = ["-f", "lavfi", "-i", pictures, "-f", "lavfi", "-i", f"sine=frequency=330:d={seconds}"]
    encoding = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "23", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run([str(ffmpeg), "-v", "error", "-y", *inputs, *encoding, str(path)], check=True)
    return path


def _round(ffmpeg: Path, film: Path, chosen: Sequence[Step], folder: Path, number: int) -> tuple[Cost, Cost]:
    def ours() -> None:
        transcode(film, folder / f"ours-{number}", probe(film, MediaLimits(), ffmpeg), ffmpeg=ffmpeg)

    def bare() -> None:
        _bare(ffmpeg, film, chosen, folder / f"bare-{number}")

    both: list[Callable[[], None]] = [ours, bare] if number % 2 == 0 else [bare, ours]
    taken = {each: _timed(each) for each in both}
    print(f"  round {number + 1}: ours {taken[ours]}; bare {taken[bare]}")
    return taken[ours], taken[bare]


def _timed(work: Callable[[], None]) -> Cost:
    began, before = time.monotonic(), _processor_seconds()
    work()
    return Cost(time.monotonic() - began, _processor_seconds() - before)


def _processor_seconds() -> float:
    """Of this process and of those it has waited for."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _bare(ffmpeg: Path, film: Path, chosen: Sequence[Step], into: Path) -> None:
    """One decode, one split, each picture and the sound encoded once: the best that can be written by hand."""
    top, count = chosen[-1], len(chosen)
    names = "".join(f"[s{place}]" for place in range(count))
    graph = [f"[0:v]fps={top.fps},scale={top.width}:{top.height},format=yuv420p,split={count}{names}"]
    graph += [
        f"[s{place}]fps={step.fps},scale={step.width}:{step.height}[v{place}]" for place, step in enumerate(chosen)
    ]
    command = ["nice", "-n", str(NICE), str(ffmpeg), "-v", "error", "-nostdin", "-i", str(film)]
    command += ["-filter_complex", ";".join(graph)]
    for place, step in enumerate(chosen):
        command += ["-map", f"[v{place}]", *_encoding(place, step)]
    command += ["-map", "0:a", "-c:a", "aac", "-b:a", f"{AUDIO_KBPS}k", "-ac", "1", "-ar", "44100"]
    outputs = [rf"[select=\'v:{place},a\':{HLS}]{_folder(into, step.rung.name)}" for place, step in enumerate(chosen)]
    outputs.append(f"[select=a:{HLS}]{_folder(into, 'audio')}")
    subprocess.run([*command, "-flags", "+global_header", "-f", "tee", "|".join(outputs)], check=True)


def _encoding(place: int, step: Step) -> list[str]:
    kbps, group = step.rung.video_kbps, str(step.fps * SEGMENT_SECONDS)
    told = {"c": "libx264", "preset": "veryfast", "profile": "main", "bf": "0", "crf": "25", "sc_threshold": "0"}
    told |= {"maxrate": f"{kbps}k", "bufsize": f"{kbps // 2}k", "g": group, "keyint_min": group}
    return [word for name, value in told.items() for word in (f"-{name}:v:{place}", value)]


def _folder(into: Path, name: str) -> str:
    (into / name).mkdir(parents=True)
    return f"{into / name}/index.m3u8"


if __name__ == "__main__":
    main()
