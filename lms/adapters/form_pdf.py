"""Official forms with a table as a PDF: A4 across, as many pages as the rows need, each with its number and headings.

The same form makes the same bytes (`invariant`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from lms.adapters import lettering

WIDTH, HEIGHT = landscape(A4)  # points, as all sizes here
EDGE, BOTTOM = 40.0, 46.0
TITLE, TEXT, SMALL = 18.0, 10.0, 8.5
LINE, PADDING = 13.0, 4.0
INK, RULE = HexColor("#1b1f1e"), HexColor("#8a918d")


@dataclass(frozen=True)
class Part:
    """One table of a form: `shares` say how wide its columns are beside each other."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    shares: Sequence[int]


@dataclass(frozen=True)
class PaperForm:
    """A form. `lines` stand below the title, `signs` at the end with room to sign; `foot` on each page."""

    title: str
    lines: Sequence[str]
    parts: Sequence[Part]
    signs: Sequence[str]
    foot: str


def write_form(form: PaperForm) -> bytes:
    """The form as a PDF, with both fonts embedded as far as they are used."""
    lettering.load()
    file = BytesIO()
    canvas = Canvas(
        file, (WIDTH, HEIGHT), invariant=1, pageCompression=1, lang="zh-CN", initialFontName=lettering.PLAIN
    )
    canvas.setTitle(form.title)
    canvas.setCreator("Kangxue")
    _Writer(canvas, form).write()
    lettering.save(canvas)
    return file.getvalue()


class _Writer:
    """Goes down the pages."""

    def __init__(self, canvas: Canvas, form: PaperForm) -> None:
        self.canvas, self.form = canvas, form
        self.page, self.y = 1, HEIGHT - EDGE

    def write(self) -> None:
        """All of it."""
        self._begin_page()
        self.y -= TITLE
        lettering.draw_centred(self.canvas, WIDTH / 2, self.y, self.form.title, TITLE)
        self.y -= LINE
        for line in self.form.lines:
            self._line(line)
        for part in self.form.parts:
            self._part(part)
        self.y -= LINE
        for line in self.form.signs:
            self._line(line)

    def _begin_page(self) -> None:
        self.canvas.setFillColor(INK)
        self.canvas.setStrokeColor(RULE)
        self.canvas.setLineWidth(0.6)
        self.y = HEIGHT - EDGE
        lettering.draw(self.canvas, EDGE, BOTTOM - 18, f"{self.form.foot}  {self.page}", SMALL)

    def _room(self, height: float) -> bool:
        """Whether a new page had to be begun for it."""
        if self.y - height >= BOTTOM:
            return False
        self.canvas.showPage()
        self.page += 1
        self._begin_page()
        return True

    def _line(self, text: str) -> None:
        for piece in lettering.lines(text, WIDTH - 2 * EDGE, TEXT):
            self._room(LINE)
            self.y -= LINE
            lettering.draw(self.canvas, EDGE, self.y, piece, TEXT)

    def _part(self, part: Part) -> None:
        self._room(5 * LINE)
        self.y -= LINE / 2
        self._line(part.heading)
        self.y -= PADDING
        self._row(part, part.columns)
        for row in part.rows:
            if self._room(self._height(part, row)):
                self._row(part, part.columns)
            self._row(part, row)

    def _widths(self, part: Part) -> list[float]:
        whole = WIDTH - 2 * EDGE
        return [whole * share / sum(part.shares) for share in part.shares]

    def _cells(self, part: Part, row: Sequence[str]) -> list[list[str]]:
        pairs = zip(row, self._widths(part), strict=True)
        return [lettering.lines(text, width - 2 * PADDING, SMALL) for text, width in pairs]

    def _height(self, part: Part, row: Sequence[str]) -> float:
        return max(1, *map(len, self._cells(part, row))) * LINE + PADDING

    def _row(self, part: Part, row: Sequence[str]) -> None:
        height, x = self._height(part, row), EDGE
        for pieces, width in zip(self._cells(part, row), self._widths(part), strict=True):
            self.canvas.rect(x, self.y - height, width, height)
            for at, piece in enumerate(pieces, start=1):
                lettering.draw(self.canvas, x + PADDING, self.y - at * LINE + PADDING / 2, piece, SMALL)
            x += width
        self.y -= height
