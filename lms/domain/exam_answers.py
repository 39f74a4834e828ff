"""An answer as a form or a script sends it: named fields become what is kept. Total: what makes no sense is left out.

Names by kind of question: `picked` (several for multiple), `rank-0`, `match-0`, `text-0`; those of the second part of
a case begin with `s1-`.
"""

from collections.abc import Mapping, Sequence

from lms.domain.bank import Item, ItemType, clean_line
from lms.domain.exam_papers import Given

Fields = Mapping[str, Sequence[str]]
LONGEST_TEXT = 200
MOST_DIGITS = 3


def read_given(item: Item, fields: Fields, prefix: str = "") -> Given:
    """What these fields say of a question as it is shown."""
    match item.type:
        case ItemType.ORDERING:
            ranks = [_number(fields, f"{prefix}rank-{step}", 0) for step in range(len(item.steps))]
            return {"ranks": [rank if 0 < rank <= len(item.steps) else 0 for rank in ranks]}
        case ItemType.MATCHING:
            rights = len(item.steps)
            told = [_number(fields, f"{prefix}match-{left}", -1) for left in range(len(item.lefts))]
            return {"matched": [right if right < rights else -1 for right in told]}
        case ItemType.FILL:
            return {"texts": [_text(fields, f"{prefix}text-{blank}") for blank in range(len(item.blanks))]}
        case ItemType.CASE:
            return {"parts": [read_given(part, fields, f"s{number}-") for number, part in enumerate(item.parts)]}
        case _:
            picked = sorted(
                {_int(text, -1) for text in fields.get(f"{prefix}picked", ())} & {*range(len(item.options))}
            )
            return {"picked": picked if item.type is ItemType.MULTIPLE else picked[:1]}


def _number(fields: Fields, name: str, otherwise: int) -> int:
    return _int(next(iter(fields.get(name, ())), ""), otherwise)


def _int(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else otherwise


def _text(fields: Fields, name: str) -> str:
    return clean_line(next(iter(fields.get(name, ())), ""))[:LONGEST_TEXT]
