"""Which column of a roster says what: institutions' sheets have titles above, joined headings, and names of their own.

A grid is rows by number (from 0), each a dictionary of column → text. Columns of the forms: domain.md 6.1 (花名册).
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from enum import StrEnum

Row = Mapping[int, str]
Grid = Mapping[int, Row]
Area = tuple[int, int, int, int]
"""Cells that are one: top, left, bottom, right; ends included."""


class Field(StrEnum):
    """What a roster tells of a learner."""

    NAME = "name"
    NUMBER = "number"
    PHONE = "phone"
    DOCUMENT_TYPE = "document_type"
    GENDER = "gender"
    AGE = "age"
    BIRTH = "birth"
    VALID_UNTIL = "valid_until"
    CATEGORY = "category"
    EDUCATION = "education"
    ETHNICITY = "ethnicity"
    HOUSEHOLD = "household"
    EMPLOYER = "employer"
    PROMISED = "promised"


NEEDED = (Field.NAME, Field.NUMBER, Field.PHONE)
DETAILS = (Field.CATEGORY, Field.EDUCATION, Field.ETHNICITY, Field.HOUSEHOLD, Field.EMPLOYER, Field.PROMISED)
"""What is kept with an enrollment beside who she is; bank accounts and pictures are not needed and stay out."""
TITLES = {
    Field.NAME: "姓名 学员姓名 学员名字 名字 人员姓名 参训人员姓名 培训人员姓名 参训学员姓名 学生姓名 参加人姓名 name",
    Field.NUMBER: "身份证号 身份证号码 身份证 身份证件号码 证件号码 证件号 公民身份号码 公民身份证号码 居民身份证号码 "
    "居民身份证号 有效证件号码 有效身份证件号码 证件编号 idnumber idno",
    Field.PHONE: "联系电话 电话 手机 手机号 手机号码 联系方式 电话号码 联系号码 移动电话 联系手机 本人电话 本人手机号 "
    "本人联系电话 学员电话 phone mobile",
    Field.DOCUMENT_TYPE: "证件类型 证件种类 证件类别 证件名称 身份证件类型 有效证件类型 身份证类型 idtype",
    Field.GENDER: "性别 gender sex",
    Field.AGE: "年龄 周岁 age",
    Field.BIRTH: "出生日期 出生年月 出生年月日 生日 birthday",
    Field.VALID_UNTIL: "证件有效期 身份证有效期 证件有效期止 证件有效期至 有效期 有效期至 有效期限",
    Field.CATEGORY: "人员类别 人员类型 人员身份 培训对象类别 培训对象 就业状态 补贴人员类别 身份类别",
    Field.EDUCATION: "文化程度 学历 文化水平 教育程度 最高学历",
    Field.ETHNICITY: "民族",
    Field.HOUSEHOLD: "户口性质 户籍性质 户口类型 户籍类型 户口性质/所在地 户口所在地 户籍所在地 户籍地 户籍地址",
    Field.EMPLOYER: "工作单位 单位 所在单位 单位名称 现工作单位 用人单位",
    Field.PROMISED: "就业承诺单位 承诺就业单位 意向就业单位 拟就业单位",
}
PARTS = {  # for titles nobody thought of: what they contain, and what they must not
    Field.NAME: ("姓名", "单位|机构|负责|家属|家长|紧急|监护|教师|老师|收款|开户|经办|推荐"),
    Field.NUMBER: ("身份证|证件号", "有效|地址|复印|照片|类|种|正面|反面|家属|监护"),
    Field.PHONE: ("电话|手机", "紧急|单位|家属|家长|监护|座机|固定|负责|推荐"),
}
MOST_ROWS_ABOVE = 30
TALLEST = 3
SAMPLES = 40
_MARKS = re.compile(r"[\s*＊:：、,，.。\-—_/／|（(【\[）)】\]]+")
_ASIDES = re.compile(r"[（(【\[][^）)】\]]*[)）】\]]")
_LOOKS = {
    Field.NUMBER: re.compile(r"\d{17}[\dXx]|\d(?:\.\d+)?E\+?1[67]"),
    Field.PHONE: re.compile(r"(?:\+?86)?1[3-9]\d{9}"),
    Field.NAME: re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·]{2,15}"),
}


def plain(title: str) -> str:
    """A title as it is compared: half-width, lower case, without spaces, marks and what stands in brackets."""
    text = unicodedata.normalize("NFKC", title)
    return _MARKS.sub("", _ASIDES.sub("", text) or text).casefold()


_FIELDS = {plain(name): field for field, names in TITLES.items() for name in names.split()}


@dataclass(frozen=True)
class Heading:
    """Where the titles of the columns stand: `last` is the row after which people follow, -1 where there is none."""

    first: int
    last: int
    titles: Mapping[int, str]

    @property
    def shape(self) -> str:
        """A fingerprint of the titles in their places, by which a kind of sheet is known again."""
        told = "\n".join(f"{column}:{plain(title)}" for column, title in sorted(self.titles.items()))
        return hashlib.sha256(told.encode()).hexdigest()


def find_heading(
    grid: Grid, areas: Sequence[Area] = (), named: Callable[[Mapping[int, str]], Sized] | None = None
) -> Heading:
    """The titles: of the rows at the top those that name most of what we look for; the fewest rows that do.

    `named` tells what titles name, for tables that are no rosters.
    """
    known = named or _by_titles
    rows = sorted(grid)[:MOST_ROWS_ABOVE]
    best, most = Heading(-1, -1, {}), 1
    for height in range(1, TALLEST + 1):
        for at in rows:
            found = Heading(at, at + height - 1, _titles(grid, areas, at, height))
            score = len(known(found.titles))
            if score > most:
                best, most = found, score
    return _with_rows_below(best, areas) if best.titles else _numbered(grid)


def _titles(grid: Grid, areas: Sequence[Area], first: int, height: int) -> dict[int, str]:
    parts: dict[int, list[str]] = {}
    for at in range(first, first + height):
        for column, text in _spread(grid.get(at, {}), areas, at).items():
            told = parts.setdefault(column, [])
            if text not in told:
                told.append(text)
    return {column: "\n".join(told) for column, told in parts.items()}


def _spread(row: Row, areas: Sequence[Area], at: int) -> dict[int, str]:
    """A row of titles, with what is joined over several columns told in each of them."""
    told = {column: text.strip() for column, text in row.items() if text.strip()}
    for top, left, _, right in areas:
        if top == at and left in told:
            told |= dict.fromkeys(range(left, right + 1), told[left])
    return told


def _with_rows_below(heading: Heading, areas: Sequence[Area]) -> Heading:
    """The same, with the rows its own cells are joined down to."""
    deepest = [bottom for top, _, bottom, _ in areas if heading.first <= top <= heading.last]
    last = min(max([heading.last, *deepest]), heading.first + TALLEST - 1)
    return Heading(heading.first, last, heading.titles)


def _numbered(grid: Grid) -> Heading:
    """Titles for a sheet that has none we know: the letters of its columns."""
    columns = {column for row in list(grid.values())[:SAMPLES] for column in row}
    return Heading(-1, -1, {column: letters(column) for column in sorted(columns)})


def letters(column: int) -> str:
    """A column as Excel names it: 0 is A, 26 is AA."""
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def field_of(title: str) -> Field | None:
    """What a title means by its own words: all of it, or its last lines where headings stand on several."""
    lines = title.split("\n")
    told = (_FIELDS.get(plain("".join(lines[at:]))) for at in range(len(lines)))
    return next(filter(None, told), None)


def _by_titles(titles: Mapping[int, str]) -> dict[Field, int]:
    found: dict[Field, int] = {}
    for column, title in sorted(titles.items()):
        field = field_of(title)
        if field is not None:
            found.setdefault(field, column)
    for field, (wanted, unwanted) in PARTS.items():
        if field not in found:
            rest = {at: title for at, title in sorted(titles.items()) if at not in found.values()}
            fitting = [at for at, title in rest.items() if _contains(title, wanted, unwanted)]
            found |= dict.fromkeys([field], fitting[0]) if fitting else {}
    return found


def _contains(title: str, wanted: str, unwanted: str) -> bool:
    told = title.replace("\n", "")
    return re.search(wanted, told) is not None and re.search(unwanted, told) is None


def guess(heading: Heading, samples: Iterable[Row]) -> dict[Field, int]:
    """Which column says what: by its title, and where none is known by what stands in it."""
    found = _by_titles(heading.titles)
    seen: dict[int, list[str]] = {}
    for row in samples:
        for column, text in row.items():
            seen.setdefault(column, []).append(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    for field, look in _LOOKS.items():
        if field not in found and (field is not Field.NAME or heading.first < 0):
            taken = set(found.values())
            likely = _likely(look, {at: texts for at, texts in seen.items() if at not in taken})
            found |= {} if likely is None else {field: likely}
    return found


def _likely(look: re.Pattern[str], seen: Mapping[int, Sequence[str]]) -> int | None:
    """The column most of whose cells look like it."""
    counts = {column: sum(map(bool, map(look.fullmatch, texts))) for column, texts in seen.items()}
    column = max(counts, key=lambda at: counts[at], default=None)
    return column if column is not None and counts[column] * 2 > len(seen[column]) else None
