"""Questions as GIFT, as far as GIFT can say them; the others are counted and named in a comment."""

import re
from collections.abc import Iterable
from pathlib import Path

from lms.adapters.banks import marks, weights
from lms.domain.bank import BLANK, CHOICES, Entry, Item, ItemType

_SIGNS = re.compile(r"([\\:#={}~])")


def can_say(item: Item) -> bool:
    """Whether GIFT has words for a question: no picture, no order, one blank, no arrow inside a pair."""
    if item.picture or item.type in (ItemType.ORDERING, ItemType.CASE):
        return False
    if item.type is ItemType.FILL:
        return len(item.blanks) == 1
    return not any("->" in side for pair in item.pairs for side in (pair.left, pair.right))


def write(entries: Iterable[Entry], path: Path) -> None:
    """A file that we read again unchanged, without what GIFT cannot say."""
    told = []
    for number, entry in enumerate(entries, start=1):
        if can_say(entry.item):
            told.append(_question(number, entry))
        else:
            told.append(f"// {number}: GIFT 写不了这道题，请用 Moodle XML 导出。\n")
    path.write_text("\n".join(told), "utf-8")


def _question(number: int, entry: Entry) -> str:
    item = entry.item
    tags = " ".join(f"[tag:{tag.replace(']', chr(92) + ']')}]" for tag in marks.of(entry))
    before, _, after = item.stem.partition(BLANK) if item.type is ItemType.FILL else (item.stem, "", "")
    explanation = f"####{_told(item.explanation)}" if item.explanation else ""
    return f"// {tags}\n::{number}::[plain]{_told(before)}{{{_answer(item)}{explanation}}}{_told(after)}\n"


def _answer(item: Item) -> str:
    if item.type is ItemType.TRUE_FALSE:
        right, wrong = sorted(item.options, key=lambda option: not option.correct)
        word = "TRUE" if item.options[0].correct else "FALSE"
        told = [wrong.feedback, right.feedback] if right.feedback else [wrong.feedback] if wrong.feedback else []
        return word + "".join(f"#{_told(feedback)}" for feedback in told)
    if item.type in CHOICES:
        return _choice(item)
    if item.type is ItemType.MATCHING:
        return "".join(f"={_told(pair.left)} -> {_told(pair.right)}\n" for pair in item.pairs)
    return "".join(f"={_told(weights.guard_stars(text))}" for text in item.blanks[0])


def _choice(item: Item) -> str:
    share = f"{100 / max(1, len(item.correct_options)):.5f}".rstrip("0").rstrip(".")
    right, wrong = ("=", "~") if item.type is ItemType.SINGLE else (f"~%{share}%", "~%-100%")
    return "".join(
        f"{right if option.correct else wrong}{_told(option.text)}"
        + (f"#{_told(option.feedback)}" if option.feedback else "")
        for option in item.options
    )


def _told(text: str) -> str:
    return _SIGNS.sub(r"\\\1", text).replace("\n", "\\n")
