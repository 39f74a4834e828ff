"""A row of our template, or of somebody else's that was brought into its form, becomes a question."""

import re
import unicodedata
from collections.abc import Sequence

from lms.adapters.banks import words
from lms.adapters.banks.found import UNTOLD, Found, Raw
from lms.domain.bank import BLANK, FALSE, TRUE, Entry, Item, ItemType, Pair, clean, clean_text, fold
from lms.domain.bank_rules import Fault
from lms.domain.courses import Option

LETTERS = "ABCDEFGHIJKL"
_EMPTY_BRACKETS = re.compile(r"[（(]\s*[)）]|_{2,}|＿+|﹍{2,}")
_ARROW, _BAR = "=>|→", "[|｜]"
_ESCAPED = re.compile(r"\\(\\|\||｜|=>|→)")
_BETWEEN_BLANKS = ("[；;]", "[|｜]", "、", "[，,]", r"\s+")


class _Unclear(Exception):
    """What a row says makes no question."""

    def __init__(self, code: str, place: str, **values: object) -> None:
        super().__init__(code)
        self.fault = Fault(code, place, values)


def tell(raws: Sequence[Raw], picture: bytes | None = None) -> Found:
    """One question from its row; a case from its row and those of its parts."""
    head, *rest = raws
    difficulty = words.difficulty_of(head.difficulty)
    faults = []
    if difficulty is None:
        faults.append(Fault("bank_difficulty_unclear", "difficulty", {"words": head.difficulty[:40]}))
    item = None
    try:
        item = _case(head, rest) if rest or words.type_of(head.type) is ItemType.CASE else _item(head)
    except _Unclear as unclear:
        faults.append(unclear.fault)
    if item is None or faults:
        return Found(head.place, tuple(raws), None, tuple(faults), picture=picture)
    tags = (head.tags,)
    entry = clean(Entry(item, head.objective, difficulty or UNTOLD, tags))
    return Found(head.place, tuple(raws), entry, picture=picture)


def _case(head: Raw, rest: Sequence[Raw]) -> Item:
    parts = []
    for number, raw in enumerate(rest, start=1):
        try:
            parts.append(_item(raw))
        except _Unclear as unclear:
            unclear.fault.values["part"] = number
            raise
    return Item(ItemType.CASE, head.stem, parts=tuple(parts), explanation=head.explanation)


def _item(raw: Raw) -> Item:
    kind = _kind(raw)
    if kind is ItemType.TRUE_FALSE:
        return Item(kind, raw.stem, _true_false(raw), explanation=raw.explanation)
    if kind is ItemType.ORDERING:
        return Item(kind, raw.stem, steps=_steps(raw), explanation=raw.explanation)
    if kind is ItemType.MATCHING:
        return Item(kind, raw.stem, pairs=tuple(map(_pair, raw.options)), explanation=raw.explanation)
    if kind is ItemType.FILL:
        stem, blanks = _fill(raw)
        return Item(kind, stem, blanks=blanks, explanation=raw.explanation)
    return Item(kind, raw.stem, _options(raw), explanation=raw.explanation)


def _kind(raw: Raw) -> ItemType:
    told = words.type_of(raw.type)
    if told == words.OTHER:
        raise _Unclear("bank_type_for_people", "type", words=raw.type[:40])
    if told is None and raw.type.strip():
        raise _Unclear("bank_type_unknown", "type", words=raw.type[:40])
    if told == words.CHOICE:
        return ItemType.MULTIPLE if len(words.letters_of(raw.answer) or ()) > 1 else ItemType.SINGLE
    if isinstance(told, ItemType):
        single = told is ItemType.MULTIPLE and "不定项" in raw.type and len(words.letters_of(raw.answer) or ()) == 1
        return ItemType.SINGLE if single else told
    return _guessed(raw)


def _guessed(raw: Raw) -> ItemType:
    """The kind of a question that does not say it."""
    letters = re.sub(r"[^A-Z]", "", unicodedata.normalize("NFKC", raw.answer).upper())
    if not raw.options and re.search(r"_{2,}|＿", raw.stem):
        return ItemType.FILL
    if words.truth_of(raw.answer) is not None and len(raw.options) in (0, 2):
        return ItemType.TRUE_FALSE
    if not raw.options and not letters:
        return ItemType.FILL
    return ItemType.MULTIPLE if len(letters) > 1 else ItemType.SINGLE


def _options(raw: Raw) -> tuple[Option, ...]:
    right = _picked(raw)
    feedback = (*raw.feedback, *([""] * len(raw.options)))
    return tuple(
        Option(text, told, number in right)
        for number, (text, told) in enumerate(zip(raw.options, feedback, strict=False))
    )


def _picked(raw: Raw) -> list[int]:
    if not raw.answer.strip():
        raise _Unclear("bank_answer_missing", "answer")
    by_text = [number for number, text in enumerate(raw.options) if fold(text) == fold(raw.answer)]
    picked = words.letters_of(raw.answer)
    if picked is None or (by_text and picked[0] >= len(raw.options)):
        picked = by_text or None
    if picked is None:
        raise _Unclear("bank_answer_unclear", "answer", words=raw.answer[:40])
    if raw.options and max(picked) >= len(raw.options):
        raise _Unclear("bank_answer_option", "answer", option=LETTERS[min(max(picked), 11)], options=len(raw.options))
    return picked


def _true_false(raw: Raw) -> tuple[Option, ...]:
    truths = [words.truth_of(option) for option in raw.options]
    if set(truths) != {True, False} or len(truths) != 2:
        truths = [True, False]
    truth = words.truth_of(raw.answer)
    if truth is None:
        picked = words.letters_of(raw.answer) or []
        if len(picked) != 1 or picked[0] > 1 or not raw.answer.strip():
            code = "bank_answer_unclear" if raw.answer.strip() else "bank_answer_missing"
            raise _Unclear(code, "answer", words=raw.answer[:40])
        truth = truths[picked[0]]
    feedback = (*raw.feedback, "", "")
    return tuple(
        Option(TRUE if each else FALSE, told, each is truth) for each, told in zip(truths, feedback, strict=False)
    )


def _steps(raw: Raw) -> tuple[str, ...]:
    order = words.letters_of(raw.answer)
    if sorted(order or ()) != list(range(len(raw.options))):
        raise _Unclear("bank_answer_order", "answer", words=raw.answer[:40])
    return tuple(raw.options[number] for number in order or ())


def _pair(told: str) -> Pair:
    sides = _divided(told, _ARROW)
    if len(sides) != 2:
        raise _Unclear("bank_pair", "options", words=told[:40])
    return Pair(*sides)


def _fill(raw: Raw) -> tuple[str, tuple[tuple[str, ...], ...]]:
    if not raw.answer.strip() and not raw.options:
        raise _Unclear("bank_answer_missing", "answer")
    stem = re.sub(r"_{2,}|＿+|﹍{2,}", BLANK, raw.stem)
    if BLANK not in stem:
        stem = _EMPTY_BRACKETS.sub(BLANK, raw.stem)
    if BLANK not in stem:
        stem = f"{clean_text(stem)}{BLANK}"
    told = raw.options or _split(raw.answer, stem.count(BLANK))
    return stem, tuple(tuple(_divided(each, _BAR)) for each in told)


def _split(answer: str, blanks: int) -> tuple[str, ...]:
    for mark in _BETWEEN_BLANKS if blanks > 1 else ():
        told = [each for each in re.split(mark, answer.strip()) if each.strip()]
        if len(told) == blanks:
            return tuple(told)
    return (answer,)


def _divided(text: str, mark: str) -> list[str]:
    """The pieces of a text between marks that no backslash stands before."""
    pieces = [""]
    for token in re.findall(rf"{_ESCAPED.pattern.replace('(', '(?:')}|{mark}|.", text, re.DOTALL):
        if re.fullmatch(mark, token):
            pieces.append("")
        else:
            pieces[-1] += _ESCAPED.sub(r"\1", token)
    return [piece.strip() for piece in pieces]


def escape_bar(text: str) -> str:
    """A text that `|` does not divide."""
    return re.sub(r"([\\|｜])", r"\\\1", text)


def escape_arrow(text: str) -> str:
    """A text that `=>` does not divide."""
    return re.sub(r"(\\|=>|→)", r"\\\1", text)
