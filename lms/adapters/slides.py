"""Draws a slide: few words, large, calm; readable when 960 pixels become the 360 of a small phone."""

from collections.abc import Iterator
from typing import Protocol

from PIL import Image, ImageDraw

from lms.adapters.fonts import font

WIDTH, HEIGHT = 960, 540
PAPER, INK, TEAL, ACCENT, QUIET = "#fbf8f3", "#1f2d2d", "#0f5c5c", "#e0803a", "#6b7675"
MARGIN = 64
TITLE_SIZES = (64, 60, 56, 52)
POINT_SIZES = (48, 46, 44, 42, 40, 36, 32, 28)  # below 40 only for more text than the course rules allow
SMALL = 22
FOOT = HEIGHT - 52
INDENT = 44
LABEL = "示例视频 · 合成语音"
NEVER_FIRST = "，。！？；：、）》”’…,.!?;:)"


class Slide(Protocol):
    """What is drawn, and the paragraphs spoken over it."""

    @property
    def title(self) -> str: ...

    @property
    def points(self) -> tuple[str, ...]: ...

    @property
    def narration(self) -> tuple[str, ...]: ...


def draw(slide: Slide, lesson: str, number: int, count: int) -> Image.Image:
    """Slide `number` of `count` of the lesson called `lesson`."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 14, HEIGHT), TEAL)
    bottom = _draw_title(pen, slide)
    _draw_points(pen, slide.points, bottom + 34)
    _draw_foot(pen, lesson, f"{number} / {count}")
    return picture


def _draw_title(pen: ImageDraw.ImageDraw, slide: Slide) -> int:
    """A slide without points is all title, in the middle. Returns where the title ends."""
    size, rows = _fitted(slide.title, TITLE_SIZES, WIDTH - 2 * MARGIN, 2)
    row_height = round(size * 1.3)
    top = 44 if slide.points else (FOOT - row_height * len(rows)) // 2 - 20
    for place, row in enumerate(rows):
        pen.text((MARGIN, top + place * row_height), row, TEAL, font(size), stroke_width=1)
    bottom = top + len(rows) * row_height + 14
    pen.rounded_rectangle((MARGIN, bottom, MARGIN + 88, bottom + 8), 4, ACCENT)
    return bottom + 8


def _draw_points(pen: ImageDraw.ImageDraw, points: tuple[str, ...], top: int) -> None:
    if not points:
        return
    size, blocks = _fitting_points(points, FOOT - 16 - top)
    row_height = round(size * 1.3)
    spare = FOOT - 16 - top - sum(len(rows) for rows in blocks) * row_height
    gap = max(6, min(24, spare // len(blocks)))
    for rows in blocks:
        middle = top + row_height * 0.58
        pen.ellipse((MARGIN + 2, middle - 8, MARGIN + 18, middle + 8), ACCENT)
        for row in rows:
            pen.text((MARGIN + INDENT, top), row, INK, font(size))
            top += row_height
        top += gap


def _fitting_points(points: tuple[str, ...], room: int) -> tuple[int, list[list[str]]]:
    """The largest size at which all points fit; the smallest one even if they do not."""
    for size in POINT_SIZES:
        blocks = [_rows(point, size, WIDTH - 2 * MARGIN - INDENT) for point in points]
        if sum(len(rows) for rows in blocks) * round(size * 1.3) + 6 * len(blocks) <= room:
            break
    return size, blocks


def _fitted(text: str, sizes: tuple[int, ...], width: int, most_rows: int) -> tuple[int, list[str]]:
    for size in sizes:
        rows = _rows(text, size, width)
        if len(rows) == 1 or (size == sizes[-1] and len(rows) <= most_rows):
            break
    return size, rows


def _rows(text: str, size: int, width: int) -> list[str]:
    return list(_wrapped(text, size, width))


def _wrapped(text: str, size: int, width: int) -> Iterator[str]:
    """Break anywhere, as Chinese is, but never leave punctuation to begin a row."""
    row = ""
    for sign in _printable(text):
        if row and sign not in NEVER_FIRST and font(size).getlength(row + sign) > width:
            yield row
            row = ""
        row += sign
    yield row


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())


def _draw_foot(pen: ImageDraw.ImageDraw, lesson: str, place: str) -> None:
    small = font(SMALL)
    right = WIDTH - MARGIN
    pen.line((MARGIN, FOOT, right, FOOT), "#e2dbcf", 2)
    told = f"{LABEL}    {place}"
    told_width = small.getlength(told)
    pen.text((right - told_width, FOOT + 10), told, QUIET, small)
    pen.text((MARGIN, FOOT + 10), _shortened(lesson, right - MARGIN - told_width - 40), QUIET, small)


def _shortened(text: str, width: float) -> str:
    small, text = font(SMALL), _printable(text)
    if small.getlength(text) <= width:
        return text
    while text and small.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"
