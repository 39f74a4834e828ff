"""From a paragraph to phrases, spoken words and captions."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.adapters.narration import (
    CLAUSE_PAUSE_MS,
    LINE_CHARACTERS,
    PARAGRAPH_PAUSE_MS,
    SENTENCE_PAUSE_MS,
    Phrase,
    Span,
    cues,
    lines,
    phrases,
    spoken,
)

CHINESE = st.text(alphabet="失智老人记事本领，。！？；：、“”（）…— 3%\n", max_size=120)


def test_phrases_and_pauses() -> None:
    assert phrases(["先停一停，听她说完。再问：“疼吗？”", "慢慢来"]) == [
        Phrase("先停一停，", CLAUSE_PAUSE_MS),
        Phrase("听她说完。", SENTENCE_PAUSE_MS),
        Phrase("再问：", CLAUSE_PAUSE_MS),
        Phrase("“疼吗？”", PARAGRAPH_PAUSE_MS),
        Phrase("慢慢来", PARAGRAPH_PAUSE_MS),
    ]


@pytest.mark.parametrize("paragraph", ["", "……", "，。", "——", "“”"])
def test_signs_alone_are_not_spoken(paragraph: str) -> None:
    assert phrases([paragraph]) == []


@given(CHINESE)
def test_no_word_is_lost(paragraph: str) -> None:
    def words(text: str) -> str:
        return "".join(re.findall(r"\w", text))

    assert words("".join(phrase.text for phrase in phrases([paragraph]))) == words(paragraph)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("喝水。", "喝水"),
        ("约50%的人", "约百分之50的人"),
        ("约 3.5 ％", "约 百分之3.5"),
        ("体温36.5℃，", "体温36.5摄氏度"),
        ("5-10分钟", "5到10分钟"),
        ("５～１０分钟", "5到10分钟"),
        ("血压120/80", "血压120比80"),
        ("她说：“别怕！”", "她说 别怕"),
        ("**轻度**（初期）", "轻度 初期"),
        ("[[phonemes]]", "phonemes"),
        ("第３次", "第3次"),
        ("a_b\tc", "a b c"),
    ],
)
def test_signs_become_words(written: str, said: str) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("短", "短"),
        ("一二三四五六七八九十一二三四五六七八九十", "一二三四五六七八九十一二三四五六七八九十"),
        ("一二三四五六七八九十一二三四五六七八九十一", "一二三四五六七八九十一\n二三四五六七八九十一"),
        ("一二三四五六七八九十，一二三四五六七八九十", "一二三四五六七八九十，\n一二三四五六七八九十"),
    ],
)
def test_lines(text: str, expected: str) -> None:
    assert lines(text) == expected


@given(CHINESE)
def test_captions_fit_and_follow_each_other(paragraph: str) -> None:
    said = phrases([paragraph])
    spans = [Span(2_000 * place, 2_000 * place + 1_500) for place in range(len(said))]
    made = cues(said, spans, 500)
    assert all(len(line) <= LINE_CHARACTERS for cue in made for line in cue.text.split("\n"))
    assert all(cue.start_ms < cue.end_ms for cue in made)
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(made))
    assert re.findall(r"\w", "".join(cue.text for cue in made)) == re.findall(r"\w", paragraph)
    if made:
        assert (made[0].start_ms, made[-1].end_ms) == (500, spans[-1].end_ms + 500)


def test_short_phrases_of_one_sentence_share_a_caption() -> None:
    said = phrases(["先停，再看，慢慢说，不要着急地催她快一点回答您。好吗？"])
    spans = [Span(1_000 * place, 1_000 * place + 900) for place in range(len(said))]
    made = [(cue.text, cue.start_ms, cue.end_ms) for cue in cues(said, spans, 0)]
    assert made == [
        ("先停，再看，慢慢说", 0, 2_900),
        ("不要着急地催她快一点回答您", 3_000, 3_900),
        ("好吗？", 4_000, 4_900),
    ]
