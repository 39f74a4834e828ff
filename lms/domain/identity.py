"""Identity numbers, names and mobile numbers: normal form, check digits, masks.

Sources: GB 11643-1999 (resident identity number), the 18-digit residence permits of Hong Kong, Macao and
Taiwan residents and the 2023 permanent-resident card (same check digit), 民委发〔2016〕33号 (the dot in names).
"""

import re
import unicodedata
from datetime import date
from enum import StrEnum

from lms.domain.errors import Refused

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_SIGNS = "10X98765432"
NAME_DOTS = "・•‧．."
LONGEST_NAME = 100


class DocumentType(StrEnum):
    """What kind of document a number belongs to; told by the person, never guessed."""

    RESIDENT_ID = "resident_id"
    RESIDENCE_PERMIT = "residence_permit"
    PERMANENT_RESIDENT = "permanent_resident"


STARTS = {
    DocumentType.RESIDENT_ID: re.compile(r"[1-7]"),
    DocumentType.RESIDENCE_PERMIT: re.compile(r"8[123]0000"),
    DocumentType.PERMANENT_RESIDENT: re.compile(r"9"),
}


def normal_number(text: str) -> str:
    """Half-width, without spaces, capital X."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


def check_number(document_type: DocumentType, text: str) -> str:
    """The normalised number; Refused with what is wrong when it cannot be one."""
    number = normal_number(text)
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        raise Refused("document_shape")
    if not STARTS[document_type].match(number):
        raise Refused("document_wrong_type")
    if CHECK_SIGNS[sum(w * int(d) for w, d in zip(WEIGHTS, number[:17], strict=True)) % 11] != number[17]:
        raise Refused("document_check_digit")
    _check_birth(number)
    return number


def _check_birth(number: str) -> None:
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise Refused("document_birth_date") from None


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


def mask_number(number: str) -> str:
    """First six and last four signs, as public notices print it."""
    return number[:6] + "*" * max(0, len(number) - 10) + number[-4:]


def mask_mobile(number: str) -> str:
    """First three and last four digits."""
    return f"{number[:3]}****{number[-4:]}"


def mask_name(name: str) -> str:
    """The first sign, then one star for each further one: 李芳 → 李*."""
    return name[:1] + "*" * max(1, len(name) - 1)
