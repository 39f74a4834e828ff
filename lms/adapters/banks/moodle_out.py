"""Questions as Moodle XML. A case becomes its story and the questions behind it, tied by a tag."""

import base64
from collections.abc import Callable, Iterable, Iterator
from html import escape
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement

from lms.adapters.banks import cloze, marks, weights
from lms.adapters.banks.document import SUFFIXES
from lms.domain.bank import Entry, Item, ItemType
from lms.domain.courses import Asset

LONGEST_NAME = 60
TYPES = {
    ItemType.SINGLE: "multichoice",
    ItemType.MULTIPLE: "multichoice",
    ItemType.TRUE_FALSE: "truefalse",
    ItemType.ORDERING: "ordering",
    ItemType.MATCHING: "matching",
    ItemType.CASE: "description",
}


def write(entries: Iterable[Entry], pictures: Callable[[Asset], bytes], path: Path) -> None:
    """A file that Moodle reads, and we read again unchanged."""
    quiz = Element("quiz")
    for number, entry in enumerate(entries, start=1):
        for item, tags in _questions(number, entry):
            quiz.append(_question(item, tags, pictures))
    ElementTree(quiz).write(path, "UTF-8", xml_declaration=True)


def _questions(number: int, entry: Entry) -> Iterator[tuple[Item, list[str]]]:
    case = [f"{marks.CASE}{number}"] if entry.item.type is ItemType.CASE else []
    yield entry.item, [*case, *marks.of(entry)]
    for part in entry.item.parts:
        yield part, case


def _question(item: Item, tags: list[str], pictures: Callable[[Asset], bytes]) -> Element:
    several = item.type is ItemType.FILL and len(item.blanks) > 1
    question = Element("question", type="multianswer" if several else TYPES.get(item.type, "shortanswer"))
    SubElement(SubElement(question, "name"), "text").text = " ".join(item.stem.split())[:LONGEST_NAME]
    stem = cloze.write(item.stem, item.blanks) if several else item.stem
    _stem(question, stem, item.picture, pictures)
    _words(question, "generalfeedback", item.explanation)
    WRITERS.get(item.type, _nothing)(question, item)
    if tags:
        listed = SubElement(question, "tags")
        for tag in tags:
            SubElement(SubElement(listed, "tag"), "text").text = tag
    return question


def _stem(question: Element, stem: str, picture: Asset | None, pictures: Callable[[Asset], bytes]) -> None:
    if picture is None:
        _words(question, "questiontext", stem)
        return
    name = f"{picture.sha256[:16]}.{SUFFIXES[picture.content_type]}"
    lines = "<br>".join(escape(line) for line in stem.split("\n"))
    told = _words(question, "questiontext", f'<p>{lines}</p><p><img src="@@PLUGINFILE@@/{name}" alt=""></p>', "html")
    file = SubElement(told, "file", name=name, path="/", encoding="base64")
    file.text = base64.b64encode(pictures(picture)).decode()


def _words(parent: Element, name: str, text: str, kind: str = "plain_text") -> Element:
    told = SubElement(parent, name, format=kind)
    SubElement(told, "text").text = text
    return told


def _answer(question: Element, text: str, fraction: str, feedback: str = "") -> None:
    answer = SubElement(question, "answer", fraction=fraction, format="plain_text")
    SubElement(answer, "text").text = text
    _words(answer, "feedback", feedback)


def _choice(question: Element, item: Item) -> None:
    single = item.type is ItemType.SINGLE
    SubElement(question, "single").text = "true" if single else "false"
    SubElement(question, "shuffleanswers").text = "true"
    SubElement(question, "answernumbering").text = "ABCD"
    share = f"{100 / max(1, len(item.correct_options)):.5f}".rstrip("0").rstrip(".")
    for option in item.options:
        _answer(question, option.text, share if option.correct else "0" if single else "-100", option.feedback)


def _true_false(question: Element, item: Item) -> None:
    for option, name in zip(item.options, ("true", "false"), strict=True):
        _answer(question, name, "100" if option.correct else "0", option.feedback)


def _ordering(question: Element, item: Item) -> None:
    for number, step in enumerate(item.steps, start=1):
        _answer(question, step, str(number))


def _matching(question: Element, item: Item) -> None:
    SubElement(question, "shuffleanswers").text = "true"
    for pair in item.pairs:
        sub = _words(question, "subquestion", pair.left)
        SubElement(SubElement(sub, "answer"), "text").text = pair.right


def _fill(question: Element, item: Item) -> None:
    if len(item.blanks) == 1:
        SubElement(question, "usecase").text = "0"
        for text in item.blanks[0]:
            _answer(question, weights.guard_stars(text), "100")


def _nothing(_question: Element, _item: Item) -> None:
    return


WRITERS: dict[ItemType, Callable[[Element, Item], None]] = {
    ItemType.SINGLE: _choice,
    ItemType.MULTIPLE: _choice,
    ItemType.TRUE_FALSE: _true_false,
    ItemType.ORDERING: _ordering,
    ItemType.MATCHING: _matching,
    ItemType.FILL: _fill,
}
