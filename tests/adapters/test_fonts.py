"""The vendored typeface has the signs our text is written in, and its licence beside it."""

import io

import pytest
from PIL import ImageFont

from lms.adapters.fonts import PACKED, font, truetype


def test_it_is_the_licensed_font() -> None:
    assert font(20).getname() == ("Noto Sans SC", "Regular")
    assert "SIL OPEN FONT LICENSE" in PACKED.with_name("OFL.txt").read_text()
    assert PACKED.stat().st_size < 4_000_000


def test_unpacking_and_opening_happen_once() -> None:
    assert truetype() is truetype()
    assert font(40) is font(40)


@pytest.mark.parametrize(
    "signs", ["失智老人护理", "翀龑囍镕喆", "，。！？；：、“”‘’（）《》—…·", "ABCxyz0189%℃", "①⑩→"]
)
def test_no_sign_is_an_empty_box(signs: str) -> None:
    missing = font(32).getmask("\uf8ff")
    for sign in signs:
        drawn = font(32).getmask(sign)
        assert (drawn.size, bytes(drawn)) != (missing.size, bytes(missing)), sign


def test_every_character_of_gbk_is_drawn() -> None:
    """All that a phone keyboard of a caregiver is likely to write."""
    small = ImageFont.truetype(io.BytesIO(truetype()), 8)
    missing = bytes(small.getmask("\uf8ff"))
    boxes = []
    for lead in range(0xB0, 0xF8):
        for trail in range(0xA1, 0xFF):
            sign = bytes((lead, trail)).decode("gb2312", "ignore")
            if sign and bytes(small.getmask(sign)) == missing:
                boxes.append(sign)
    assert boxes == []
