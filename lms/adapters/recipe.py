"""How a ladder is encoded: the one ffmpeg command, written down with ffmpeg-python."""

from pathlib import Path
from typing import Any

import ffmpeg as graphs

from lms.adapters.ffmpeg import address, guards
from lms.adapters.hls import INIT, PLAYLIST, SEGMENT_SECONDS
from lms.adapters.ladder import AUDIO_KBPS, Step
from lms.adapters.probe import Probe
from lms.adapters.sprite import FOLDER, Thumbs

SAMPLE_RATE = 44_100
AUDIO = "audio"
LEAST_PIXELS = 640 * 480  # decoders of old phones' films want a wide edge around small pictures


def ladder_graph(path: Path, probe: Probe, chosen: tuple[Step, ...], thumbs: Thumbs) -> Any:
    """The whole work as one graph: each picture is decoded once and each sound encoded once.

    The small pictures of the preview leave as one stream more, of few frames.

    The tee muxer shares the one sound track among all variants; sound stays inside each variant because the
    light build of hls.js knows no separate sound tracks.
    """
    source = graphs.input(address(path), **guards(probe.demuxer, max(2 * probe.pixels, LEAST_PIXELS)))
    options = {
        "t": _seconds(probe),
        "map_metadata": -1,
        "map_chapters": -1,
        **_video_options(chosen),
        **_thumb_options(len(chosen)),
        **_audio_options(),
    }
    pictures, sound = _pictures(source, probe, chosen, thumbs), _sound(source, probe)
    return graphs.output(*pictures, sound, _tee(chosen), f="tee", **options)


def _pictures(source: Any, probe: Probe, chosen: tuple[Step, ...], thumbs: Thumbs) -> list[Any]:
    """One stream a step, scaled from the largest step, not from a 4K original; the last picture stays to the end.

    Small pictures are taken at their moment (round up), so that the first comes at once: the muxer waits for it.
    """
    top = chosen[-1]
    steady = (
        source["V:0"]
        .filter("fps", top.fps, start_time=0)
        .filter("scale", top.width, top.height)
        .filter("format", "yuv420p")
        .filter("tpad", stop_duration=_seconds(probe), stop_mode="clone")
        .filter_multi_output("split", len(chosen) + 1)
    )
    streams = [
        steady[number].filter("fps", step.fps).filter("scale", step.width, step.height).filter("setsar", 1)
        for number, step in enumerate(chosen)
    ]
    small = steady[len(chosen)].filter("fps", f"1/{thumbs.every_seconds}", start_time=0, round="up")
    small = small.filter("scale", thumbs.width, thumbs.height).filter("setsar", 1).filter("format", "yuvj420p")
    return [*streams, small]


def _seconds(probe: Probe) -> str:
    return f"{probe.duration_ms / 1000:.3f}"


def _sound(source: Any, probe: Probe) -> Any:
    """Mono, steady, as long as the pictures; silence where there is none: players stall on a missing track.

    How loud it gets is told at the end (volumedetect), so that a silent video can be noticed.
    """
    if not probe.has_audio:
        return graphs.input(f"anullsrc=r={SAMPLE_RATE}:cl=mono", f="lavfi")["a:0"]
    steady = source["a:0"].filter("aresample", SAMPLE_RATE, first_pts=0, **{"async": 1})
    mono = steady.filter("aformat", channel_layouts="mono").filter("volumedetect")
    return mono.filter("apad", whole_dur=_seconds(probe))


def _video_options(chosen: tuple[Step, ...]) -> dict[str, Any]:
    """H.264 main without B-frames: cheap for old phones, and each segment starts at its own first picture."""
    options: dict[str, Any] = {}
    for number, step in enumerate(chosen):
        kbps = step.rung.video_kbps
        options |= {
            f"c:v:{number}": "libx264",
            f"flags:v:{number}": "+global_header",
            f"preset:v:{number}": "veryfast",
            f"profile:v:{number}": "main",
            f"bf:v:{number}": 0,
            f"crf:v:{number}": 25,
            f"sc_threshold:v:{number}": 0,
            f"maxrate:v:{number}": f"{kbps}k",
            f"bufsize:v:{number}": f"{kbps // 2}k",
            f"g:v:{number}": step.fps * SEGMENT_SECONDS,
            f"keyint_min:v:{number}": step.fps * SEGMENT_SECONDS,
        }
    return options


def _thumb_options(number: int) -> dict[str, Any]:
    return {f"c:v:{number}": "mjpeg", f"q:v:{number}": 5}


def _audio_options() -> dict[str, Any]:
    return {"c:a": "aac", "flags:a": "+global_header", "b:a": f"{AUDIO_KBPS}k", "ar": SAMPLE_RATE, "ac": 1}


def _tee(chosen: tuple[Step, ...]) -> str:
    """Where each variant goes, relative to the work folder, in the language of the tee muxer."""
    shared = {
        "f": "hls",
        "hls_time": SEGMENT_SECONDS,
        "hls_playlist_type": "vod",
        "hls_segment_type": "fmp4",
        "hls_flags": "independent_segments",
        "hls_list_size": 0,
        "hls_fmp4_init_filename": INIT,
    }
    settings = ":".join(f"{name}={value}" for name, value in shared.items())
    places = [(f"'v:{number},a'", step.rung.name) for number, step in enumerate(chosen)]
    variants = [
        rf"[select={tracks}:{settings}:hls_segment_filename={name}/%05d.m4s]{name}/{PLAYLIST}"
        for tracks, name in [*places, ("a", AUDIO)]
    ]
    small = f"[select='v:{len(chosen)}':f=image2]{FOLDER}/%05d.jpg"
    return "|".join([*variants, small]).replace("'", r"\'")
