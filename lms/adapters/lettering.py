"""Words on PDF pages in two fonts: the one we draw with, and a second one for the rare characters that it lacks."""

import re
import threading
from collections.abc import Iterator
from functools import cache, lru_cache
from io import BytesIO
from itertools import groupby

from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from lms.adapters import fonts

PLAIN, RARE = "NotoSansSC", "HanaMin"
_cutting = threading.Lock()
LONG_CODE = re.compile(r"<([0-9A-F]{5,6})>")


@cache
def load_plain() -> None:
    """Makes the plain font known to reportlab, once a process."""
    pdfmetrics.registerFont(TTFont(PLAIN, BytesIO(fonts.truetype())))


@cache
def load() -> None:
    """Makes both fonts known to reportlab, once a process (half a second)."""
    load_plain()
    pdfmetrics.registerFont(TTFont(RARE, BytesIO(fonts.rare_truetype())))


@lru_cache(maxsize=16384)
def _font_of(sign: str) -> str:
    """The font that has the sign, "" when neither has."""
    load()
    for name in (PLAIN, RARE):
        if ord(sign) in pdfmetrics.getFont(name).face.charToGlyph:
            return name
    return ""


@lru_cache(maxsize=16384)
def _wide(sign: str) -> float:
    return float(pdfmetrics.stringWidth(sign, _font_of(sign) or PLAIN, 1))


def missing(text: str) -> str:
    """The signs of a text that cannot be drawn, each once, in their order."""
    return "".join(dict.fromkeys(sign for sign in text if not _font_of(sign)))


def width(text: str, size: float) -> float:
    """How wide the text is at a size, in points."""
    return sum(map(_wide, text)) * size


def lines(text: str, room: float, size: float) -> list[str]:
    """The text in lines no wider than `room`; it breaks anywhere, as Chinese does, and never into an empty line."""
    made, line = [], ""
    for sign in text:
        if line and width(line + sign, size) > room:
            made.append(line)
            line = ""
        line += sign
    return [*made, line]


def fitting(text: str, room: float, size: float, least: float) -> float:
    """The largest size up to `size` at which the text fits into one line, but never below `least`."""
    return max(least, min(size, size * room / max(width(text, size), 1)))


def save(canvas: Canvas) -> None:
    """Writes the file. One at a time in a process: a font being cut down is read from one place that all share."""
    with _cutting:
        canvas.save()


def draw(canvas: Canvas, x: float, y: float, text: str, size: float) -> None:
    """The text from `x` to the right, each sign in the font that has it."""
    for name, piece in _runs(text):
        canvas.setFont(name, size)
        canvas.drawString(x, y, piece)
        x += width(piece, size)


def draw_centred(canvas: Canvas, x: float, y: float, text: str, size: float) -> None:
    """The text with its middle at `x`."""
    draw(canvas, x - width(text, size) / 2, y, text, size)


def _runs(text: str) -> Iterator[tuple[str, str]]:
    for name, signs in groupby(text, lambda sign: _font_of(sign) or PLAIN):
        yield name, "".join(signs)


_plain_map = ttfonts.makeToUnicodeCMap


def _whole_map(name: str, subset: list[int]) -> str:
    """What a reader gets when it copies the text: reportlab writes U+20BB7 as <20BB7>, where UTF-16 is asked for."""
    return LONG_CODE.sub(_in_utf16, _plain_map(name, subset))


def _in_utf16(code: re.Match[str]) -> str:
    return f"<{chr(int(code[1], 16)).encode('utf-16-be').hex().upper()}>"


ttfonts.makeToUnicodeCMap = _whole_map
