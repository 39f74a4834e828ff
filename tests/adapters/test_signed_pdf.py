"""Paper to be signed: nothing of a cell is lost, each page says how many there are; same rows, same bytes."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.adapters import qr, signed_pdf
from lms.adapters.sheets import Cell
from lms.adapters.signed_pdf import Canvas, Paper, wrap, write_pdf
from tests.support.paper import recorded

HEADER = ["姓名", "证件号码", "分钟", "日期", "为什么"]
WIDTHS = [12, 22, 10, 14, 40]
ROW: list[Cell] = ["王翀龑", "219999********0018", Decimal("12.34"), date(2026, 11, 23), None]


def paper(checkpoint: str = "7 abcd") -> Paper:
    return Paper(
        title="学时统计表",
        about="一班",
        signatures=["制表人", "盖章"],
        checkpoint=checkpoint,
        told=["检查点：7 条"],
        counted=lambda rows: f"共{rows}行",
        paged=lambda page, pages: f"{page}/{pages}",
    )


def made(path: Path, rows: Iterable[Sequence[Cell]], **more: str) -> bytes:
    write_pdf(HEADER, rows, path, WIDTHS, paper(**more))
    return path.read_bytes()


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    one = made(tmp_path / "a", [ROW] * 3)
    assert one.startswith(b"%PDF-")
    assert made(tmp_path / "b", iter([ROW] * 3)) == one
    assert made(tmp_path / "c", [ROW] * 2) != one


def test_every_page_has_the_header_and_its_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = recorded(monkeypatch)
    made(tmp_path / "a", [[f"测试{place}", *ROW[1:]] for place in range(100)])
    pages = int(drawn[-1].split("/")[1])
    assert pages > 2
    assert drawn[-pages:] == [f"{page}/{pages}" for page in range(1, pages + 1)]
    assert drawn.count("证件号码") in (pages, pages - 1)  # the lines to sign on may stand on a page of their own
    assert [word for word in drawn if word.startswith("测试")] == [f"测试{place}" for place in range(100)]
    assert {"共100行", "制表人", "盖章", "12.34", "2026-11-23"} <= set(drawn)


def test_a_cell_longer_than_a_page_goes_over_several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, long = recorded(monkeypatch), "".join(f"原因{place:05}" for place in range(1_000))
    made(tmp_path / "a", [[*ROW[:4], long], ROW])
    pieces = "".join(word for word in drawn if word not in HEADER)
    assert long in pieces.split("王翀龑", 1)[1].replace("219999********0018", "").replace("12.34", "").replace(
        "2026-11-23", ""
    )
    assert drawn.count("王翀龑") == 2


def test_no_rows_are_a_page_that_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = recorded(monkeypatch)
    made(tmp_path / "a", [])
    assert {"共0行", "1/1"} <= set(drawn)


def test_the_code_is_drawn_square_by_square(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    squares = []
    draw = Canvas.rect

    def rect(canvas: Canvas, x: float, y: float, width: float, height: float, **more: int) -> None:
        squares.append(more.get("fill", 0))
        draw(canvas, x, y, width, height, **more)

    monkeypatch.setattr(Canvas, "rect", rect)
    made(tmp_path / "a", [ROW])
    dark = sum(map(sum, qr.modules("7 abcd")))
    assert sum(squares) == dark > 100
    made(tmp_path / "b", [ROW], checkpoint="")
    assert sum(squares) == dark


@given(st.text(alphabet=st.sampled_from("李芳 ab9，。*"), max_size=60), st.floats(20, 90))
def test_lines_fit_and_keep_every_sign(words: str, width: float) -> None:
    signed_pdf.load_plain()
    lines = wrap(words, width, 7)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert all(signed_pdf.pdfmetrics.stringWidth(line, signed_pdf.FONT, 7) <= width + 0.01 for line in lines)
