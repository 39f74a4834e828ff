"""Small pictures of a video on one sheet, and the WebVTT file that says where each of them stands."""

import math
import shutil
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from lms.domain.captions import time_words

SHEET, INDEX = "sprite.jpg", "sprite.vtt"
FOLDER = "thumbs"
LONG_SIDE = 160
COLUMNS = 10
MOST = 60
SHORTEST_SECONDS = 2
QUALITY = 60


@dataclass(frozen=True)
class Thumbs:
    """How the small pictures are taken: their size, and one every so many seconds."""

    width: int
    height: int
    every_seconds: int


def thumbs_of(width: int, height: int, duration_ms: int) -> Thumbs:
    """Small pictures of a video of this size and length: 60 at most, none taken more often than every 2 seconds."""
    factor = min(1.0, LONG_SIDE / max(width, height))
    every = max(SHORTEST_SECONDS, math.ceil(duration_ms / 1000 / MOST))
    return Thumbs(_even(width * factor), _even(height * factor), every)


def _even(side: float) -> int:
    return max(2, round(side / 2) * 2)


def write_sheet(work: Path, thumbs: Thumbs, duration_ms: int) -> None:
    """Join the pictures in `work`/thumbs to one sheet with its index; the folder goes. Raises OSError."""
    pictures = sorted((work / FOLDER).glob("*.jpg"))[:MOST]
    columns = min(COLUMNS, max(len(pictures), 1))
    sheet = Image.new("RGB", (columns * thumbs.width, max(1, -(-len(pictures) // columns)) * thumbs.height))
    for number, path in enumerate(pictures):
        with Image.open(path) as picture:
            sheet.paste(picture, _corner(number, columns, thumbs))
    sheet.save(work / SHEET, quality=QUALITY, optimize=True)
    (work / INDEX).write_text(_index(len(pictures), columns, thumbs, duration_ms))
    shutil.rmtree(work / FOLDER)


def _corner(number: int, columns: int, thumbs: Thumbs) -> tuple[int, int]:
    return number % columns * thumbs.width, number // columns * thumbs.height


def _index(count: int, columns: int, thumbs: Thumbs, duration_ms: int) -> str:
    """Media fragments (W3C) in WebVTT cues, as players know them."""
    blocks = ["WEBVTT"]
    step_ms = thumbs.every_seconds * 1000
    for number in range(count):
        x, y = _corner(number, columns, thumbs)
        end_ms = max(duration_ms, number * step_ms + 1) if number == count - 1 else (number + 1) * step_ms
        times = f"{time_words(number * step_ms)} --> {time_words(end_ms)}"
        blocks.append(f"{times}\n{SHEET}#xywh={x},{y},{thumbs.width},{thumbs.height}")
    return "\n\n".join(blocks) + "\n"
