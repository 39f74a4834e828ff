"""Identity documents: the kinds there are, what their numbers must look like, and what a number tells.

Sources: GB 11643-1999 (resident identity number; 15 digits before it), GB/T 2260 (how area codes are made), the
18-digit residence permits of Hong Kong, Macao and Taiwan residents, the permanent-resident cards of 2023 (18 digits)
and before (three letters, twelve digits), the travel permits, passports. domain.md 5. The kind is told by the person
and never guessed: a number that fails as one kind is not tried as another.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.domain.errors import Refused

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_SIGNS = "10X98765432"
OLD_CENTURY = "19"  # 15-digit numbers were given out before 2000
PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]")
LAST_CITY, LAST_COUNTY = 90, 90


class DocumentType(StrEnum):
    """What kind of document a number belongs to; told by the person, never guessed."""

    RESIDENT_ID = "resident_id"
    RESIDENCE_PERMIT = "residence_permit"
    PERMANENT_RESIDENT = "permanent_resident"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    PASSPORT = "passport"


class Sex(StrEnum):
    """As the document says it."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True)
class Document:
    """A number in normal form, with what it tells; `birth_on` and `sex` are None where it does not.

    `remarks`: codes of what somebody should know and what forbids nothing: document_area_unknown,
    document_old_number (15 digits, converted), document_old_card, document_country_missing.
    """

    document_type: DocumentType
    number: str
    birth_on: date | None = None
    sex: Sex | None = None
    remarks: tuple[str, ...] = ()


STARTS = {
    DocumentType.RESIDENT_ID: re.compile(r"[1-7]"),
    DocumentType.RESIDENCE_PERMIT: re.compile(r"8[123]0000"),
    DocumentType.PERMANENT_RESIDENT: re.compile(r"9"),
}
EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
FIFTEEN = re.compile(r"[0-9]{15}")
OLD_CARD = re.compile(r"[A-Z]{3}[0-9]{12}")
PASSPORT = re.compile(r"(?:[A-Z]{3}/)?(?=[A-Z]*[0-9])[A-Z0-9]{5,9}")
SHAPES = {
    DocumentType.HK_MACAO_PERMIT: (re.compile(r"[HM][0-9]{8}"), "document_hk_macao_shape"),
    DocumentType.TAIWAN_PERMIT: (re.compile(r"[0-9]{8}"), "document_taiwan_shape"),
    DocumentType.PASSPORT: (PASSPORT, "document_passport_shape"),
}


def normal_number(text: str) -> str:
    """Half-width, without spaces, capital letters."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


def check_number(document_type: DocumentType, text: str) -> str:
    """The normalised number; Refused with what is wrong when it cannot be one."""
    return read(document_type, text).number


def read(document_type: DocumentType, text: str, today: date | None = None) -> Document:
    """What a number says as this kind of document. A birth date after `today` is refused where `today` is given.

    Refused: document_shape, document_wrong_type, document_check_digit, document_birth_date,
    document_hk_macao_shape, document_taiwan_shape, document_passport_shape.
    """
    number = normal_number(text)
    if document_type in SHAPES:
        return _shaped(document_type, number)
    if document_type is DocumentType.PERMANENT_RESIDENT and OLD_CARD.fullmatch(number):
        return Document(document_type, number, remarks=("document_old_card",))  # its birth date lacks the century
    is_old = document_type is DocumentType.RESIDENT_ID and FIFTEEN.fullmatch(number) is not None
    number = _eighteen(number) if is_old else number
    _check(document_type, number)
    return _told(document_type, number, _birth(number, today), is_old=is_old)


def _shaped(document_type: DocumentType, number: str) -> Document:
    shape, code = SHAPES[document_type]
    if not shape.fullmatch(number):
        raise Refused(code)
    nameless = document_type is DocumentType.PASSPORT and "/" not in number
    return Document(document_type, number, remarks=("document_country_missing",) if nameless else ())


def _eighteen(old: str) -> str:
    body = old[:6] + OLD_CENTURY + old[6:]
    return body + check_sign(body)


def check_sign(body: str) -> str:
    """The last sign of a number, from its first 17 digits (GB 11643-1999)."""
    return CHECK_SIGNS[sum(w * int(d) for w, d in zip(WEIGHTS, body, strict=True)) % 11]


def _check(document_type: DocumentType, number: str) -> None:
    if not EIGHTEEN.fullmatch(number):
        raise Refused("document_shape")
    if not STARTS[document_type].match(number):
        raise Refused("document_wrong_type")
    if check_sign(number[:17]) != number[17]:
        raise Refused("document_check_digit")


def _birth(number: str, today: date | None) -> date:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise Refused("document_birth_date") from None
    if today is not None and born > today:
        raise Refused("document_birth_date")
    return born


def _told(document_type: DocumentType, number: str, born: date, *, is_old: bool) -> Document:
    """The sequence tells the sex; that it does so on a permanent-resident card too is not confirmed (domain.md 5)."""
    odd = int(number[16]) % 2
    sex = (Sex.MALE if odd else Sex.FEMALE) if document_type is not DocumentType.PERMANENT_RESIDENT else None
    remarks: tuple[str, ...] = ("document_old_number",) if is_old else ()
    if document_type is DocumentType.RESIDENT_ID and not _is_known_area(number[:6]):
        remarks += ("document_area_unknown",)
    return Document(document_type, number, born, sex, remarks)


def _is_known_area(area: str) -> bool:
    """Whether a code is made as GB/T 2260 makes them: province, city 01 to 90, county 01 to 90.

    The list of counties changes every year and old numbers keep old codes, so it is not held here.
    """
    city, county = int(area[2:4]), int(area[4:6])
    return PROVINCE.match(area) is not None and 1 <= city <= LAST_CITY and 1 <= county <= LAST_COUNTY


def age_on(born: date, day: date) -> int:
    """Full years of age on a day; who is born on 29 February turns older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def mask_number(number: str) -> str:
    """As public notices print it: first six and last four signs; of a short number first two and last two."""
    head, tail = (6, 4) if len(number) >= 15 else (2, 2)
    if len(number) <= head + tail:
        return "*" * len(number)
    return number[:head] + "*" * (len(number) - head - tail) + number[-tail:]


def has_check_sign(number: str) -> bool:
    """Whether a number's own last sign proves its form; of other numbers no more than the shape is known."""
    return EIGHTEEN.fullmatch(number) is not None
