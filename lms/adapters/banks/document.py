"""Questions as a Word document: numbered, with A to D, answer and explanation below, pictures in their place."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image

from lms.adapters.banks.found import Raw
from lms.adapters.banks.telling import LETTERS
from lms.adapters.banks.template import rows_of
from lms.domain.bank import Entry
from lms.domain.courses import Asset

EMU_PER_PIXEL = 9525
WIDEST_EMU = 4_500_000
SUFFIXES = {"image/png": "png", "image/jpeg": "jpeg", "image/webp": "webp"}
LABELS = {"answer": "答案", "explanation": "解析", "difficulty": "难度", "objective": "知识点", "tags": "标签"}
STYLES = ("stem", "part", "option", "feedback", "picture", *LABELS)

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(f'<Default Extension="{suffix}" ContentType="{kind}"/>' for kind, suffix in SUFFIXES.items())
    + '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>'
)
_RELS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_R}/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def write(entries: Iterable[Entry], pictures: Callable[[Asset], bytes], path: Path) -> None:
    """A document that we read again unchanged."""
    shown: list[tuple[str, bytes]] = []
    body = "".join(_question(number, entry, pictures, shown) for number, entry in enumerate(entries, start=1))
    links = [f'<Relationship Id="rId1" Type="{_R}/styles" Target="styles.xml"/>']
    links += [f'<Relationship Id="{_id(n)}" Type="{_R}/image" Target="{name}"/>' for n, (name, _) in enumerate(shown)]
    document = f'{_HEAD}<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{body}<w:sectPr/></w:body></w:document>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", _TYPES)
        packed.writestr("_rels/.rels", _RELS)
        packed.writestr("word/document.xml", document)
        packed.writestr("word/styles.xml", _styles())
        rels = f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(links)}</Relationships>'
        packed.writestr("word/_rels/document.xml.rels", rels)
        for name, data in shown:
            packed.writestr(f"word/{name}", data)


def _id(number: int) -> str:
    return f"rId{number + 10}"


def _styles() -> str:
    styles = "".join(
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="Kx-{role}"><w:name w:val="Kx-{role}"/>'
        f"{_space(role)}</w:style>"
        for role in STYLES
    )
    return f'{_HEAD}<w:styles xmlns:w="{_W}">{styles}</w:styles>'


def _space(role: str) -> str:
    if role == "stem":
        return '<w:pPr><w:keepNext/><w:spacing w:before="240"/></w:pPr><w:rPr><w:b/></w:rPr>'
    return '<w:pPr><w:ind w:left="420"/></w:pPr>'


def _question(number: int, entry: Entry, pictures: Callable[[Asset], bytes], shown: list[tuple[str, bytes]]) -> str:
    head, *parts = rows_of(entry, number)
    told = list(_row(head, f"{number}. ", "stem"))
    if entry.item.picture:
        told.insert(1, _picture(entry.item.picture, pictures(entry.item.picture), shown))
    for part, raw in enumerate(parts, start=1):
        told += _row(raw, f"({part}) ", "part")
    return "".join(told)


def _row(raw: Raw, label: str, role: str) -> Iterator[str]:
    yield _paragraph(f"{label}【{raw.type}】{raw.stem}", role)
    for number, option in enumerate(raw.options):
        yield _paragraph(f"{LETTERS[number]}. {option}", "option")
        if number < len(raw.feedback) and raw.feedback[number]:
            yield _paragraph(f"反馈：{raw.feedback[number]}", "feedback")
    for field, name in LABELS.items():
        if told := getattr(raw, field):
            yield _paragraph(f"{name}：{told}", field)


def _paragraph(text: str, role: str) -> str:
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f'<w:p><w:pPr><w:pStyle w:val="Kx-{role}"/></w:pPr><w:r>{lines}</w:r></w:p>'


def _picture(asset: Asset, data: bytes, shown: list[tuple[str, bytes]]) -> str:
    number = len(shown)
    name = f"media/picture{number + 1}.{SUFFIXES[asset.content_type]}"
    shown.append((name, data))
    with Image.open(io.BytesIO(data)) as opened:
        wide, high = opened.size
    width = min(WIDEST_EMU, wide * EMU_PER_PIXEL)
    size = f'cx="{width}" cy="{width * high // max(1, wide)}"'
    return (
        f'<w:p><w:pPr><w:pStyle w:val="Kx-picture"/></w:pPr><w:r><w:drawing>'
        f'<wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing"><wp:extent {size}/>'
        f'<wp:docPr id="{number + 1}" name="picture{number + 1}"/><a:graphic xmlns:a="{_DRAWING}/main">'
        f'<a:graphicData uri="{_DRAWING}/picture"><pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr>'
        f'<pic:cNvPr id="{number + 1}" name="picture{number + 1}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:embed="{_id(number)}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>'
        f'<a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "</pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
