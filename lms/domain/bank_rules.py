"""What a question of the bank must be before anybody is examined with it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lms.domain.bank import BLANK, CHOICES, EASIEST, FALSE, HARDEST, TRUE, Entry, Item, ItemType, fold

LONGEST_STEM = 4000
LONGEST_TEXT = 1000
LONGEST_TAG = 40
MOST_TAGS = 12
LEAST_OPTIONS, MOST_OPTIONS = 2, 12
LEAST_PARTS, MOST_PARTS = 2, 10
MOST_ANSWERS = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: `place` is a field (stem, options, answer, …), `values` fill the sentence."""

    code: str
    place: str
    values: dict[str, object] = field(default_factory=dict)


def find_faults(entry: Entry, objectives: Iterable[str] | None = None) -> tuple[Fault, ...]:
    """Everything that keeps an entry out of the bank; `objectives` are the ids it may be about (None: any)."""
    found = list(_item_faults(entry.item))
    if not entry.objective:
        found.append(Fault("bank_objective_missing", "objective"))
    elif objectives is not None and entry.objective not in objectives:
        found.append(Fault("bank_objective_unknown", "objective", {"objective": entry.objective}))
    if not EASIEST <= entry.difficulty <= HARDEST:
        found.append(Fault("bank_difficulty", "difficulty", {"least": EASIEST, "most": HARDEST}))
    if len(entry.tags) > MOST_TAGS:
        found.append(Fault("bank_too_many", "tags", {"most": MOST_TAGS}))
    found += [Fault("bank_too_long", "tags", {"most": LONGEST_TAG}) for tag in entry.tags if len(tag) > LONGEST_TAG]
    return tuple(found)


def _item_faults(item: Item) -> Iterator[Fault]:
    yield from _text("stem", item.stem, LONGEST_STEM)
    if len(item.explanation) > LONGEST_STEM:
        yield Fault("bank_too_long", "explanation", {"most": LONGEST_STEM})
    if item.type in CHOICES:
        yield from _option_faults(item)
    elif item.type is ItemType.ORDERING:
        yield from _list_faults("options", item.steps)
    elif item.type is ItemType.MATCHING:
        yield from _matching_faults(item)
    elif item.type is ItemType.FILL:
        yield from _fill_faults(item)
    else:
        yield from _case_faults(item)


def _option_faults(item: Item) -> Iterator[Fault]:
    yield from _list_faults("options", [option.text for option in item.options])
    if any(len(option.feedback) > LONGEST_TEXT for option in item.options):
        yield Fault("bank_too_long", "feedback", {"most": LONGEST_TEXT})
    if item.type is ItemType.TRUE_FALSE and {option.text for option in item.options} != {TRUE, FALSE}:
        yield Fault("bank_true_false", "options")
    right = len(item.correct_options)
    if right == 0:
        yield Fault("bank_none_correct", "answer")
    elif item.type is ItemType.MULTIPLE and right < 2:
        yield Fault("bank_several_correct", "answer")
    elif item.type is not ItemType.MULTIPLE and right > 1:
        yield Fault("bank_one_correct", "answer")


def _matching_faults(item: Item) -> Iterator[Fault]:
    yield from _list_faults("options", item.lefts)
    for pair in item.pairs:
        yield from _text("options", pair.right, LONGEST_TEXT)
    if len({fold(right) for right in item.rights}) != len(item.rights):
        yield Fault("bank_same_twice", "options")
    if not LEAST_OPTIONS <= len(item.rights) <= MOST_OPTIONS:
        yield Fault("bank_count", "options", {"least": LEAST_OPTIONS, "most": MOST_OPTIONS, "found": len(item.rights)})


def _fill_faults(item: Item) -> Iterator[Fault]:
    asked = item.stem.count(BLANK)
    if not 1 <= asked <= MOST_OPTIONS:
        yield Fault("bank_blanks", "stem", {"blank": BLANK, "most": MOST_OPTIONS})
    elif asked != len(item.blanks):
        yield Fault("bank_blank_answers", "answer", {"blanks": asked, "answers": len(item.blanks)})
    for accepted in item.blanks:
        if not accepted or not all(map(fold, accepted)):
            yield Fault("bank_blank_empty", "answer")
        elif len(accepted) > MOST_ANSWERS or any(len(text) > LONGEST_TEXT for text in accepted):
            yield Fault("bank_too_long", "answer", {"most": LONGEST_TEXT})


def _case_faults(item: Item) -> Iterator[Fault]:
    found = len(item.parts)
    if not LEAST_PARTS <= found <= MOST_PARTS:
        yield Fault("bank_parts", "parts", {"least": LEAST_PARTS, "most": MOST_PARTS, "found": found})
    for number, part in enumerate(item.parts, start=1):
        if part.type is ItemType.CASE or part.picture is not None:
            yield Fault("bank_part_type", "parts", {"part": number})
        else:
            yield from (Fault(each.code, each.place, {**each.values, "part": number}) for each in _item_faults(part))


def _list_faults(place: str, texts: Sequence[str]) -> Iterator[Fault]:
    if not LEAST_OPTIONS <= len(texts) <= MOST_OPTIONS:
        yield Fault("bank_count", place, {"least": LEAST_OPTIONS, "most": MOST_OPTIONS, "found": len(texts)})
    for text in texts:
        yield from _text(place, text, LONGEST_TEXT)
    told = [fold(text) for text in texts if text]
    if len(set(told)) != len(told):
        yield Fault("bank_same_twice", place)


def _text(place: str, text: str, most: int) -> Iterator[Fault]:
    if not text:
        yield Fault("bank_empty", place)
    elif len(text) > most:
        yield Fault("bank_too_long", place, {"most": most})
