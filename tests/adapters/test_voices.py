"""The synthetic voice really says what it is given."""

import importlib.util
import math
import struct
import wave
from collections.abc import Sequence
from pathlib import Path

import pytest

from lms.adapters.narration import Phrase, Span, phrases
from lms.adapters.sandbox import Cancelled
from lms.adapters.voices import EspeakVoice
from lms.domain.errors import Unavailable

LESSON = (
    "失智症不是正常的变老，它是大脑生了病。病从记事开始，慢慢影响做饭、认路和说话。",
    "她不是撒谎，也不是捣乱，是大脑没有把刚才的事存住。您可以先停一停，再轻声问她。",
)


def record(texts: Sequence[str], folder: Path) -> list[Span]:
    return EspeakVoice().record([Phrase(text, 300) for text in texts], folder / "said.wav")


def lengths_ms(texts: Sequence[str], folder: Path) -> list[int]:
    return [span.end_ms - span.start_ms for span in record(texts, folder)]


def test_spans_match_the_sound(tmp_path: Path) -> None:
    spans = record(["先停一停，", "再轻声问她。"], tmp_path)
    with wave.open(str(tmp_path / "said.wav")) as heard:
        assert (heard.getnchannels(), heard.getsampwidth()) == (1, 2)
        rate = heard.getframerate()
        sound = heard.readframes(heard.getnframes())
    assert len(sound) // 2 * 1000 // rate == pytest.approx(spans[-1].end_ms + 300, abs=2)

    def loudness(start_ms: int, end_ms: int) -> float:
        part = sound[2 * (rate * start_ms // 1000) : 2 * (rate * end_ms // 1000)]
        samples = struct.unpack(f"<{len(part) // 2}h", part)
        return math.sqrt(sum(sample * sample for sample in samples) / len(samples))

    assert spans[0].start_ms == 0
    assert spans[1].start_ms == pytest.approx(spans[0].end_ms + 300, abs=1)
    assert all(loudness(span.start_ms, span.end_ms) > 1_000 for span in spans)
    assert loudness(spans[0].end_ms, spans[1].start_ms) == 0


def test_numbers_are_spoken(tmp_path: Path) -> None:
    bare, digit, number, percent = lengths_ms(["测", "测3", "测120", "测50%"], tmp_path)
    assert bare + 100 < digit < number < percent


def test_punctuation_is_not(tmp_path: Path) -> None:
    plain, dressed = lengths_ms(["您好", "“您好！”"], tmp_path)
    assert dressed == pytest.approx(plain, rel=0.1)


@pytest.mark.parametrize(
    ("word", "likeness"),
    [("胸", "宗"), ("兄", "宗"), ("熊", "虫"), ("穷", "虫"), ("一会儿", "一会那"), ("哪儿", "哪那")],
)
def test_syllables_the_synthesiser_would_spell_in_english(word: str, likeness: str, tmp_path: Path) -> None:
    """Spelled out ("xiong one"), a syllable takes about twice as long as one like it."""
    said, like = lengths_ms([word, likeness], tmp_path)
    assert said < 1.35 * like


def test_it_speaks_about_two_hundred_characters_a_minute(tmp_path: Path) -> None:
    said = phrases(LESSON)
    spans = EspeakVoice().record(said, tmp_path / "said.wav")
    characters = sum(character.isalnum() for text in LESSON for character in text)
    minutes = (spans[-1].end_ms + said[-1].pause_ms) / 60_000
    assert characters / minutes == pytest.approx(200, rel=0.1)


def test_nothing_to_say_is_a_silent_recording(tmp_path: Path) -> None:
    assert EspeakVoice().record([], tmp_path / "said.wav") == []
    with wave.open(str(tmp_path / "said.wav")) as heard:
        assert heard.getnframes() == 0


def test_it_can_be_cancelled(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        EspeakVoice().record(phrases(LESSON), tmp_path / "said.wav", lambda: True)


def test_without_the_synthesiser_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(Unavailable) as refused:
        EspeakVoice()
    assert refused.value.code == "voice_missing"
