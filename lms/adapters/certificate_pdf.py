"""A certificate as one A4 page: large type that a phone shows whole, a frame, a QR code, room for stamp and signature.

The same sheet makes the same bytes (`invariant`), until somebody signs them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby

from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from lms.adapters import lettering, qr

WIDTH, HEIGHT = A4  # points, as all sizes here
MIDDLE = WIDTH / 2
OUTER, INNER, CORNER = 26.0, 34.0, 11.0
TITLE, SPACED = 44.0, 10.0
LEFT, VALUES, RIGHT = 78.0, 188.0, WIDTH - 78.0
LABEL, VALUE, LEAST, ROW = 12.5, 17.0, 11.0, 41.0
QR_SIZE, STAMP = 112.0, 46.0
TONES = {"green": "#0f5c54", "red": "#9d2420", "blue": "#1d4577", "brown": "#6f4a1c"}
GREY, PALE, INK = HexColor("#5f6763"), HexColor("#c9cfcc"), HexColor("#1b1f1e")


@dataclass(frozen=True)
class Sheet:
    """What stands on the page. `rows`: (label, value); `code`, `address`: how it is checked, the address as QR.

    `told`: small lines beside the QR code; `day`: of issue, below the institution; `tone` one of `TONES`; `sample`: a
    word across the page that tells that it certifies nothing, "" for a real one.
    """

    title: str
    words: str
    rows: Sequence[tuple[str, str]]
    code: str
    address: str
    told: Sequence[str]
    institution: str
    day: str
    stamp: str
    signer: str
    note: str
    tone: str
    sample: str = ""


def missing(sheet: Sheet) -> str:
    """The signs of a sheet that neither font has."""
    texts = (sheet.title, sheet.words, sheet.institution, sheet.signer, sheet.note, *(value for _, value in sheet.rows))
    return lettering.missing("".join(texts))


def write_certificate(sheet: Sheet) -> bytes:
    """The page as a PDF, with both fonts embedded as far as they are used."""
    lettering.load()
    file = BytesIO()
    canvas = Canvas(file, A4, invariant=1, pageCompression=1, lang="zh-CN", initialFontName=lettering.PLAIN)
    canvas.setTitle(sheet.title)
    canvas.setAuthor(sheet.institution)
    canvas.setSubject(sheet.code)
    canvas.setCreator("Kangxue")
    tone = HexColor(TONES[sheet.tone])
    _frame(canvas, tone)
    top = _head(canvas, sheet, tone)
    _fields(canvas, sheet, top)
    _checking(canvas, sheet)
    _issuer(canvas, sheet, tone)
    if sheet.note:
        _small(canvas, sheet.note)
    if sheet.sample:
        _across(canvas, sheet.sample)
    lettering.save(canvas)
    return file.getvalue()


def _frame(canvas: Canvas, tone: Color) -> None:
    canvas.setStrokeColor(tone)
    for inset, line in ((OUTER, 3.2), (INNER, 0.8)):
        canvas.setLineWidth(line)
        canvas.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)
    for x in (INNER, WIDTH - INNER):
        for y in (INNER, HEIGHT - INNER):
            canvas.setFillColor(white)
            canvas.rect(x - CORNER, y - CORNER, 2 * CORNER, 2 * CORNER)
            canvas.setFillColor(tone)
            canvas.rect(x - CORNER / 2, y - CORNER / 2, CORNER, CORNER, stroke=0, fill=1)


def _head(canvas: Canvas, sheet: Sheet, tone: Color) -> float:
    """Title, an ornament, and the sentence below; answers where the fields begin."""
    y: float = HEIGHT - 142
    room = RIGHT - LEFT - SPACED * (len(sheet.title) - 1)
    size = lettering.fitting(sheet.title, room, TITLE, 20)
    whole = lettering.width(sheet.title, size) + SPACED * (len(sheet.title) - 1)
    x: float = MIDDLE - whole / 2
    canvas.setFillColor(tone)
    for sign in sheet.title:
        lettering.draw(canvas, x, y, sign, size)
        x += lettering.width(sign, size) + SPACED
    _ornament(canvas, y - 28)
    canvas.setFillColor(INK)
    y -= 66
    for line in lettering.lines(sheet.words, RIGHT - LEFT, 14):
        lettering.draw_centred(canvas, MIDDLE, y, line, 14)
        y -= 22
    return y - 22


def _ornament(canvas: Canvas, y: float) -> None:
    canvas.setLineWidth(1)
    canvas.line(MIDDLE - 96, y, MIDDLE - 12, y)
    canvas.line(MIDDLE + 12, y, MIDDLE + 96, y)
    diamond = canvas.beginPath()
    diamond.moveTo(MIDDLE, y + 6)
    for x, up in ((MIDDLE + 6, y), (MIDDLE, y - 6), (MIDDLE - 6, y)):
        diamond.lineTo(x, up)
    diamond.close()
    canvas.drawPath(diamond, stroke=0, fill=1)


def _fields(canvas: Canvas, sheet: Sheet, y: float) -> None:
    """One row each: a value too long for a line gets smaller, then a second line."""
    canvas.setStrokeColor(PALE)
    canvas.setLineWidth(0.6)
    room = RIGHT - VALUES
    for label, value in sheet.rows:
        canvas.setFillColor(GREY)
        lettering.draw(canvas, LEFT, y, label, LABEL)
        canvas.setFillColor(INK)
        size = lettering.fitting(value, room, VALUE, LEAST)
        lines = lettering.lines(value, room, size)
        for place, line in enumerate(lines):
            lettering.draw(canvas, VALUES, y + (len(lines) - 1) * 6 - place * (size + 2), line, size)
        canvas.line(LEFT, y - 13, RIGHT, y - 13)
        y -= ROW


def _checking(canvas: Canvas, sheet: Sheet) -> None:
    left, bottom = LEFT - 12, 84.0
    canvas.setFillColor(INK)
    rows = qr.modules(sheet.address)
    size = QR_SIZE / len(rows)
    squares = canvas.beginPath()
    for down, row in enumerate(rows, start=1):
        across = 0
        for dark, run in groupby(row):
            long = len(list(run))
            if dark:
                squares.rect(left + across * size, bottom + QR_SIZE - down * size, long * size, size)
            across += long
    canvas.drawPath(squares, stroke=0, fill=1)
    canvas.setFillColor(GREY)
    for place, line in enumerate(sheet.told):
        lettering.draw(canvas, left + 12, bottom - 4 - place * 11, line, 8)


def _issuer(canvas: Canvas, sheet: Sheet, tone: Color) -> None:
    """The institution with its day, room for its stamp, and a line to sign on."""
    x, room = 408.0, 230.0
    canvas.setStrokeColor(PALE)
    canvas.setLineWidth(0.8)
    canvas.setDash(3, 3)
    canvas.circle(x, 150, STAMP)
    canvas.setDash()
    canvas.setFillColor(PALE)
    lettering.draw_centred(canvas, x, 118, sheet.stamp, 9)
    canvas.setFillColor(INK)
    size = lettering.fitting(sheet.institution, room, 14, 8)
    for place, line in enumerate(lettering.lines(sheet.institution, room, size)[:2]):
        lettering.draw_centred(canvas, x, 156 - place * (size + 2), line, size)
    lettering.draw_centred(canvas, x, 134, sheet.day, 12)
    if sheet.signer:
        canvas.setFillColor(GREY)
        lettering.draw(canvas, x - room / 2, 82, sheet.signer, 9)
        canvas.setStrokeColor(tone)
        start = x - room / 2 + lettering.width(sheet.signer, 9) + 6
        canvas.line(start, 80, x + room / 2, 80)


def _small(canvas: Canvas, note: str) -> None:
    canvas.setFillColor(GREY)
    for place, line in enumerate(lettering.lines(note, RIGHT - LEFT, 8)[:2]):
        lettering.draw_centred(canvas, MIDDLE, 54 - place * 10, line, 8)


def _across(canvas: Canvas, word: str) -> None:
    canvas.saveState()
    canvas.setFillColor(Color(0.6, 0.2, 0.2, alpha=0.16))
    canvas.translate(MIDDLE, HEIGHT / 2)
    canvas.rotate(35)
    lettering.draw_centred(canvas, 0, -50, word, 150)
    canvas.restoreState()
