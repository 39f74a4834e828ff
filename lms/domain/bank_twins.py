"""Questions that are there already: word for word, or nearly."""

import hashlib
import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from itertools import pairwise
from typing import Generic, TypeVar

from lms.domain.bank import Item, fold

NEAR_PERMILLE = 900

Key = TypeVar("Key", bound=Hashable)


def content_hash(item: Item) -> str:
    """SHA-256 over what is asked and what is right: the same for options in another order, with other feedback."""
    return hashlib.sha256(json.dumps(_core(item), ensure_ascii=False).encode()).hexdigest()


def _core(item: Item) -> list[object]:
    return [
        item.type.value,
        fold(item.stem),
        sorted((fold(option.text), option.correct) for option in item.options),
        [fold(step) for step in item.steps],
        sorted((fold(pair.left), fold(pair.right)) for pair in item.pairs),
        [sorted(map(fold, accepted)) for accepted in item.blanks],
        [_core(part) for part in item.parts],
        item.picture.sha256 if item.picture else None,
    ]


def essence(item: Item) -> str:
    """All words of a question that a reader would compare, without marks and blanks."""
    texts = [item.stem, *sorted(option.text for option in item.options), *item.steps]
    texts += [side for pair in item.pairs for side in (pair.left, pair.right)]
    told = "".join(texts) + "".join(map(essence, item.parts))
    return "".join(sign for sign in fold(told) if unicodedata.category(sign)[0] in "LN")


def bigrams(text: str) -> frozenset[str]:
    """The pairs of neighbouring signs; of a single sign, itself."""
    return frozenset(before + after for before, after in pairwise(text)) or frozenset({text} - {""})


def similarity(one: frozenset[str], other: frozenset[str]) -> int:
    """How alike two texts are by their bigrams, in ‰ (Dice: twice the common ones by all of both), rounded down."""
    both = len(one) + len(other)
    return 2000 * len(one & other) // both if both else 1000


class Twins(Generic[Key]):
    """Finds, among texts, one that is at least 90 % alike.

    Two sets of bigrams of n and m can be so alike only if 11·min ≥ 9·max, and then share one of the rarest: where
    these are rare, only texts that hold them are compared. Sets are numbers with a bit for each bigram, so that
    comparing with all, where a template makes nothing rare, still takes seconds for thousands of texts.
    """

    def __init__(self, texts: Iterable[tuple[Key, str]]) -> None:
        told = [(key, bigrams(text)) for key, text in texts]
        self._keys = [key for key, _ in told]
        self._places = {key: place for place, key in enumerate(self._keys)}
        self._rarity = Counter(pair for _, found in told for pair in found)
        self._bits = {pair: 1 << number for number, (pair, _) in enumerate(self._rarity.most_common())}
        self._sizes = [len(found) for _, found in told]
        self._sets = [self._as_bits(found) for _, found in told]
        self._index: dict[str, list[int]] = defaultdict(list)
        for place, (_, found) in enumerate(told):
            for pair in self._rarest(found):
                self._index[pair].append(place)

    def find(self, text: str, *, but: Key | None = None) -> Key | None:
        """The key of the first text at least 90 % alike, in the order they were given; not `but` or a later one."""
        found = bigrams(text)
        mine, size, sizes, sets = self._as_bits(found), len(found), self._sizes, self._sets
        for place in self._candidates(found, but):
            if 2000 * (mine & sets[place]).bit_count() >= NEAR_PERMILLE * (size + sizes[place]) > 0:
                return self._keys[place]
        return None

    def _candidates(self, found: frozenset[str], but: Key | None) -> Iterable[int]:
        end = len(self._keys) if but is None else self._places.get(but, len(self._keys))
        postings = [self._index.get(pair, []) for pair in self._rarest(found)]
        if sum(map(len, postings)) > len(self._keys) // 4:
            return range(end)
        return sorted({place for posting in postings for place in posting if place < end})

    def _as_bits(self, found: frozenset[str]) -> int:
        made = 0
        for pair in found:
            made |= self._bits.get(pair, 0)
        return made

    def _rarest(self, found: frozenset[str]) -> list[str]:
        ordered = sorted(found, key=lambda pair: (self._rarity[pair], pair))
        needed = -(-9 * len(found) // 11)  # so many must be common, or 90 % is out of reach
        return ordered[: len(found) - needed + 1]
