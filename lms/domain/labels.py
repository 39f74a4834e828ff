"""Labels that people type of a thing, as an occupation, an issuer or the document a rule rests on: in one line, with
signs that can be seen, and without anybody's number. They stand beside names, where a number would tell whose it is."""

import re
import unicodedata

from lms.domain.errors import Refused
from lms.domain.identity import has_strange_sign

PERSONAL = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15}|(?:86)?1[3-9]\d{9})(?!\d)", re.ASCII)
BETWEEN = re.compile(r"(?<=\d)[\s\-‐‑–—_.,·]+(?=[\dXx])")


def check_label(text: str, longest: int, code: str) -> str:
    """A label, its blanks made one each. Refused: `code` for one that is empty, longer than `longest`, without any
    letter, with control or invisible signs, or with what could be a document's or a mobile number."""
    words = " ".join(text.split())
    named = any(unicodedata.category(sign).startswith("L") for sign in words)
    if not named or len(words) > longest or has_strange_sign(words) or tells_number(words):
        raise Refused(code, longest=longest)
    return words


def check_reference(text: str, longest: int, code: str) -> str:
    """As `check_label` for a number in an official register, which may be as long as anybody's."""
    words = " ".join(text.split())
    if not 0 < len(words) <= longest or has_strange_sign(words):
        raise Refused(code, longest=longest)
    return words


def tells_number(text: str) -> bool:
    """Whether a text holds 15 or 18 digits as a document does, or a mobile number: full-width or in groups too."""
    return PERSONAL.search(BETWEEN.sub("", unicodedata.normalize("NFKC", text))) is not None


def folded(text: str) -> str:
    """A label for comparison: half-width, without blanks, in one case."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()
