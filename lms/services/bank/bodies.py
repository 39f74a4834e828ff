"""A question as JSON, and back, without loss."""

from typing import Any

from lms.domain.bank import Entry, Item, ItemType, Pair
from lms.domain.courses import Asset, Option


def to_json(entry: Entry) -> dict[str, Any]:
    """What a revision holds."""
    return {
        "item": _item(entry.item),
        "objective": entry.objective,
        "difficulty": entry.difficulty,
        "tags": list(entry.tags),
    }


def from_json(body: dict[str, Any]) -> Entry:
    """The entry that a revision holds."""
    return Entry(_read(body["item"]), body["objective"], body["difficulty"], tuple(body["tags"]))


def _item(item: Item) -> dict[str, Any]:
    told: dict[str, Any] = {"type": item.type.value, "stem": item.stem}
    if item.options:
        told["options"] = [{"text": o.text, "feedback": o.feedback, "correct": o.correct} for o in item.options]
    if item.steps:
        told["steps"] = list(item.steps)
    if item.pairs:
        told["pairs"] = [[pair.left, pair.right] for pair in item.pairs]
    if item.blanks:
        told["blanks"] = [list(accepted) for accepted in item.blanks]
    if item.parts:
        told["parts"] = [_item(part) for part in item.parts]
    if item.explanation:
        told["explanation"] = item.explanation
    if picture := item.picture:
        told["picture"] = [picture.name, picture.sha256, picture.content_type, picture.size]
    return told


def _read(told: dict[str, Any]) -> Item:
    return Item(
        type=ItemType(told["type"]),
        stem=told["stem"],
        options=tuple(Option(o["text"], o["feedback"], o["correct"]) for o in told.get("options", ())),
        steps=tuple(told.get("steps", ())),
        pairs=tuple(Pair(left, right) for left, right in told.get("pairs", ())),
        blanks=tuple(tuple(accepted) for accepted in told.get("blanks", ())),
        parts=tuple(map(_read, told.get("parts", ()))),
        explanation=told.get("explanation", ""),
        picture=Asset(*told["picture"]) if "picture" in told else None,
    )
