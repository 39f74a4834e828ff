"""Makes a video, whether from an upload or from slides: probed, transcoded, put into the store as one set.

A set lies under the number of its attempt, so that nothing half-made is ever found in the place of another.
"""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lms.adapters import hls
from lms.adapters.ffmpeg import find_ffmpeg
from lms.adapters.objects import Store
from lms.adapters.probe import MediaLimits, probe
from lms.adapters.sandbox import Cancelled, ignore, never
from lms.adapters.slideshow import make_slideshow
from lms.adapters.video import transcode
from lms.adapters.voices import EspeakVoice
from lms.domain.captions import write_webvtt
from lms.domain.courses import Slide
from lms.domain.errors import Conflict, Refused, Unavailable

CAPTIONS = "captions.vtt"
FOLDER = "kangxue"
SLIDES_SHARE, ENCODED_SHARE = 0.4, 0.95
USUAL = MediaLimits()


@dataclass(frozen=True)
class Made:
    """A complete set in the store, not yet shown to anybody."""

    prefix: str
    duration_ms: int
    size_bytes: int
    has_captions: bool
    width: int | None = None
    height: int | None = None
    has_sound: bool | None = None


@dataclass(frozen=True)
class NotMade:
    """The material will never become a video, however often it is tried."""

    code: str
    values: Mapping[str, Any]


def make(
    store: Store,
    ffmpeg: str | None,
    payload: Mapping[str, Any],
    fence: int,
    *,
    limits: MediaLimits = USUAL,
    on_progress: Callable[[float], None] = ignore,
    cancelled: Callable[[], bool] = never,
) -> Made | NotMade:
    """Makes the set of attempt number `fence`, from `slides` and `lesson` or the upload at `original_key`.

    Raises Unavailable where a part we rest on is missing (worth another try) and sandbox.Cancelled.
    """
    media_id = str(payload["media_id"])
    prefix = f"media/{media_id}/{fence}"
    _forget_older_sets(store, media_id, fence)
    _forget_older_folders(media_id, fence)
    try:
        with tempfile.TemporaryDirectory(prefix=f"{FOLDER}-{media_id}-{fence}-") as name:
            work = _Work(store, find_ffmpeg(ffmpeg), payload, prefix, Path(name), limits)
            return _make(work, on_progress, cancelled)
    except (Conflict, Cancelled):
        _forget_set(store, prefix)
        raise
    except Unavailable:
        raise
    except Refused as refused:
        return NotMade(refused.code, refused.values)


@dataclass(frozen=True)
class _Work:
    """What one attempt is about."""

    store: Store
    ffmpeg: Path
    payload: Mapping[str, Any]
    prefix: str
    folder: Path
    limits: MediaLimits


def _make(work: _Work, on_progress: Callable[[float], None], cancelled: Callable[[], bool]) -> Made:
    original, captions = work.folder / "original", ""
    begun = SLIDES_SHARE if "slides" in work.payload else 0.0
    if "slides" in work.payload:
        captions = _film(work.payload, original, work.ffmpeg, lambda done: on_progress(done * begun), cancelled)
    else:
        _fetch(work.store, str(work.payload["original_key"]), original, cancelled)
    found = probe(original, work.limits, work.ffmpeg, cancelled)
    made = transcode(
        original,
        work.folder / "set",
        found,
        ffmpeg=work.ffmpeg,
        on_progress=lambda done: on_progress(begun + done * (ENCODED_SHARE - begun)),
        cancelled=cancelled,
    )
    if captions:
        (made.folder / CAPTIONS).write_text(captions, encoding="utf-8")
    size_bytes = hls.publish(made.folder, work.store, work.prefix, cancelled)
    return Made(
        work.prefix,
        made.duration_ms,
        size_bytes,
        bool(captions),
        width=found.width,
        height=found.height,
        has_sound=made.has_sound,
    )


def _film(
    payload: Mapping[str, Any],
    path: Path,
    ffmpeg: Path,
    on_progress: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> str:
    slides = [Slide(told["title"], tuple(told["points"]), tuple(told["narration"])) for told in payload["slides"]]
    cues = make_slideshow(
        slides,
        path,
        EspeakVoice(),
        lesson=str(payload["lesson"]),
        ffmpeg=ffmpeg,
        on_progress=on_progress,
        cancelled=cancelled,
    )
    return write_webvtt(cues)


def _fetch(store: Store, key: str, path: Path, cancelled: Callable[[], bool]) -> None:
    with store.open(key) as body, path.open("wb") as file:
        for chunk in body:
            if cancelled():
                raise Cancelled
            file.write(chunk)


def _forget_set(store: Store, prefix: str) -> None:
    """What a cancelled attempt had already put into the store."""
    for key in store.list(f"{prefix}/"):
        store.delete(key)


def _forget_older_sets(store: Store, media_id: str, fence: int) -> None:
    """Deletes what earlier attempts left half-made; never what a later one makes while we were asleep."""
    for key in store.list(f"media/{media_id}/"):
        if _is_older(key.split("/")[2], fence):
            store.delete(key)


def _forget_older_folders(media_id: str, fence: int) -> None:
    """A worker that was killed could not tidy up."""
    start = f"{FOLDER}-{media_id}-"
    for folder in Path(tempfile.gettempdir()).glob(f"{start}*"):
        if _is_older(folder.name.removeprefix(start).partition("-")[0], fence):
            shutil.rmtree(folder, ignore_errors=True)


def _is_older(attempt: str, fence: int) -> bool:
    return attempt.isdigit() and int(attempt) < fence
