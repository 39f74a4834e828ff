"""One row of a roster: who it tells of, what is wrong with it cell by cell, and what deserves a second look."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as having
from datetime import date
from typing import Any

from lms.domain.documents import Document, DocumentType, Sex, age_on, normal_number, read
from lms.domain.errors import Refused
from lms.domain.identity import check_mobile, check_name, matching_name
from lms.domain.roster_columns import DETAILS, Field, Row, plain
from lms.domain.roster_days import parse_day

YOUNG = 16
"""Nobody younger may be employed (禁止使用童工规定, art. 2; not checked); 两后生 may be 15."""
LONGEST_DETAIL = 120
DOCUMENTS = {
    DocumentType.RESIDENT_ID: "居民身份证 身份证 二代身份证 第二代居民身份证 中国居民身份证 二代证 residentid",
    DocumentType.RESIDENCE_PERMIT: "港澳台居民居住证 港澳居民居住证 台湾居民居住证 港澳台居住证 居住证",
    DocumentType.PERMANENT_RESIDENT: "外国人永久居留身份证 外国人永久居留证 永久居留身份证 永久居留证 外国人永居证",
    DocumentType.HK_MACAO_PERMIT: "港澳居民来往内地通行证 港澳居民往来内地通行证 港澳来往内地通行证 回乡证",
    DocumentType.TAIWAN_PERMIT: "台湾居民来往大陆通行证 台湾居民往来大陆通行证 台湾来往大陆通行证 台胞证",
    DocumentType.PASSPORT: "护照 外国护照 普通护照 因私护照 passport",
}
_TYPES = {plain(word): kind for kind, words in DOCUMENTS.items() for word in words.split()}
_TOTAL = re.compile(r"(?:合计|小计|总计|共计|累计|本页|总人数|共\d+人|total)", re.IGNORECASE)
_NOTE = re.compile(r"(?:制表|填表|审核|复核|负责人|经办|备注|注|说明|填报|单位盖章|盖章|日期)[^，。]{0,12}[:：]")
_FORMULA = re.compile(r"=\"(.*)\"")
_LOST = re.compile(r"\d(?:\.\d+)?E\+?\d{1,3}")
_TWO_PHONES = re.compile(r"\d{7,}[^\d]+\d{7,}")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff\s]+")
_SEXES = dict.fromkeys(("男", "男性", "m", "male"), Sex.MALE) | dict.fromkeys(("女", "女性", "f", "female"), Sex.FEMALE)


@dataclass(frozen=True)
class Remark:
    """Something about one cell: a code with the values its sentence needs, none of them personal."""

    code: str
    field: Field
    values: Mapping[str, Any] = having(default_factory=dict)
    is_fault: bool = True


@dataclass(frozen=True)
class Told:
    """Who a row tells of, in normal form as far as it could be brought there."""

    name: str
    document_type: DocumentType
    number: str
    phone: str
    details: Mapping[Field, str] = having(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """A row with what is to be said about it."""

    told: Told
    remarks: tuple[Remark, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing stands against enrolling her."""
        return not any(each.is_fault for each in self.remarks)

    @property
    def has_number(self) -> bool:
        """Whether it is known whom it tells of, whatever else is wrong."""
        about = (Field.NUMBER, Field.DOCUMENT_TYPE)
        return not any(each.is_fault and each.field in about for each in self.remarks)


def clean(text: str) -> str:
    """A cell without what nobody sees or meant: blanks around it, invisible signs, Excel's ways to force text."""
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    forced = _FORMULA.fullmatch(seen.strip())
    return (forced[1] if forced else seen).strip().removeprefix("'").strip()


def is_person(row: Row, columns: Mapping[Field, int], titles: Mapping[int, str]) -> bool:
    """Whether a row tells of somebody: not a total, a note, a line to sign on, or the titles once more."""
    told = {name: clean(row.get(column, "")) for name, column in columns.items()}
    filled = [clean(text) for text in row.values() if clean(text)]
    if _looks_like_number(told.get(Field.NUMBER, "")):
        return True
    if any(_TOTAL.match(re.sub(r"\s", "", text)) for text in filled[:3]) or any(map(_NOTE.match, filled)):
        return False
    if _repeats_titles(told, columns, titles):
        return False
    needed = sum(bool(told.get(name)) for name in (Field.NAME, Field.NUMBER, Field.PHONE))
    return needed > 1 or (needed == 1 and sum(map(bool, told.values())) > 1)


def _repeats_titles(told: Mapping[Field, str], columns: Mapping[Field, int], titles: Mapping[int, str]) -> bool:
    """Sheets made for paper tell their titles again on every page."""
    lines = {name: map(plain, titles.get(column, "").split("\n")) for name, column in columns.items()}
    return any(
        told.get(name) and plain(told[name]) in lines[name] for name in (Field.NAME, Field.NUMBER) if name in lines
    )


def _looks_like_number(text: str) -> bool:
    return sum(sign.isdigit() for sign in text) >= 8


def judge(
    row: Row, columns: Mapping[Field, int], default: DocumentType | None, opens_on: date, today: date | None = None
) -> Judged:
    """What a row tells, and everything that is to be said about it. `opens_on`: the day the class opens; nobody is
    born after `today`."""
    cells = {name: clean(row.get(column, "")) for name, column in columns.items()}
    remarks: list[Remark] = []
    kind = _kind(cells.get(Field.DOCUMENT_TYPE, ""), default, remarks)
    name = _name(cells.get(Field.NAME, ""), remarks)
    document = _document(cells.get(Field.NUMBER, ""), kind, today, remarks)
    told = Told(
        name=name,
        document_type=kind,
        number=document.number,
        phone=_phone(cells.get(Field.PHONE, ""), remarks),
        details={name: cells[name][:LONGEST_DETAIL] for name in DETAILS if cells.get(name)},
    )
    judged = Judged(told, tuple(remarks))
    return _with(judged, *_doubts(document, cells, opens_on)) if judged.has_number else judged


def _kind(text: str, default: DocumentType | None, remarks: list[Remark]) -> DocumentType:
    kind = _TYPES.get(plain(text)) if text else default
    if kind is None:
        remarks.append(Remark("roster_document_type", Field.DOCUMENT_TYPE))
    return kind or DocumentType.RESIDENT_ID


def _name(text: str, remarks: list[Remark]) -> str:
    """Two signs spread with blanks, so that they are as wide as three, are still one name."""
    name = re.sub(r"\s", "", text) if _HAN.fullmatch(text) else text
    try:
        return check_name(name)
    except Refused as refused:
        remarks.append(Remark(refused.code, Field.NAME, refused.values))
        return name


def _document(text: str, kind: DocumentType, today: date | None, remarks: list[Remark]) -> Document:
    """The number as a document; what there is to know of it, an old number of 15 digits say, is a remark."""
    number = normal_number(text)
    try:
        if _LOST.fullmatch(number):
            raise Refused("roster_digits_lost")
        if not number:
            raise Refused("roster_number_missing")
        found = read(kind, number, today)
    except Refused as refused:
        remarks.append(Remark(refused.code, Field.NUMBER, refused.values))
        return Document(kind, number)
    remarks += [_doubt(code, Field.NUMBER) for code in found.remarks]
    return found


def _phone(text: str, remarks: list[Remark]) -> str:
    plain_text = unicodedata.normalize("NFKC", text)
    try:
        if _LOST.fullmatch(re.sub(r"\s", "", plain_text)):
            raise Refused("roster_digits_lost")
        if not plain_text:
            raise Refused("roster_phone_missing")
        if _TWO_PHONES.fullmatch(plain_text):
            raise Refused("roster_phones_several")
        return check_mobile(plain_text)
    except Refused as refused:
        remarks.append(Remark(refused.code, Field.PHONE, refused.values))
        return plain_text


def _doubts(document: Document, cells: Mapping[Field, str], opens_on: date) -> list[Remark]:
    """What does not go together, though each of it could be right."""
    born, sex, told = document.birth_on, document.sex, list[Remark]()
    if born:
        told += _doubtful_age(born, cells, opens_on)
    if sex and _SEXES.get(cells.get(Field.GENDER, "").casefold(), sex) != sex:
        told.append(_doubt("roster_gender_differs", Field.GENDER))
    if born:
        told += _doubtful_day(cells, Field.BIRTH, lambda day: (day.year, day.month) != (born.year, born.month))
    return told + _doubtful_day(cells, Field.VALID_UNTIL, lambda day: day < opens_on)


def _doubtful_age(born: date, cells: Mapping[Field, str], opens_on: date) -> list[Remark]:
    age = age_on(born, opens_on)
    told = [_doubt("roster_young", Field.NUMBER, age=age, least=YOUNG)] if age < YOUNG else []
    years = re.match(r"\d{1,3}", unicodedata.normalize("NFKC", cells.get(Field.AGE, "")))
    if years and abs(int(years[0]) - age) > 1:
        told.append(_doubt("roster_age_differs", Field.AGE))
    return told


def _doubt(code: str, name: Field, **values: Any) -> Remark:
    return Remark(code, name, values, is_fault=False)


def _doubtful_day(cells: Mapping[Field, str], name: Field, is_wrong: Any) -> list[Remark]:
    text = cells.get(name, "")
    day = parse_day(text) if text else None
    if text and day is None:
        return [_doubt("roster_day_unclear", name)]
    codes = {Field.BIRTH: "roster_birth_differs", Field.VALID_UNTIL: "roster_document_expired"}
    return [_doubt(codes[name], name)] if day is not None and is_wrong(day) else []


@dataclass
class Neighbours:
    """What the rows of one file have to do with each other: told all of them first, then asked about each."""

    names: dict[str, dict[str, int]] = having(default_factory=dict)
    phones: dict[str, tuple[str, int]] = having(default_factory=dict)

    def add(self, row: int, judged: Judged) -> None:
        """Takes in a row by its number."""
        told = judged.told
        if not judged.has_number:
            return
        self.names.setdefault(_key(told), {}).setdefault(matching_name(told.name), row)
        self.phones.setdefault(told.phone, (_key(told), row))

    def compare(self, row: int, judged: Judged) -> tuple[Judged, int | None]:
        """The row with what its neighbours have to say, and the row further up that says the same, if there is one."""
        told = judged.told
        names = self.names.get(_key(told), {}) if judged.has_number else {}
        others = [at for at in names.values() if at != row]
        if len(names) > 1:
            other = min(at for name, at in names.items() if name != matching_name(told.name))
            return _with(judged, Remark("roster_two_names", Field.NAME, {"row": other})), None
        if others:
            return judged, others[0]
        key, first = self.phones.get(told.phone, (_key(told), row))
        if key != _key(told):
            return _with(judged, _doubt("roster_phone_shared", Field.PHONE, row=first)), None
        return judged, None


def _key(told: Told) -> str:
    return f"{told.document_type}:{told.number}"


def _with(judged: Judged, *more: Remark) -> Judged:
    return replace(judged, remarks=(*judged.remarks, *more))
