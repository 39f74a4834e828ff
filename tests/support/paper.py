"""What is drawn on the pages of a PDF: in the file it stands compressed, in a font's own code."""

from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas


def recorded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words drawn from now on, in their order."""
    words: list[str] = []
    draw = Canvas.drawString

    def drawing(canvas: Canvas, x: float, y: float, text: str, *more: Any) -> None:
        words.append(text)
        draw(canvas, x, y, text, *more)

    def drawing_right(canvas: Canvas, x: float, y: float, text: str, *more: Any) -> None:
        drawing(canvas, x - canvas.stringWidth(text), y, text, *more)

    monkeypatch.setattr(Canvas, "drawString", drawing)
    monkeypatch.setattr(Canvas, "drawRightString", drawing_right)
    return words
