"""Moodle XML: what we can ask becomes a question with its picture, what we cannot is refused by name."""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from lms.adapters.banks import cloze, marks, weights
from lms.adapters.banks.found import MOST_QUESTIONS, Found, Raw, Reading
from lms.adapters.banks.plain import by_format
from lms.adapters.banks.weights import Weighed
from lms.adapters.office.package import MOST_FILE_BYTES
from lms.adapters.office.xml import parse, text_of
from lms.domain.bank import BLANK, Entry, Item, ItemType, Pair, clean
from lms.domain.bank_rules import Fault
from lms.domain.errors import Refused

FOR_PEOPLE = frozenset({"essay", "recordrtc", "poodllrecording"})
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE]-?\d+)?")


class _Unable(Exception):
    """A question of a kind we do not ask."""

    def __init__(self, code: str, place: str = "type", **values: object) -> None:
        super().__init__(code)
        self.fault = Fault(code, place, values)


@dataclass
class _Told:
    """What was read of one question besides its answer."""

    pictures: list[bytes] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class _One:
    """One question element as far as it goes; a description may be the story of a case."""

    found: Found
    case: str
    is_story: bool


def read(data: bytes) -> Reading:
    """All questions of a file. Refused: file_too_big, bank_not_moodle, bank_no_questions, xml_*."""
    if len(data) > MOST_FILE_BYTES:
        raise Refused("file_too_big", most=MOST_FILE_BYTES // 1_000_000)
    root = parse(data)
    if root.tag != "quiz":
        raise Refused("bank_not_moodle")
    elements = [each for each in root if each.tag == "question"]
    asked = [each for each in elements if each.get("type") != "category"]
    if len(asked) > MOST_QUESTIONS:
        raise Refused("bank_too_many_questions", most=MOST_QUESTIONS)
    if not asked:
        raise Refused("bank_no_questions")
    ones = [_one(number, element) for number, element in enumerate(asked, start=1)]
    return Reading(tuple(_together(ones)), len(elements) - len(asked))


def _one(number: int, element: Element) -> _One:
    kind = element.get("type", "")
    name = text_of(element.find("name/text")).strip()
    tags = [text_of(each.find("text")) for each in element.findall("tags/tag")]
    case = next((tag for tag in tags if tag.startswith(marks.CASE)), "")
    raw = Raw(number, type=kind, stem=name or text_of(element.find("questiontext/text"))[:2000])
    told = _Told()
    try:
        item = _item(element, kind, told, is_story=bool(case))
        if len(told.pictures) > 1:
            raise _Unable("bank_pictures_many", "stem")
    except _Unable as unable:
        return _One(Found(number, (raw,), None, (unable.fault,)), case, item_is_story(kind, case))
    objective, difficulty, rest = marks.taken(tags)
    entry = clean(Entry(item, objective, difficulty, rest))
    picture = told.pictures[0] if told.pictures else None
    found = Found(number, (raw,), entry, remarks=tuple(told.remarks), picture=picture)
    return _One(found, case, item_is_story(kind, case))


def item_is_story(kind: str, case: str) -> bool:
    """Whether a description tells the story of a case, as our own export writes it."""
    return kind == "description" and bool(case)


def _item(element: Element, kind: str, told: _Told, *, is_story: bool) -> Item:
    stem = _text(element.find("questiontext"), told)
    if old := text_of(element.find("image_base64")).strip():  # as Moodle 1.9 wrote it
        told.pictures.append(_decoded(old))
    explanation = _text(element.find("generalfeedback"))
    if kind == "description" and is_story:
        return Item(ItemType.CASE, stem, explanation=explanation)
    reader = READERS.get(kind)
    if reader is None:
        raise _Unable("bank_type_for_people" if kind in FOR_PEOPLE else "bank_type_moodle", kind=kind[:40])
    return replace(reader(element, stem, told), explanation=explanation)


def _text(element: Element | None, told: _Told | None = None) -> str:
    """The words of a text element; its pictures are gathered in `told`, or refused where none can be shown."""
    if element is None:
        return ""
    plain, shown = by_format(text_of(element.find("text")), element.get("format", "moodle_auto_format"))
    files = {each.get("name", ""): each for each in element.findall("file")}
    if told is None:
        if shown:
            raise _Unable("bank_picture_in_option", "options")
        return plain
    names = [unquote(source.rpartition("/")[2]) for source in shown] or list(files)
    told.pictures += [_bytes(files.get(name)) for name in dict.fromkeys(names)]
    return plain


def _bytes(file: Element | None) -> bytes:
    if file is None or file.get("encoding") != "base64":
        raise _Unable("bank_picture_missing", "stem")
    return _decoded(text_of(file))


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=False)
    except binascii.Error as error:
        raise _Unable("bank_picture_missing", "stem") from error


def _weighed(element: Element) -> list[Weighed]:
    return [Weighed(_text(each), _percent(each), _text(each.find("feedback"))) for each in element.findall("answer")]


def _percent(answer: Element) -> float:
    try:
        return float(answer.get("fraction", "0"))
    except ValueError:
        return 0.0


def _multichoice(element: Element, stem: str, told: _Told) -> Item:
    single = text_of(element.find("single")).strip().lower() not in ("false", "0")
    kind, options, remarks = weights.choice(_weighed(element), single=single)
    told.remarks += remarks
    return Item(kind, stem, options)


def _truefalse(element: Element, stem: str, _told: _Told) -> Item:
    by_name = {each.text.strip().lower(): each for each in _weighed(element)}
    if by_name.keys() != {"true", "false"}:
        raise _Unable("bank_answer_missing", "answer")
    truth = by_name["true"].percent > by_name["false"].percent
    return Item(
        ItemType.TRUE_FALSE, stem, weights.true_false(truth, by_name["true"].feedback, by_name["false"].feedback)
    )


def _shortanswer(element: Element, stem: str, told: _Told) -> Item:
    answers = _weighed(element)
    if weights.has_star(answers):
        raise _Unable("bank_wildcard", "answer")
    return _filled(stem, answers, told)


def _numerical(element: Element, stem: str, told: _Told) -> Item:
    tolerances = [text_of(each.find("tolerance")).strip() or "0" for each in element.findall("answer")]
    if any(tolerance.strip("0.") for tolerance in tolerances) or element.find("units") is not None:
        raise _Unable("bank_numeric_range", "answer")
    answers = [each for each in _weighed(element) if _NUMBER.fullmatch(each.text.strip())]
    return _filled(stem, answers, told)


def _filled(stem: str, answers: Sequence[Weighed], told: _Told) -> Item:
    blank, remarks = weights.accepted(answers)
    told.remarks += remarks
    return Item(ItemType.FILL, stem if stem.count(BLANK) == 1 else f"{stem.rstrip()}{BLANK}", blanks=(blank,))


def _matching(element: Element, stem: str, _told: _Told) -> Item:
    pairs = (Pair(_text(each), text_of(each.find("answer/text"))) for each in element.findall("subquestion"))
    return Item(ItemType.MATCHING, stem, pairs=tuple(pairs))


def _ordering(element: Element, stem: str, _told: _Told) -> Item:
    return Item(ItemType.ORDERING, stem, steps=tuple(_text(each) for each in element.findall("answer")))


def _cloze(_element: Element, stem: str, told: _Told) -> Item:
    found = cloze.read(stem)
    if found is None:
        raise _Unable("bank_cloze", "stem")
    text, blanks = found
    accepted = []
    for answers in blanks:
        if weights.has_star(answers):
            raise _Unable("bank_wildcard", "answer")
        blank, remarks = weights.accepted(answers)
        accepted.append(blank)
        told.remarks += remarks
    return Item(ItemType.FILL, text, blanks=tuple(accepted))


READERS: dict[str, Callable[[Element, str, _Told], Item]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "ddmatch": _matching,
    "ordering": _ordering,
    "multianswer": _cloze,
    "cloze": _cloze,
}


def _together(ones: list[_One]) -> list[Found]:
    """A story and the questions behind it that carry its tag are one case."""
    found: list[Found] = []
    story: _One | None = None
    for one in ones:
        if story and one.case == story.case and not one.is_story:
            found[-1] = _with_part(found[-1], one.found)
            continue
        story = one if one.is_story else None
        found.append(one.found)
    return found


def _with_part(case: Found, part: Found) -> Found:
    faults = case.faults + part.faults
    raws, remarks = case.raws + part.raws, case.remarks + part.remarks
    if case.entry is None or part.entry is None:
        return replace(case, raws=raws, entry=None, faults=faults, remarks=remarks)
    whole = replace(case.entry.item, parts=(*case.entry.item.parts, part.entry.item))
    return replace(case, raws=raws, entry=replace(case.entry, item=whole), remarks=remarks)
