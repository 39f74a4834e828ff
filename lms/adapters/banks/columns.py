"""Sheets as people here really have them: columns in any order, joined headings, titles and totals between."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from lms.adapters.banks import numbered, words
from lms.adapters.banks.found import MOST_QUESTIONS, Found, Raw, Reading
from lms.adapters.banks.telling import LETTERS, tell
from lms.adapters.office.workbook import Sheet
from lms.domain.errors import Refused

MOST_TITLE_ROWS = 20
NAMES = {
    "type": "题型 试题类型 题目类型 类型 题类 题目题型 试题题型 type",
    "stem": "题干 题目 试题 题目内容 试题内容 问题 内容 题干内容 试题题干 题目题干 试题名称 题目描述 question stem",
    "answer": "答案 正确答案 标准答案 参考答案 正确选项 answer",
    "explanation": "解析 试题解析 答案解析 题目解析 解答 解释 explanation",
    "difficulty": "难度 难易度 难易程度 难度等级 难度系数 difficulty",
    "objective": "知识点 学习目标 目标 考点 所属知识点 知识点名称 知识点编号 鉴定点 objective",
    "tags": "标签 关键词 关键字 tags",
    "case": "案例编号 材料编号",
    "picture": "图片 picture",
    "choices": "选项 备选项 备选答案 选项内容 options",
}
FILLED_DOWN = frozenset({"type", "objective", "difficulty", "tags", "case"})
_NAMES = {words.plain(name): field for field, names in NAMES.items() for name in names.split()}
_OPTION = re.compile(r"(?:选项|备选项?|备选答案|option)?([a-l]|1[0-2]|[1-9]|[一二三四五六七八九十])(?:选项|项)?")
_FEEDBACK = re.compile(r"(?:选项)?(?:反馈|feedback)([a-l])|(?:选项)?([a-l])(?:选项)?(?:反馈|feedback)")
_NUMBERS = "一二三四五六七八九十"
_TOTAL = re.compile("合计|总计|小计|共计|总分|总数|total")


@dataclass
class Columns:
    """Which column says what."""

    fields: dict[int, str] = field(default_factory=dict)
    options: dict[int, int] = field(default_factory=dict)
    feedback: dict[int, int] = field(default_factory=dict)

    def take(self, column: int, title: str) -> None:
        """Learns what a column is from its title."""
        told = re.sub(r"[（(【\[].*?[)）】\]]|[*＊:：]", "", words.plain(title))
        if told in _NAMES:
            self.fields.setdefault(column, _NAMES[told])
        elif found := _FEEDBACK.fullmatch(told):
            self.feedback[column] = LETTERS.lower().index(found[1] or found[2])
        elif found := _OPTION.fullmatch(told):
            self.options[column] = _option_number(found[1])

    @property
    def is_header(self) -> bool:
        """Whether this looks like the head of a list of questions."""
        return "stem" in self.fields.values() and len(self.fields) + len(self.options) >= 2


def _option_number(told: str) -> int:
    if told in _NUMBERS:
        return _NUMBERS.index(told)
    return int(told) - 1 if told.isdigit() else LETTERS.lower().index(told)


def read(sheets: Iterable[Sheet]) -> Reading:
    """All questions of all sheets. Refused("bank_no_header") where no sheet has a head we know."""
    found: list[Found] = []
    skipped, known = 0, False
    for sheet in sheets:
        columns, first = _header(sheet)
        if columns is None:
            continue
        known = True
        rows = list(_rows(sheet, columns, first))
        raws = [raw for raw in rows if raw is not None]
        skipped += len(rows) - len(raws)
        found += map(tell, _together(raws))
        if len(found) > MOST_QUESTIONS:
            raise Refused("bank_too_many_questions", most=MOST_QUESTIONS)
    if not known:
        raise Refused("bank_no_header")
    return Reading(tuple(found), skipped)


def _header(sheet: Sheet) -> tuple[Columns | None, int]:
    """The columns, and the number of the first row below their titles, which may stand in two rows."""
    for number in sorted(sheet.rows)[:MOST_TITLE_ROWS]:
        titles = _spread(sheet, number)
        columns = _learned(titles)
        below = sheet.rows.get(number + 1, {})
        under = _learned({c: t for c, t in below.items() if c not in titles or columns.fields.get(c) == "choices"})
        if columns.is_header and len(under.options) >= 2 and "stem" not in under.fields.values():
            joined = {c: f for c, f in columns.fields.items() if c not in under.options and c not in under.fields}
            return Columns(
                {**joined, **under.fields}, {**columns.options, **under.options}, columns.feedback
            ), number + 2
        if columns.is_header:
            return columns, number + 1
    return None, 0


def _spread(sheet: Sheet, number: int) -> dict[int, str]:
    """The titles of a row; a title that is joined over several columns counts for each."""
    titles = dict(sheet.rows[number])
    for area in sheet.areas:
        if area.top == number and area.left in titles:
            titles |= dict.fromkeys(range(area.left, min(area.right, area.left + 40) + 1), titles[area.left])
    return titles


def _learned(titles: dict[int, str]) -> Columns:
    columns = Columns()
    for column in sorted(titles):
        columns.take(column, titles[column])
    return columns


def _rows(sheet: Sheet, columns: Columns, first: int) -> Iterator[Raw | None]:
    """The rows below the head; None for those that are a heading or a total."""
    filled = _filled_down(sheet, columns)
    kind = sheet.name if words.type_of(sheet.name) else ""
    for number in sorted(row for row in sheet.rows if row >= first):
        cells = sheet.rows[number]
        told = list(cells.values())
        if len(told) == 1 and words.type_of(told[0]) and len(told[0]) < 40:
            kind = told[0]
            yield None
        elif _TOTAL.match(words.plain(told[0])) and len(told) <= 4:
            yield None
        else:
            raw = _raw(number, {**filled.get(number, {}), **cells}, columns)
            yield replace(raw, type=raw.type or kind)


def _filled_down(sheet: Sheet, columns: Columns) -> dict[int, dict[int, str]]:
    """For cells joined over several rows, what stands in the first, for columns that say the same of many rows."""
    filled: dict[int, dict[int, str]] = {}
    for area in sheet.areas:
        text = sheet.rows.get(area.top, {}).get(area.left)
        if text and columns.fields.get(area.left) in FILLED_DOWN:
            for row in range(area.top + 1, min(area.bottom, area.top + MOST_QUESTIONS) + 1):
                filled.setdefault(row, {})[area.left] = text
    return filled


def _raw(number: int, cells: dict[int, str], columns: Columns) -> Raw:
    values = {name: cells[column] for column, name in sorted(columns.fields.items(), reverse=True) if column in cells}
    options = {at: cells[column] for column, at in columns.options.items() if column in cells}
    feedback = {at: cells[column] for column, at in columns.feedback.items() if column in cells}
    in_one = values.pop("choices", "")
    texts = [options.get(at, "") for at in range(max(options, default=-1) + 1)] or numbered.divided_options(in_one)
    told = tuple(feedback.get(at, "") for at in range(len(texts)))
    return Raw(number + 1, options=tuple(texts), feedback=told, **values)


def _together(raws: list[Raw]) -> Iterator[list[Raw]]:
    """Rows that are one question: each, but for a case and those below with its number."""
    case: list[Raw] = []
    for raw in raws:
        if case and raw.case and raw.case == case[0].case and words.type_of(raw.type) != "case":
            case.append(raw)
            continue
        if case:
            yield case
        case = [raw] if raw.case else []
        if not raw.case:
            yield [raw]
    if case:
        yield case
