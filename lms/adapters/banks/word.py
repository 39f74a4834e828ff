"""A Word document (.docx) as lines: with the numbers Word itself writes, without what was struck out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from lms.adapters.banks.numbered import Line
from lms.adapters.office import package as office
from lms.adapters.office.package import Package
from lms.domain.errors import Refused

DOCUMENT = "word/document.xml"
NUMBERS = "word/numbering.xml"
STYLES = "word/styles.xml"
MOST_LINES = 60_000
DEEPEST_STYLE = 5
ROLE = "Kx-"  # our own export names its paragraphs' styles so
LEFT_OUT = frozenset({"del", "moveFrom", "Fallback", "instrText", "pPr", "rPr", "sdtPr", "footnoteReference", "pict"})
_CHINESE = "一二三四五六七八九十"
_FORMATS = {"decimal", "upperLetter", "lowerLetter", "chineseCounting", "chineseCountingThousand", "japaneseCounting"}


@dataclass
class _Numbers:
    """Word's own numbering: the form of each level of each list, and how far each has counted."""

    forms: dict[tuple[str, str], tuple[str, str, int]] = field(default_factory=dict)
    counted: dict[tuple[str, str], int] = field(default_factory=dict)
    by_style: dict[str, tuple[str, str]] = field(default_factory=dict)

    def label(self, number: str, level: str) -> str:
        """What Word would write before the next paragraph of this list, such as `1.` or `A.`."""
        form, text, start = self.forms.get((number, level), ("", "", 1))
        if form not in _FORMATS:
            return ""
        at = self.counted.get((number, level), start - 1) + 1
        self.counted[number, level] = at
        for key in self.counted:
            if key[0] == number and key[1] > level:
                self.counted[key] = self.forms[key][2] - 1
        told = text.replace(f"%{int(level) + 1}", _written(form, at)) if level.isdigit() else ""
        return "" if "%" in told else told + " "


def _written(form: str, number: int) -> str:
    if form.endswith("Letter"):
        letter = chr(ord("A") + (number - 1) % 26)
        return letter if form == "upperLetter" else letter.lower()
    return _CHINESE[number - 1] if form != "decimal" and number <= len(_CHINESE) else str(number)


def read(data: bytes) -> list[Line]:
    """The lines, numbered from 1. Refused: see office.opened, bank_document_too_long, xml_*."""
    with office.opened(data) as package:
        return list(_lines(package))


def _lines(package: Package) -> Iterator[Line]:
    numbers = _numbering(package)
    links = package.links(DOCUMENT)
    number = 0
    for paragraph in _paragraphs(package.xml(DOCUMENT)):
        role = _style(paragraph)
        text = _label(paragraph, numbers) + "".join(_text(paragraph))
        picture = _picture(paragraph, package, links)
        for piece in [text] if role else text.split("\n"):
            number += 1
            if number > MOST_LINES:
                raise Refused("bank_document_too_long")
            yield Line(number, piece, role, picture)
            picture = None


def _paragraphs(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag == "p":
            yield child
        if child.tag not in LEFT_OUT:
            yield from _paragraphs(child)


def _text(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag == "t":
            yield child.text or ""
        elif child.tag == "tab":
            yield "\t"
        elif child.tag in ("br", "cr"):
            yield "\n"
        elif child.tag == "noBreakHyphen":
            yield "-"
        elif child.tag not in LEFT_OUT and child.tag != "p":  # paragraphs in text boxes come by themselves
            yield from _text(child)


def _property(paragraph: Element, path: str) -> str:
    found = paragraph.find(f"pPr/{path}")
    return "" if found is None else found.get("val", "")


def _style(paragraph: Element) -> str:
    style = _property(paragraph, "pStyle")
    return style.removeprefix(ROLE) if style.startswith(ROLE) else ""


def _label(paragraph: Element, numbers: _Numbers) -> str:
    number, level = _property(paragraph, "numPr/numId"), _property(paragraph, "numPr/ilvl")
    if not number:
        number, level = numbers.by_style.get(_property(paragraph, "pStyle"), ("", ""))
    return numbers.label(number, level or "0") if number else ""


def _numbered_styles(package: Package) -> dict[str, tuple[str, str]]:
    """Styles whose paragraphs are numbered, also those that stand on such a style."""
    found: dict[str, tuple[str, str]] = {}
    above: dict[str, str] = {}
    for style in package.xml(STYLES).iter("style") if package.has(STYLES) else ():
        name, base = style.get("styleId", ""), style.find("basedOn")
        if number := _property(style, "numPr/numId"):
            found[name] = (number, _property(style, "numPr/ilvl"))
        elif base is not None:
            above[name] = base.get("val", "")
    for _ in range(DEEPEST_STYLE):
        found |= {name: found[base] for name, base in above.items() if base in found and name not in found}
    return found


def _numbering(package: Package) -> _Numbers:
    numbers = _Numbers(by_style=_numbered_styles(package))
    if not package.has(NUMBERS):
        return numbers
    root = package.xml(NUMBERS)
    abstract = {each.get("abstractNumId", ""): each for each in root.iter("abstractNum")}
    for each in root.iter("num"):
        link = each.find("abstractNumId")
        kind = abstract.get("" if link is None else link.get("val", ""))
        for level in [] if kind is None else kind.iter("lvl"):
            told = {child.tag: child.get("val", "") for child in level}
            start = int(told["start"]) if told.get("start", "").isdecimal() and len(told["start"]) < 6 else 1
            form = (told.get("numFmt", ""), told.get("lvlText", ""), start)
            numbers.forms[each.get("numId", ""), level.get("ilvl", "")] = form
    return numbers


def _picture(paragraph: Element, package: Package, links: dict[str, str]) -> bytes | None:
    """The first picture that stands in a paragraph."""
    for blip in paragraph.iter("blip"):
        path = links.get(blip.get("embed", ""))
        if path and package.has(path):
            return package.read(path)
    return None
