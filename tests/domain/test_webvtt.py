"""WebVTT by the rules of the W3C: what is a file, what is a cue, and which line is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.captions import Cue, write_webvtt
from lms.domain.webvtt import read_webvtt

ONE = (Cue(1_000, 2_000, "你好"),)


def file(*blocks: str) -> str:
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def cue(text: str = "你好", times: str = "00:01.000 --> 00:02.000") -> str:
    return f"{times}\n{text}"


GOOD = {
    "nothing but a cue": file(cue()),
    "hours": file(cue(times="00:00:01.000 --> 00:00:02.000")),
    "an identifier": file(f"第一句\n{cue()}"),
    "a byte order mark": "\ufeff" + file(cue()),
    "a title after the word": file(cue()).replace("WEBVTT", "WEBVTT 课程字幕", 1),
    "a tab after the word": file(cue()).replace("WEBVTT", "WEBVTT\tx", 1),
    "line ends of Windows": file(cue()).replace("\n", "\r\n"),
    "line ends of old Macs": file(cue()).replace("\n", "\r"),
    "no line end at the end": file(cue()).rstrip("\n"),
    "several empty lines": file("\n\n" + cue()),
    "a note": file("NOTE 这是说明", cue()),
    "a note of several lines": file("NOTE\n一\n二", cue()),
    "tabs around the arrow": file(cue(times="00:01.000\t-->\t00:02.000")),
    "blanks after the times": file(cue(times="00:01.000 --> 00:02.000  ")),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_is_a_file(name: str) -> None:
    found = read_webvtt(GOOD[name])
    assert (found.cues, found.problems, found.remarks) == (ONE, (), ())


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("", 1, "captions_header"),
        ("你好", 1, "captions_header"),
        ("webvtt\n\n" + cue(), 1, "captions_header"),
        ("WEBVTTx\n\n" + cue(), 1, "captions_header"),
        ("\n" + file(cue()), 1, "captions_header"),
        ("1\n00:00:01,000 --> 00:00:02,000\n你好", 1, "captions_header"),
        ("WEBVTT\n" + cue(), 2, "captions_header_line"),
        ("WEBVTT\nKind: captions\n\n" + cue(), 2, "captions_header_line"),
        ("WEBVTT\n", 1, "captions_none"),
        (file("NOTE 只有说明"), 1, "captions_none"),
        (file(cue(times="00:01,000 --> 00:02,000")), 3, "captions_comma"),
        (file(cue(times="00:01.000-->00:02.000")), 3, "captions_timing"),
        (file(cue(times="0:01.000 --> 0:02.000")), 3, "captions_timing"),
        (file(cue(times="1:00:01.000 --> 1:00:02.000")), 3, "captions_timing"),
        (file(cue(times="00:01.00 --> 00:02.000")), 3, "captions_timing"),
        (file(cue(times="00:60.000 --> 00:61.000")), 3, "captions_timing"),
        (file(cue(times="00:01 --> 00:02")), 3, "captions_timing"),
        (file(cue(times="٠٠:01.000 --> 00:02.000")), 3, "captions_timing"),
        (file(cue(times="00:02.000 --> 00:02.000")), 3, "captions_end_before_start"),
        (file(cue(times="00:03.000 --> 00:02.000")), 3, "captions_end_before_start"),
        (file(cue(), cue(times="00:00.500 --> 00:03.000")), 6, "captions_order"),
        (file(f"{cue()}\n00:02.000 --> 00:03.000\n再见"), 5, "captions_arrow"),
        (file("NOTE\n00:02.000 --> 00:03.000", cue()), 4, "captions_arrow"),
        (file("你好", cue()), 3, "captions_without_times"),
        (file("编号\n又一行\n" + cue()), 3, "captions_without_times"),
        (file(cue("好" * 301)), 3, "captions_text_too_long"),
        (file(cue(times="00:01.000 --> 25:00:00.000")), 3, "captions_time_too_late"),
    ],
)
def test_which_line_is_wrong(text: str, line: int, code: str) -> None:
    (first, *_) = read_webvtt(text).problems
    assert (first.line, first.code) == (line, code)


def test_every_wrong_line_is_told_in_order() -> None:
    found = read_webvtt(file(cue(times="x --> y"), "没有时间", cue(times="00:05.000 --> 00:04.000"), cue()))
    assert [(problem.line, problem.code) for problem in found.problems] == [
        (3, "captions_timing"),
        (6, "captions_without_times"),
        (8, "captions_end_before_start"),
        (11, "captions_order"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        (file("STYLE\n::cue { color: red; background: url(http://evil/) }", cue()), 3, "captions_style_left_out"),
        (file("REGION\nid:a", cue()), 3, "captions_style_left_out"),
        (file(cue(times="00:01.000 --> 00:02.000 line:0 align:start")), 3, "captions_settings_left_out"),
        (file(cue(times="00:01.000 --> 00:02.000 position:10%,line-left size:50%")), 3, "captions_settings_left_out"),
        (file(cue(times="00:01.000 --> 00:02.000 colour:red")), 3, "captions_settings_unknown"),
        (file(cue(times="00:01.000 --> 00:02.000 align:middle")), 3, "captions_settings_unknown"),
        (file(cue(), cue(" ", "00:03.000 --> 00:04.000")), 6, "captions_without_text"),
        (file(cue(), "00:03.000 --> 00:04.000"), 6, "captions_without_text"),
    ],
)
def test_what_is_left_out_is_told(text: str, line: int, code: str) -> None:
    found = read_webvtt(text)
    assert (found.cues, found.problems) == (ONE, ())
    assert [(remark.line, remark.code) for remark in found.remarks] == [(line, code)]


def test_overlap_is_allowed_and_told() -> None:
    found = read_webvtt(file(cue(), cue("再见", "00:01.500 --> 00:03.000")))
    assert len(found.cues) == 2
    assert [(remark.line, remark.code) for remark in found.remarks] == [(6, "captions_overlap")]


def test_the_same_identifier_twice_is_told() -> None:
    found = read_webvtt(file(f"一\n{cue()}", f"一\n{cue('再见', '00:02.000 --> 00:03.000')}"))
    assert [(remark.line, remark.code) for remark in found.remarks] == [(7, "captions_same_name")]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<b>你</b><i>好</i>", "你好"),
        ("<c.yellow.bg_blue>你好</c>", "你好"),
        ("<v 王老师>你好</v>", "王老师：你好"),
        ("<v.loud 王老师>你好", "王老师：你好"),
        ("<ruby>你<rt>nǐ</rt></ruby>好", "你nǐ好"),
        ("<lang en>hello</lang>", "hello"),
        ("你<00:01.500>好", "你好"),
        ("你 &amp; 我 &lt;3", "你 & 我 <3"),
        ("3 < 5", "3 < 5"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("第一行\n第二行", "第一行\n第二行"),
        ("你\0好", "你\ufffd好"),
        ("你\x07好", "你好"),
    ],
)
def test_only_words_are_kept(written: str, shown: str) -> None:
    (found,) = read_webvtt(file(cue(written))).cues
    assert found.text == shown


words = st.text(min_size=1, max_size=80).filter(lambda text: text.strip() and text.isprintable())


@given(st.lists(st.tuples(st.integers(0, 5_000), st.integers(1, 5_000), words), min_size=1, max_size=20))
def test_what_we_write_we_read(drawn: list[tuple[int, int, str]]) -> None:
    at, cues = 0, []
    for pause, length, text in drawn:
        cues.append(Cue(at + pause, at + pause + length, text.strip()))
        at += pause
    found = read_webvtt(write_webvtt(cues))
    assert found.problems == ()
    assert [(one.start_ms, one.end_ms) for one in found.cues] == [(one.start_ms, one.end_ms) for one in cues]
    assert [one.text for one in read_webvtt(write_webvtt(found.cues)).cues] == [one.text for one in found.cues]


@given(st.text())
def test_any_text_is_answered_not_crashed_over(text: str) -> None:
    read_webvtt(text)
    read_webvtt("WEBVTT\n\n" + text)
