"""A question as rows of our template: one, or for a case one and one for each part."""

from dataclasses import replace

from lms.adapters.banks.found import Raw
from lms.adapters.banks.telling import LETTERS, escape_arrow, escape_bar
from lms.adapters.banks.words import TYPE_NAMES
from lms.domain.bank import CHOICES, Entry, Item, ItemType


def rows_of(entry: Entry, place: int, case: str = "") -> tuple[Raw, ...]:
    """The rows; `place` numbers them, `case` ties those of a case together."""
    head = replace(
        _row(entry.item, place),
        difficulty=str(entry.difficulty) if entry.difficulty else "",
        objective=entry.objective,
        tags="、".join(entry.tags),
        picture=entry.item.picture.sha256 if entry.item.picture else "",
    )
    if entry.item.type is not ItemType.CASE:
        return (head,)
    return tuple(replace(row, case=case or str(place)) for row in (head, *(_row(p, place) for p in entry.item.parts)))


def _row(item: Item, place: int) -> Raw:
    told = Raw(place, type=TYPE_NAMES[item.type], stem=item.stem, explanation=item.explanation)
    if item.type in CHOICES:
        return replace(
            told,
            options=tuple(option.text for option in item.options),
            feedback=tuple(option.feedback for option in item.options),
            answer="".join(LETTERS[number] for number in sorted(item.correct_options)),
        )
    if item.type is ItemType.ORDERING:
        return replace(told, options=item.steps, answer=LETTERS[: len(item.steps)])
    if item.type is ItemType.MATCHING:
        pairs = (f"{escape_arrow(pair.left)} => {escape_arrow(pair.right)}".strip() for pair in item.pairs)
        return replace(told, options=tuple(pairs))
    return replace(told, options=tuple("|".join(map(escape_bar, accepted)) for accepted in item.blanks))
