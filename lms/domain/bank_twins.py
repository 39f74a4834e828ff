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

    Two sets of bigrams of n and m can be so alike only if 11·min ≥ 9·max, and then share one of the rarest: of each
    text only those are looked up, so that 2,000 questions take seconds and not minutes.
    """

    def __init__(self, texts: Iterable[tuple[Key, str]]) -> None:
        self._keys: list[Key] = []
        self._sets: list[frozenset[str]] = []
        for key, text in texts:
            self._keys.append(key)
            self._sets.append(bigrams(text))
        self._places = {key: place for place, key in enumerate(self._keys)}
        self._rarity = Counter(pair for found in self._sets for pair in found)
        self._index: dict[str, list[int]] = defaultdict(list)
        for place, found in enumerate(self._sets):
            for pair in self._rarest(found):
                self._index[pair].append(place)

    def find(self, text: str, *, but: Key | None = None) -> Key | None:
        """The key of the first text at least 90 % alike, in the order they were given; not `but` or a later one."""
        mine = bigrams(text)
        end = len(self._keys) if but is None else self._places.get(but, len(self._keys))
        near = {place for pair in self._rarest(mine) for place in self._index.get(pair, ()) if place < end}
        alike = (place for place in sorted(near) if similarity(mine, self._sets[place]) >= NEAR_PERMILLE)
        place = next(alike, None)
        return None if place is None else self._keys[place]

    def _rarest(self, found: frozenset[str]) -> list[str]:
        ordered = sorted(found, key=lambda pair: (self._rarity[pair], pair))
        needed = -(-9 * len(found) // 11)  # so many must be common, or 90 % is out of reach
        return ordered[: len(found) - needed + 1]
