"""Names and mobile numbers: normal form and masks; numbers of documents are told in `documents`.

Source: 民委发〔2016〕33号 (the dot in names, the width of the field for them).
"""

import re
import unicodedata

from lms.domain.documents import CHECK_SIGNS, WEIGHTS, DocumentType, check_number, mask_number, normal_number
from lms.domain.errors import Refused

__all__ = [
    "CHECK_SIGNS",
    "GONE",
    "LONGEST_NAME",
    "NAME_DOTS",
    "WEIGHTS",
    "DocumentType",
    "check_mobile",
    "check_name",
    "check_number",
    "has_strange_sign",
    "holds_number",
    "mask_mobile",
    "mask_name",
    "mask_number",
    "matching_name",
    "normal_number",
]

GONE = "（已删除）"  # what stands where something of a person was erased
NAME_DOTS = "・•‧．.⋅∙●･"
LONGEST_NAME = 100


def check_mobile(text: str) -> str:
    """Eleven digits of a mainland mobile number; Refused otherwise. Ownership is another matter."""
    number = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text))
    number = re.sub(r"^(\+?86)(?=1\d{10}$)", "", number)
    if not re.fullmatch(r"1[3-9]\d{9}", number, re.ASCII):
        raise Refused("mobile_shape")
    return number


def check_name(text: str) -> str:
    """A name as typed, trimmed; Refused when empty, too long or with control characters."""
    name = " ".join(text.split())
    if not name:
        raise Refused("name_missing")
    if len(name) > LONGEST_NAME:
        raise Refused("name_too_long", longest=LONGEST_NAME)
    if has_strange_sign(name):
        raise Refused("name_strange_sign")
    return name


def has_strange_sign(text: str) -> bool:
    """Whether a text holds control, invisible or broken signs, which no name or title needs."""
    return any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") for sign in text)


def holds_number(text: str) -> bool:
    """Whether a free text holds what could be a phone or identity number, or signs that could hide one."""
    digits = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))
    return has_strange_sign(text) or re.search(r"\d{9}", digits) is not None


def matching_name(name: str) -> str:
    """A name for comparison: one kind of dot, no spaces, half-width, one case."""
    plain = re.sub(f"[{NAME_DOTS}]", "·", unicodedata.normalize("NFKC", name))
    return re.sub(r"\s", "", plain).casefold()


def mask_mobile(number: str) -> str:
    """First three and last four digits."""
    return f"{number[:3]}****{number[-4:]}"


def mask_name(name: str) -> str:
    """The first sign, then one star for each further one: 李芳 → 李*. What was erased is told as erased."""
    return name if name == GONE else name[:1] + "*" * max(1, len(name) - 1)
