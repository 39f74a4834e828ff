"""Rows become a PDF to be printed and signed: official columns, page numbers, lines to sign on, a checkpoint's QR.

The same rows and words make the same bytes (`invariant`): no date of making, no random id.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from lms.adapters import lettering, qr
from lms.adapters.lettering import PLAIN, load_plain
from lms.adapters.sheets import Cell

FONT = PLAIN
WIDTH, HEIGHT = landscape(A4)  # points, as all sizes here
MARGIN, PAD = 36.0, 3.0
TITLE, BODY, SMALL = 16.0, 7.0, 8.0
LINE = BODY * 1.35
FOOT = MARGIN + 14
SIGNED_HEIGHT, QR_SIZE = 96.0, 84.0
GREY = 0.6


@dataclass(frozen=True)
class Paper:
    """The words around the rows. `counted(rows)`: how many rows there were; `paged(page, pages)`: the foot of a page.

    `signatures`: what each line to sign on is for. `checkpoint`: what the QR code holds, "" for none; `told`: the
    lines beside it.
    """

    title: str
    about: str
    signatures: Sequence[str]
    checkpoint: str
    told: Sequence[str]
    counted: Callable[[int], str]
    paged: Callable[[int, int], str]


def write_pdf(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], path: Path, widths: Sequence[int], paper: Paper
) -> None:
    """One table over as many pages as it takes, its header on each; `widths` as in a sheet, here as shares."""
    load_plain()
    canvas = _Numbered(str(path), pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1)
    canvas.paged = paper.paged
    canvas.setTitle(paper.title)
    canvas.setLineWidth(0.4)
    table = _Table(canvas, header, widths)
    table.begin(paper)
    for row in rows:
        table.add(["" if cell is None else str(cell) for cell in row])
    table.end(paper)
    lettering.save(canvas)


class _Numbered(Canvas):  # type: ignore[misc]  # reportlab comes without types
    """Keeps its pages until all are drawn, so that each can say how many there are."""

    paged: Callable[[int, int], str]

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802  # reportlab's word
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, state in enumerate(kept := self._kept, start=1):
            self.__dict__.update(state)
            self.setFont(FONT, SMALL)
            self.drawRightString(WIDTH - MARGIN, MARGIN - 6, self.paged(number, len(kept)))
            super().showPage()
        super().save()


class _Table:
    """Draws rows from the top of a page downwards; `y` is where the next one begins."""

    def __init__(self, canvas: _Numbered, header: Sequence[str], widths: Sequence[int]) -> None:
        self._canvas, self._header = canvas, header
        shares = [max(int(width), 6) for _title, width in zip_longest(header, widths[: len(header)], fillvalue=6)]
        self._widths = [share * (WIDTH - 2 * MARGIN) / sum(shares) for share in shares]
        self.y, self._many = HEIGHT - MARGIN, 0

    def begin(self, paper: Paper) -> None:
        """Title, what the rows are of, and the header."""
        self._text(MARGIN, self.y - TITLE, paper.title, TITLE)
        self._text(MARGIN, self.y - TITLE - 16, paper.about, SMALL)
        self.y -= TITLE + 26
        self._draw(self._wrapped(self._header))

    def add(self, cells: Sequence[str]) -> None:
        """A row; one that does not fit goes to the next page, one longer than a page goes over several."""
        lines = self._wrapped(cells)
        self._many += 1
        if self._space() < min(len(lines), self._page_lines()):
            self._turn()
        while lines:
            part, lines = lines[: self._space()], lines[self._space() :]
            self._draw(part)
            if lines:
                self._turn()

    def end(self, paper: Paper) -> None:
        """How many rows there were, lines to sign on, and the checkpoint."""
        if self.y - FOOT < SIGNED_HEIGHT + SMALL * 2:
            self._canvas.showPage()
            self.y = HEIGHT - MARGIN
        self._text(MARGIN, self.y - SMALL * 2, paper.counted(self._many), SMALL)
        top = self.y - SMALL * 3
        across = (WIDTH - 2 * MARGIN) * (0.6 if paper.told else 1) / max(1, len(paper.signatures))
        for place, words in enumerate(paper.signatures):
            x = MARGIN + place * across
            self._text(x, top - SMALL, words, SMALL)
            self._canvas.line(x, top - 52, x + across - 12, top - 52)
        self._checkpoint(paper, top)
        self._canvas.showPage()

    def _checkpoint(self, paper: Paper, top: float) -> None:
        left = MARGIN + (WIDTH - 2 * MARGIN) * 0.6
        if paper.checkpoint:
            _square(self._canvas, paper.checkpoint, left, top - QR_SIZE)
            left += QR_SIZE + 8
        lines = [line for words in paper.told for line in wrap(words, WIDTH - MARGIN - left, BODY)]
        for place, line in enumerate(lines):
            self._text(left, top - SMALL - place * LINE, line, BODY)

    def _space(self) -> int:
        """How many lines still fit on this page."""
        return int((self.y - FOOT - 2 * PAD) / LINE)

    def _page_lines(self) -> int:
        return int((HEIGHT - MARGIN - FOOT - 2 * PAD) / LINE) - len(self._wrapped(self._header)) - 1

    def _turn(self) -> None:
        self._canvas.showPage()
        self._canvas.setLineWidth(0.4)
        self.y = HEIGHT - MARGIN
        self._draw(self._wrapped(self._header))

    def _wrapped(self, cells: Sequence[str]) -> list[tuple[str, ...]]:
        """The row as lines, each with a piece of every cell."""
        pieces = [wrap(cell, width - 2 * PAD, BODY) for cell, width in zip(cells, self._widths, strict=True)]
        return list(zip_longest(*pieces, fillvalue="")) or [("",)]

    def _draw(self, lines: Sequence[tuple[str, ...]]) -> None:
        height, x = len(lines) * LINE + 2 * PAD, MARGIN
        self._canvas.setFont(FONT, BODY)
        self._canvas.setStrokeGray(GREY)
        for place, width in enumerate(self._widths):
            self._canvas.rect(x, self.y - height, width, height)
            for number, line in enumerate(lines, start=1):
                if line[place]:
                    self._canvas.drawString(x + PAD, self.y - PAD - number * LINE + BODY * 0.35, line[place])
            x += width
        self._canvas.setStrokeGray(0)
        self.y -= height

    def _text(self, x: float, y: float, words: str, size: float) -> None:
        self._canvas.setFont(FONT, size)
        self._canvas.drawString(x, y, words)


def wrap(words: str, width: float, size: float) -> list[str]:
    """The words in lines no wider than `width`: Chinese breaks anywhere, other words at a blank where there is one."""
    lines: list[str] = []
    for part in words.splitlines() or [""]:
        line, used = "", 0.0
        for sign in part:
            wide = _wide(sign) * size
            if line and used + wide > width:
                kept, line = _broken(line, sign)
                lines.append(kept)
                used = sum(_wide(each) for each in line) * size
            line, used = line + sign, used + wide
        lines.append(line)
    return lines


def _broken(line: str, sign: str) -> tuple[str, str]:
    """Where a full line breaks: (what stays, what goes down with `sign`)."""
    head, blank, tail = line.rpartition(" ")
    return (head, tail) if blank and head and sign.isascii() and tail.isascii() and sign != " " else (line, "")


@lru_cache(maxsize=8192)
def _wide(sign: str) -> float:
    return float(pdfmetrics.stringWidth(sign, FONT, 1))


def _square(canvas: Canvas, text: str, x: float, y: float) -> None:
    rows = qr.modules(text)
    size = QR_SIZE / len(rows)
    for down, row in enumerate(rows, start=1):
        for across, dark in enumerate(row):
            if dark:
                canvas.rect(x + across * size, y + QR_SIZE - down * size, size, size, stroke=0, fill=1)
