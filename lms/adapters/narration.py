"""Prepares narration for a voice: phrases with their pauses, words instead of signs, captions that fit a phone."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lms.domain.captions import Cue

LINE_CHARACTERS = 20
CLAUSE_PAUSE_MS = 220
SENTENCE_PAUSE_MS = 480
PARAGRAPH_PAUSE_MS = 800
SENTENCE_END = "。！？!?…"
CLAUSE_END = "，；：;—"
CLOSING = "”’」』）》"
PHRASE = re.compile(rf"[^{SENTENCE_END}{CLAUSE_END}]+[{SENTENCE_END}{CLAUSE_END}]*[{CLOSING}]*")
UNSPOKEN_AT_END = "，。；：、—"
# said in this order, before full-width signs become plain ones
SAID = (
    (re.compile(r"(\d+(?:\.\d+)?)\s*[%％]"), r"百分之\1"),
    (re.compile(r"(?<=\d)\s*[-~～–—]\s*(?=\d)"), "到"),
    (re.compile(r"℃"), "摄氏度"),
    (re.compile(r"(?<=\d)\s*[/／]\s*(?=\d)"), "比"),
)


@dataclass(frozen=True)
class Phrase:
    """What is said in one breath, and the silence after it."""

    text: str
    pause_ms: int

    @property
    def ends_sentence(self) -> bool:
        """Whether no caption may run on over its end."""
        return self.pause_ms > CLAUSE_PAUSE_MS


@dataclass(frozen=True)
class Span:
    """When one phrase is heard, from the start of its recording."""

    start_ms: int
    end_ms: int


class Voice(Protocol):
    """Somebody who reads aloud."""

    def record(self, phrases: Sequence[Phrase], into: Path, cancelled: Callable[[], bool] = ...) -> list[Span]:
        """Write a mono 16-bit WAV with every phrase and the pause after it; one span a phrase."""


def phrases(paragraphs: Iterable[str]) -> list[Phrase]:
    """The narration cut at its punctuation. Signs that nobody speaks make no phrase of their own."""
    return [phrase for paragraph in paragraphs for phrase in _phrases(paragraph)]


def _phrases(paragraph: str) -> Iterator[Phrase]:
    texts = [text for text in PHRASE.findall(" ".join(paragraph.split())) if re.search(r"\w", text)]
    for text in texts[:-1]:
        ended = text.rstrip(CLOSING).endswith(tuple(SENTENCE_END))
        yield Phrase(text.strip(), SENTENCE_PAUSE_MS if ended else CLAUSE_PAUSE_MS)
    for text in texts[-1:]:
        yield Phrase(text.strip(), PARAGRAPH_PAUSE_MS)


def spoken(text: str) -> str:
    """The same in words a synthesiser can say: numbers stay, signs become words or a gap."""
    for sign, word in SAID:
        text = sign.sub(word, text)
    plain = unicodedata.normalize("NFKC", text)
    return " ".join(re.sub(r"[^\w.]|_", " ", plain).split())


def cues(said: Sequence[Phrase], spans: Sequence[Span], offset_ms: int) -> list[Cue]:
    """Captions with the times at which their words are heard: short phrases of a sentence share a line."""
    made: list[Cue] = []
    joined, start_ms = "", 0
    for place, (phrase, span) in enumerate(zip(said, spans, strict=True)):
        start_ms = start_ms if joined else span.start_ms
        joined += phrase.text
        following = said[place + 1].text if place + 1 < len(said) else ""
        if phrase.ends_sentence or not following or len(joined + _shown(following)) > LINE_CHARACTERS:
            made.append(Cue(offset_ms + start_ms, offset_ms + span.end_ms, lines(_shown(joined))))
            joined = ""
    return made


def _shown(text: str) -> str:
    return text.rstrip(UNSPOKEN_AT_END)


def lines(text: str) -> str:
    """Text in as few lines of at most 20 characters as it takes, about equally long, none begun by punctuation."""
    count = -(-len(text) // LINE_CHARACTERS)
    width = -(-len(text) // count) if count else 0
    made: list[str] = []
    while text:
        cut = width
        while cut < min(len(text), LINE_CHARACTERS) and not text[cut].isalnum():
            cut += 1
        made.append(text[:cut].strip())
        text = text[cut:].lstrip()
    return "\n".join(made)
