"""A question as fields of a form, and back: the same rows that our Excel template has."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from lms.adapters.banks.found import Raw
from lms.adapters.banks.telling import LETTERS, tell
from lms.adapters.banks.template import rows_of
from lms.domain.bank import Entry, Item, ItemType, clean
from lms.domain.bank_rules import Fault, find_faults
from lms.services.bank import Place
from lms.web.bank_words import PLACES
from lms.web.pages import named
from lms.web.wording import sentence

LEAST_ROWS, SPARE_ROWS = 4, 2
PART_ROWS, LEAST_PARTS, SPARE_PARTS = 6, 3, 1
MOST_PARTS = 10
PART_TYPES = tuple(kind for kind in ItemType if kind is not ItemType.CASE)


@dataclass(frozen=True)
class Written:
    """What somebody wrote: the rows to show again, the question they make, and what is wrong."""

    rows: tuple[Raw, ...]
    entry: Entry | None
    faults: tuple[Fault, ...]


def read(kind: ItemType, form: "MultiDict[str, str]", objectives: Iterable[str]) -> Written:
    """The question in a posted form."""
    head = replace(
        _row("", kind, form),
        difficulty=form.get("difficulty", ""),
        objective=form.get("objective", ""),
        tags=form.get("tags", ""),
    )
    prefixes = [f"p{number}-" for number in range(1, MOST_PARTS + 1)] if kind is ItemType.CASE else []
    parts = [_row(prefix, _part_type(form.get(f"{prefix}type", "")), form) for prefix in prefixes]
    rows = (head, *(part for part in parts if part.stem.strip() or part.options))
    found = tell(rows)
    if found.entry is None:
        return Written(rows, None, found.faults)
    entry = clean(found.entry)
    return Written(rows, entry, find_faults(entry, objectives))


def _part_type(told: str) -> ItemType:
    return ItemType(told) if told in PART_TYPES else ItemType.SINGLE


def _row(prefix: str, kind: ItemType, form: "MultiDict[str, str]") -> Raw:
    texts = form.getlist(f"{prefix}option")
    told = [*form.getlist(f"{prefix}feedback"), *([""] * len(texts))]
    right = set(form.getlist(f"{prefix}right"))
    kept = [number for number, text in enumerate(texts) if text.strip()][: len(LETTERS)]
    letters = "".join(LETTERS[place] for place, number in enumerate(kept) if str(number) in right)
    if kind is ItemType.ORDERING:
        letters = LETTERS[: len(kept)]
    elif kind is ItemType.TRUE_FALSE and not kept:  # the first two lines of a part mean 对 and 错
        letters = "A" if "0" in right else "B" if "1" in right else ""
    return Raw(
        0,
        type=kind.value,
        stem=form.get(f"{prefix}stem", ""),
        options=tuple(texts[number] for number in kept),
        feedback=tuple(told[number] for number in kept),
        answer=letters,
        explanation=form.get(f"{prefix}explanation", ""),
    )


def rows_to_show(kind: ItemType, entry: Entry | None) -> tuple[Raw, ...]:
    """The rows of a question, or of an empty one."""
    if entry is None:
        options = ("对", "错") if kind is ItemType.TRUE_FALSE else ()
        return (Raw(0, type=kind.value, options=options),)
    items: list[Item] = [entry.item, *entry.item.parts]
    return tuple(replace(row, type=item.type.value) for row, item in zip(rows_of(entry, 0), items, strict=True))


def padded(rows: tuple[Raw, ...]) -> list[Raw]:
    """The rows with empty lines to write on."""
    head, *parts = rows
    if head.type == ItemType.CASE:
        empty = Raw(0, type=ItemType.SINGLE.value)
        count = min(MOST_PARTS, max(LEAST_PARTS, len(parts) + SPARE_PARTS))
        parts = [*parts, *([empty] * (count - len(parts)))]
        return [head, *(_with_options(part, PART_ROWS) for part in parts)]
    return [head if head.type == ItemType.TRUE_FALSE else _with_options(head, LEAST_ROWS)]


def _with_options(row: Raw, least: int) -> Raw:
    count = min(len(LETTERS), max(least, len(row.options) + SPARE_ROWS))
    return replace(row, options=(*row.options, *([""] * (count - len(row.options)))))


def goals_of(place: Place) -> list[tuple[str, str]]:
    """The objectives of a course to choose from, in the reader's language."""
    return [(each.id, named(each, "text")) for each in place.objectives]


def tell_fault(fault: Fault) -> str:
    """What is wrong, with the cell it is about: “第 2 小题，答案：没有答案。”"""
    told = f"{PLACES[fault.place]}{gettext('：')}{sentence(fault.code, fault.values)}"
    part = fault.values.get("part")
    return gettext("第 %(part)s 小题，%(told)s", part=part, told=told) if part else told
