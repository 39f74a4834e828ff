"""A certificate's page: every value is on it, rare characters too; the same sheet is the same bytes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from lms.adapters import certificate_pdf, fonts, lettering
from lms.adapters.certificate_pdf import TONES, Sheet, write_certificate
from lms.domain.papers import Tone

RARE = "王𠮷㑇䶮龑"
SHEET = Sheet(
    title="培训合格证书",
    words="完成以下培训并经考核合格，特发此证。",
    rows=[("证书序列号", "KX2026-0000001-81"), ("姓名", RARE), ("培训项目名称", "养老护理员")],
    code="ABCDE-FGHJK-MNPQR-STVWX",
    address="https://study.example/v/ABCDE-FGHJK-MNPQR-STVWX",
    told=["查验码 ABCDE-FGHJK-MNPQR-STVWX", "改动一个字就会失效"],
    institution="康宁养老服务中心",
    day="2026年12月3日",
    stamp="（盖章处）",
    signer="负责人（签字）",
    note="遗失不补",
    tone="green",
)


def text_of(pdf: bytes) -> str:
    (page,) = PdfReader(BytesIO(pdf)).pages
    return str(page.extract_text())


def test_what_it_says_can_be_read_again() -> None:
    text = text_of(write_certificate(SHEET))
    for words in ("KX2026-0000001-81", "养老护理员", "康宁养老服务中心", "2026年12月3日", "遗失不补", SHEET.code):
        assert words in text
    assert RARE in text.replace("\n", "")
    assert "培训合格证书" in text.replace("\n", "").replace(" ", "")


def test_the_same_sheet_is_the_same_bytes_and_small() -> None:
    one = write_certificate(SHEET)
    assert one == write_certificate(SHEET)
    assert one != write_certificate(replace(SHEET, note="遗失可补"))
    assert len(one) < 60_000


def test_many_at_once_are_the_same_bytes() -> None:
    """reportlab cuts a font down by reading from one place in it: two threads would take each other's glyphs."""
    names = ["".join(chr(0x4E00 + 97 * place + n) for n in range(40)) for place in range(16)]
    sheets = [replace(SHEET, rows=[("姓名", name)]) for name in names]
    alone = [write_certificate(sheet) for sheet in sheets]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(write_certificate, sheets)) == alone


def test_both_fonts_are_embedded_and_no_other() -> None:
    (page,) = PdfReader(BytesIO(write_certificate(SHEET))).pages
    used = [each.get_object() for each in page["/Resources"]["/Font"].values()]
    drawn = {str(each["/BaseFont"]): each for each in used if each["/Subtype"] == "/TrueType"}
    assert {name.partition("+")[2] for name in drawn} >= {"NotoSansSC-Regular", "HanaMinA"}
    assert all("/FontFile2" in each["/FontDescriptor"].get_object() for each in drawn.values())


def test_every_tone_can_be_drawn_and_a_sample_says_so() -> None:
    assert set(TONES) == {each.value for each in Tone}
    for tone in TONES:
        assert "样张" in text_of(write_certificate(replace(SHEET, tone=tone, sample="样张")))
    assert "样张" not in text_of(write_certificate(SHEET))


def test_signs_without_a_shape_are_told() -> None:
    assert certificate_pdf.missing(SHEET) == ""
    assert certificate_pdf.missing(replace(SHEET, institution="🙂康宁🙂")) == "🙂"
    assert lettering.missing("李芳·古丽𫖯") == ""


def test_the_rare_font_holds_what_the_plain_one_lacks() -> None:
    lettering.load()
    plain, rare = (set(lettering.pdfmetrics.getFont(name).face.charToGlyph) for name in ("NotoSansSC", "HanaMin"))
    assert {0x20BB7, 0x20B9F, 0x2B5AF, 0x4DAE} <= rare - plain
    assert len(rare) > 8_900
    assert fonts.rare_truetype()[:4] == b"\0\1\0\0"


@given(st.text("测试名A b·𠮟", min_size=1, max_size=80), st.floats(40, 400), st.floats(6, 40))
def test_lines_fit_and_lose_nothing(text: str, room: float, size: float) -> None:
    lines = lettering.lines(text, room, size)
    assert "".join(lines) == text
    assert all(len(line) == 1 or lettering.width(line, size) <= room + 0.01 for line in lines)
    fitting = lettering.fitting(text, room, size, 5)
    assert 5 <= fitting <= max(size, 5)
    assert fitting == 5 or lettering.width(text, fitting) <= room + 0.01


@pytest.mark.parametrize("long", ["古丽·" * 25, "A" * 120])
def test_a_long_value_is_all_there(long: str) -> None:
    rows = [("姓名", long)]
    text = text_of(write_certificate(replace(SHEET, rows=rows, institution=long[:60], title="证" * 16)))
    assert long in text.replace("\n", "")
