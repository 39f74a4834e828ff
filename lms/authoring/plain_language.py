"""How plain a lesson reads: the length of its sentences, and words that are not among the common ones."""

import lzma
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from lms.domain.courses import count_characters

WORDS = Path(__file__).parent / "words"
COMMON_WORDS = 15_000
LONGEST_WORD = 6
MOST_KEPT = 2_000
LONG_SENTENCE = 25
"""Characters. Our own bar, from the brief for authors: spoken Chinese for readers with primary schooling."""

NUMERALS = frozenset("一二三四五六七八九十百千万两几半")
"""What begins with a number, 六点 or 三句, is as easy as the number."""

_SENTENCE_END = re.compile(r"[。！？!?；;：:\n]+")
_HAN = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a plain text measures: sentences and their characters, words in all and those outside the common list."""

    sentences: int
    characters: int
    longest: str
    long_sentences: int
    words: int
    outside: Counter[str]

    @property
    def characters_a_sentence(self) -> float:
        """The mean; 0 for an empty text."""
        return self.characters / self.sentences if self.sentences else 0.0

    @property
    def outside_share(self) -> float:
        """The share of words outside the common list, from 0 to 1."""
        return self.outside.total() / self.words if self.words else 0.0


@lru_cache(maxsize=MOST_KEPT)
def measure(text: str) -> Reading:
    """Measures a plain text. Punctuation is no character, a colon or semicolon ends a sentence as a reader breathes."""
    sentences = [each for each in map(str.strip, _SENTENCE_END.split(text)) if count_characters(each)]
    lengths = [count_characters(each) for each in sentences]
    found = Counter(words(text))
    common, known = _common(), _known()
    rare = {word: count for word, count in found.items() if word in known and word not in common}
    outside = Counter({word: count for word, count in rare.items() if word[0] not in NUMERALS})
    return Reading(
        sentences=len(sentences),
        characters=sum(lengths),
        longest=max(sentences, key=count_characters, default=""),
        long_sentences=sum(length > LONG_SENTENCE for length in lengths),
        words=found.total(),
        outside=outside,
    )


def words(text: str) -> Iterator[str]:
    """The words of the Chinese in a text, the longest known one first at each place (forward maximum matching)."""
    known = _known()
    for run in _HAN.findall(text):
        place = 0
        while place < len(run):
            sizes = range(min(LONGEST_WORD, len(run) - place), 1, -1)
            length = next((size for size in sizes if run[place : place + size] in known), 1)
            yield run[place : place + length]
            place += length


@cache
def _ranked() -> tuple[str, ...]:
    return tuple(lzma.decompress((WORDS / "by-frequency.txt.xz").read_bytes()).decode().split("\n"))


@cache
def _trade() -> frozenset[str]:
    return frozenset((WORDS / "trade.txt").read_text(encoding="utf-8").split())


@cache
def _common() -> frozenset[str]:
    return frozenset(_ranked()[:COMMON_WORDS]) | _trade()


@cache
def _known() -> frozenset[str]:
    return frozenset(_ranked()) | _trade()
