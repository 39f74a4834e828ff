"""Bytes become text."""

import codecs

from lms.adapters.office.package import MOST_FILE_BYTES
from lms.domain.errors import Refused


def decode(data: bytes) -> str:
    """A text file: UTF-8, UTF-16 with its mark, or GB 18030. Refused: file_too_big, file_encoding."""
    if len(data) > MOST_FILE_BYTES:
        raise Refused("file_too_big", most=MOST_FILE_BYTES // 1_000_000)
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Refused("file_encoding")
