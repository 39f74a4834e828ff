"""SubRip files as they come, and moments as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.captions import Cue, milliseconds
from lms.domain.errors import Refused
from lms.domain.srt import read_srt

ONE = (Cue(1_000, 2_500, "你好"),)


@pytest.mark.parametrize(
    "text",
    [
        "1\n00:00:01,000 --> 00:00:02,500\n你好\n",
        "\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\n你好\r\n\r\n",
        "00:00:01.000 --> 00:00:02.500\n你好",
        "1\n0:0:1,0 --> 0:0:2,5\n<i>你好</i>",
        "\n\n7\n00:00:01,000-->00:00:02,500 X1:10 X2:20\n{\\an8}<font color='red'>你好</font>\n\n\n",
    ],
)
def test_what_is_read(text: str) -> None:
    found = read_srt(text)
    assert (found.cues, found.problems) == (ONE, ())


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("", 1, "captions_none"),
        ("你好", 1, "captions_without_times"),
        ("1\n你好", 2, "captions_without_times"),
        ("1\n00:00 --> 00:02\n你好", 2, "captions_timing"),
        ("1\n00:00:03,000 --> 00:00:02,000\n你好", 2, "captions_end_before_start"),
        ("1\n00:00:01,000 --> 00:00:02,000\n你好\n2\n00:00:02,000 --> 00:00:03,000\n再见", 5, "captions_arrow"),
        (
            "1\n00:00:05,000 --> 00:00:06,000\n你好\n\n2\n00:00:02,000 --> 00:00:03,000\n再见",
            6,
            "captions_order",
        ),
    ],
)
def test_which_line_is_wrong(text: str, line: int, code: str) -> None:
    (first, *_) = read_srt(text).problems
    assert (first.line, first.code) == (line, code)


@given(st.text())
def test_any_text_is_answered_not_crashed_over(text: str) -> None:
    read_srt(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("5", 5_000),
        ("62.5", 62_500),
        ("1:02", 62_000),
        ("1:02.5", 62_500),
        ("1：02,05", 62_050),
        ("00:01:02.345", 62_345),
        (" 1:00:00 ", 3_600_000),
        ("90:00", 5_400_000),
    ],
)
def test_moments_as_people_write_them(text: str, expected: int) -> None:
    assert milliseconds(text) == expected


@pytest.mark.parametrize("text", ["", "x", "-1", "1:60", "1:2:3:4", "1.2345", "١", "1e3", "12:"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(Refused, match="captions_time"):
        milliseconds(text)
