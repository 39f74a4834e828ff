"""GIFT, Moodle's text format: what we can ask becomes a question, what we cannot is refused by name."""

import re
from collections.abc import Iterator

from lms.adapters.banks import marks, weights
from lms.adapters.banks.found import MOST_QUESTIONS, Found, Raw, Reading
from lms.adapters.banks.plain import by_format
from lms.adapters.banks.weights import Weighed
from lms.domain.bank import BLANK, Entry, Item, ItemType, Pair, clean
from lms.domain.bank_rules import Fault
from lms.domain.errors import Refused

SIGNS = "\\:#={}~"
_KEPT = {f"\\{sign}": chr(0xE000 + number) for number, sign in enumerate(SIGNS)} | {"\\n": chr(0xE010)}
_BACK = {ord(kept): "\n" if told == "\\n" else told[1] for told, kept in _KEPT.items()}
_ESCAPED = re.compile("|".join(map(re.escape, _KEPT)))
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]")
_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_WEIGHT = re.compile(r"\s*%(-?\d+(?:[.,]\d+)?)%")
_TRUTH = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(#.*)?", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?(?:[eE]-?\d+)?)\s*(?::\s*0*(?:\.0*)?\s*)?")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]])+)\]")


class _Unable(Exception):
    """A question of a kind we do not ask, or none at all."""

    def __init__(self, code: str, place: str = "type") -> None:
        super().__init__(code)
        self.fault = Fault(code, place)


def read(text: str) -> Reading:
    """All questions of a GIFT file. Refused: bank_no_questions, bank_too_many_questions."""
    found: list[Found] = []
    skipped = 0
    for line, block, tags in _blocks(text):
        if len(found) >= MOST_QUESTIONS:
            raise Refused("bank_too_many_questions", most=MOST_QUESTIONS)
        if block.lstrip().startswith("$"):
            skipped += 1
        else:
            found.append(_found(line, block, tags))
    if not found:
        raise Refused("bank_no_questions")
    return Reading(tuple(found), skipped)


def _blocks(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """(line, text, tags) of everything between empty lines, without comments; `$` commands by themselves."""
    held: list[str] = []
    tags: list[str] = []
    begun = 0
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if line.lstrip().startswith("//"):
            tags += [tag.replace("\\]", "]") for tag in _TAG.findall(line)]
        elif not line.strip() or (line.startswith("$") and not held):
            if line.strip():
                yield number, line, []
            elif held:
                yield begun, "\n".join(held), tags
                held, tags = [], []
        else:
            begun = begun if held else number
            held.append(line)


def _found(line: int, block: str, tags: list[str]) -> Found:
    raw = Raw(line, stem=block.strip()[:2000])
    try:
        item, remarks = _item(_ESCAPED.sub(lambda found: _KEPT[found[0]], re.sub("[\ue000-\ue010]", "", block)))
    except _Unable as unable:
        return Found(line, (raw,), None, (unable.fault,))
    objective, difficulty, rest = marks.taken(tags)
    return Found(line, (raw,), clean(Entry(item, objective, difficulty, rest)), remarks=remarks)


def _item(text: str) -> tuple[Item, tuple[Fault, ...]]:
    text = _TITLE.sub("", text, count=1)
    start, end = text.find("{"), text.rfind("}")
    if start < 0 and end < 0:
        raise _Unable("bank_gift_no_answer", "answer")
    if start < 0 or end < start:
        raise _Unable("bank_gift_brackets", "answer")
    answer, tail = text[start + 1 : end].strip(), text[end + 1 :].strip("\n")
    answer, _, general = answer.partition("####")
    before, kind = _formatted(text[:start])
    explanation = _told(general, kind)
    item, remarks = _answered(answer.strip(), kind)
    if item.type is ItemType.FILL or tail.strip():
        before = f"{before}{BLANK}{tail}"
    stem = _told(before, kind)
    return Item(item.type, stem, item.options, (), item.pairs, item.blanks, explanation=explanation), remarks


def _formatted(text: str) -> tuple[str, str]:
    found = _FORMAT.match(text)
    return (text[found.end() :], found[1]) if found else (text, "moodle")


def _told(text: str, kind: str) -> str:
    text, kind = _formatted(text) if _FORMAT.match(text) else (text, kind)
    told, pictures = by_format(text.translate(_BACK), kind)
    if pictures:
        raise _Unable("bank_picture_missing", "stem")
    return told.strip()


def _answered(answer: str, kind: str) -> tuple[Item, tuple[Fault, ...]]:
    """A question without its stem: only what the braces say."""
    if not answer:
        raise _Unable("bank_type_for_people")
    if answer.startswith("#"):
        return _numeric(answer[1:], kind)
    if truth := _TRUTH.fullmatch(answer):
        return _true_false(truth, kind)
    if "~" in answer:
        return _choice(answer, kind)
    if answer.startswith("=") and "->" in answer:
        return _matching(answer, kind), ()
    if answer.startswith("="):
        weighed = _weighed(answer, kind)
        if weights.has_star(weighed):
            raise _Unable("bank_wildcard", "answer")
        blank, remarks = weights.accepted(weighed)
        return Item(ItemType.FILL, "", blanks=(blank,)), remarks
    raise _Unable("bank_gift_unclear", "answer")


def _weighed(answer: str, kind: str) -> list[Weighed]:
    found = []
    for mark, told in re.findall(r"([=~])([^=~]*)", answer):
        weight = _WEIGHT.match(told)
        percent = float(weight[1].replace(",", ".")) if weight else 100.0 if mark == "=" else 0.0
        text, _, feedback = (told[weight.end() :] if weight else told).partition("#")
        found.append(Weighed(_told(text, kind), percent, _told(feedback, kind)))
    return found


def _choice(answer: str, kind: str) -> tuple[Item, tuple[Fault, ...]]:
    weighed = [each for each in _weighed(re.sub(r"~\s*=", "=", answer), kind) if each.text]
    type_, options, remarks = weights.choice(weighed, single="=" in answer)
    return Item(type_, "", options), remarks


def _true_false(found: re.Match[str], kind: str) -> tuple[Item, tuple[Fault, ...]]:
    truth = found[1].upper().startswith("T")
    wrong, _, right = (found[2] or "#")[1:].partition("#")
    told = (right, wrong) if truth else (wrong, right)
    options = weights.true_false(truth, *(_told(each, kind) for each in told))
    return Item(ItemType.TRUE_FALSE, "", options), ()


def _matching(answer: str, kind: str) -> Item:
    pairs = []
    for told in filter(str.strip, answer.split("=")):
        left, arrow, right = told.partition("->")
        if not arrow:
            raise _Unable("bank_gift_unclear", "answer")
        pairs.append(Pair(_told(left, kind), _told(right, kind)))
    return Item(ItemType.MATCHING, "", pairs=tuple(pairs))


def _numeric(answer: str, kind: str) -> tuple[Item, tuple[Fault, ...]]:
    """A number becomes a blank where only that number is right."""
    weighed = _weighed(answer, kind) if answer.lstrip().startswith("=") else [_plain_number(answer, kind)]
    full = [each for each in weighed if each.percent >= 99.9]
    numbers = [_NUMBER.fullmatch(each.text) for each in full]
    if not numbers or not all(numbers):
        raise _Unable("bank_numeric_range", "answer")
    exact = [Weighed(number[1], 100.0, each.feedback) for number, each in zip(numbers, full, strict=True) if number]
    blank, remarks = weights.accepted([*exact, *(each for each in weighed if each not in full)])
    return Item(ItemType.FILL, "", blanks=(blank,)), remarks


def _plain_number(answer: str, kind: str) -> Weighed:
    text, _, feedback = answer.partition("#")
    return Weighed(_told(text, kind), 100.0, _told(feedback, kind))
