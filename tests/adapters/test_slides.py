"""Slides: within the picture, in our colours, large enough, never one text over another."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor, ImageDraw

from lms.adapters import slides
from lms.adapters.slides import ACCENT, FOOT, HEIGHT, INK, MARGIN, PAPER, POINT_SIZES, TEAL, TITLE_SIZES, WIDTH, draw

TEXT = st.text(alphabet="失智老人护理，。：“”abc 12", max_size=18)


@dataclass(frozen=True)
class Page:
    title: str
    points: tuple[str, ...] = ()
    narration: tuple[str, ...] = ()


FULL = Page("怎样在老人拒绝洗澡的时候先停下来", ("每条十八个字正好写满一行看看换不换行",) * 4)
CROWDED = Page("怎样在老人拒绝洗澡的时候先停下来", ("这一条比课程规则允许的长得多因此字要小一些才放得下",) * 4)
ENDLESS = Page("长" * 60, ("很长的要点" * 12,) * 4)


def painted(picture: Image.Image, colour: str, box: tuple[int, int, int, int]) -> int:
    wanted = ImageColor.getrgb(colour)
    return sum(count for count, seen in picture.crop(box).getcolors(1 << 20) or () if seen == wanted)


def test_a_slide_is_drawn_in_the_colours_of_the_course() -> None:
    picture = draw(Page("什么是失智症", ("不是变老", "是大脑生病")), "第一课", 1, 8)
    assert picture.size == (960, 540)
    assert picture.mode == "RGB"
    assert picture.getpixel((WIDTH - 5, 5)) == ImageColor.getrgb(PAPER)
    title, points = (MARGIN, 0, WIDTH, 150), (MARGIN, 150, WIDTH, FOOT)
    assert painted(picture, TEAL, title) > 1_000
    assert painted(picture, ACCENT, title) > 300
    assert painted(picture, INK, points) > 1_000
    assert painted(picture, ACCENT, points) > 200


def test_type_is_large_enough_for_a_small_phone() -> None:
    assert min(TITLE_SIZES) >= 52
    bottom = slides._draw_title(ImageDraw.Draw(Image.new("RGB", (WIDTH, HEIGHT))), FULL)
    size, rows = slides._fitting_points(FULL.points, FOOT - 16 - (bottom + 34))
    assert size >= 40
    assert all(len(row) == 1 for row in rows)
    assert max(POINT_SIZES) >= 48


def edges_are_clean(picture: Image.Image) -> bool:
    paper = ImageColor.getrgb(PAPER)
    right = picture.crop((WIDTH - MARGIN + 8, 0, WIDTH, HEIGHT)).getcolors(1 << 20)
    bottom = picture.crop((MARGIN, HEIGHT - 8, WIDTH, HEIGHT)).getcolors(1 << 20)
    return [colour for _, colour in (*(right or ()), *(bottom or ()))] == [paper, paper]


def foot_is_clean(picture: Image.Image) -> bool:
    """Points in their dark ink stay above the line."""
    return painted(picture, INK, (MARGIN, FOOT - 4, WIDTH, HEIGHT)) == 0


@pytest.mark.parametrize(
    "page",
    [Page("短"), Page("", ()), Page("", ("",)), FULL, CROWDED],
    ids=["title", "empty", "blank", "full", "crowded"],
)
def test_it_stays_within_its_margins(page: Page) -> None:
    picture = draw(page, "小节的名字很长" * 12, 88, 88)
    assert edges_are_clean(picture)
    assert foot_is_clean(picture)


@settings(max_examples=25, deadline=None)
@given(TEXT, st.lists(TEXT, max_size=4).map(tuple), st.text(max_size=40))
def test_whatever_the_course_rules_allow_fits(title: str, points: tuple[str, ...], lesson: str) -> None:
    picture = draw(Page(title, points), lesson, 3, 9)
    assert edges_are_clean(picture)
    assert foot_is_clean(picture)


def test_far_too_much_text_is_drawn_without_failing() -> None:
    assert draw(ENDLESS, "课", 1, 1).size == (WIDTH, HEIGHT)


def test_the_number_the_lesson_and_the_label_are_in_the_foot() -> None:
    one = draw(Page("题"), "课", 1, 9)
    for other in (draw(Page("题"), "课", 2, 9), draw(Page("题"), "别的课", 1, 9)):
        box = (0, FOOT, WIDTH, HEIGHT)
        assert one.crop(box).tobytes() != other.crop(box).tobytes()
        assert one.crop((0, 0, WIDTH, FOOT)).tobytes() == other.crop((0, 0, WIDTH, FOOT)).tobytes()
    assert slides.LABEL == "示例视频 · 合成语音"


def test_punctuation_begins_no_row() -> None:
    rows = slides._rows("一二三四五，六七八九十。", 40, 200)
    assert rows == ["一二三四五，", "六七八九十。"]
