"""Caption files that players can read whatever is said."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.captions import Cue, write_webvtt


def test_a_file() -> None:
    cues = [Cue(0, 2_500, "失智不是变老"), Cue(3_599_999, 3_600_001, "第一行\n第二行")]
    assert write_webvtt(cues) == (
        "WEBVTT\n\n1\n00:00:00.000 --> 00:00:02.500\n失智不是变老\n\n2\n00:59:59.999 --> 01:00:00.001\n第一行\n第二行\n"
    )


def test_a_file_without_cues() -> None:
    assert write_webvtt([]) == "WEBVTT\n"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a & b", "a &amp; b"),
        ("00:01 --> 00:02", "00:01 --&gt; 00:02"),
        ("一\n\n二", "一\n二"),
        ("一\r\n\u2028二\r", "一\n二"),
        (" 空格 ", "空格"),
    ],
)
def test_text_stays_text(text: str, written: str) -> None:
    assert write_webvtt([Cue(0, 1, text)]) == f"WEBVTT\n\n1\n00:00:00.000 --> 00:00:00.001\n{written}\n"


@given(st.lists(st.text(), max_size=6))
def test_there_are_as_many_cues_as_were_given(texts: list[str]) -> None:
    written = write_webvtt(Cue(1_000 * place, 1_000 * place + 900, text) for place, text in enumerate(texts))
    assert len(re.findall(r"-->", written)) == len(texts)
    assert written.count("<") == 0
    assert written.endswith("\n")
