"""Which format a file is of, by its content, and its reader."""

import re
from enum import StrEnum

from lms.adapters.banks import aiken, columns, gift, moodle, numbered, word
from lms.adapters.banks.found import Reading
from lms.adapters.office import package as office
from lms.adapters.office import text as plain
from lms.adapters.office import workbook
from lms.domain.errors import Refused


class Format(StrEnum):
    """The formats we read."""

    EXCEL = "excel"
    WORD = "word"
    TEXT = "text"
    GIFT = "gift"
    AIKEN = "aiken"
    MOODLE = "moodle"


_GIFT = re.compile(r"(?<!\\)\{\s*(?:[^{}]*[=~#]|T\b|TRUE\b|F\b|FALSE\b)[^{}]*\}|^\s*::.+?::", re.MULTILINE)
_XML = re.compile(r"\s*<(?:\?|quiz\b|!DOCTYPE|!--)", re.IGNORECASE)


def sniff(data: bytes, name: str = "") -> Format:
    """The format of a file. Refused: bank_file_empty, bank_file_kind, file_old, office_*, bank_file_*."""
    if not data.strip():
        raise Refused("bank_file_empty")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", office.OLD_OFFICE)):
        with office.opened(data) as package:
            if package.has(word.DOCUMENT):
                return Format.WORD
            if package.has(workbook.BOOK):
                return Format.EXCEL
        raise Refused("bank_file_kind")
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z", b"{\\rtf")):
        raise Refused("bank_file_kind")
    text = plain.decode(data)
    if _XML.match(text):
        return Format.MOODLE
    if aiken.is_aiken(text):
        return Format.AIKEN
    return Format.GIFT if name.lower().endswith(".gift") or _GIFT.search(text) else Format.TEXT


def read(data: bytes, kind: Format) -> Reading:
    """What a file of that format holds. Refused: as its reader says, in plain words."""
    match kind:
        case Format.EXCEL:
            return columns.read(workbook.read(data))
        case Format.WORD:
            return numbered.read(word.read(data))
        case Format.MOODLE:
            return moodle.read(data)
        case _:
            text = plain.decode(data)
    if kind is Format.GIFT:
        return gift.read(text)
    if kind is Format.AIKEN:
        return aiken.read(text)
    lines = (numbered.Line(number, line) for number, line in enumerate(text.splitlines(), start=1))
    return numbered.read(lines)
