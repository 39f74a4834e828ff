"""Questions as an Excel workbook: for keeping, as an empty template, and as the rows that could not come in."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from lms.adapters import sheets
from lms.adapters.banks.found import Raw
from lms.adapters.banks.telling import LETTERS
from lms.adapters.banks.template import rows_of
from lms.domain.bank import Entry, Item, ItemType, Pair
from lms.domain.courses import Option

LEAST_OPTIONS = 4
_HEAD = ("题型", "题干")
_TAIL = ("答案", "解析", "难度", "知识点", "标签")
_WIDTHS = {"题干": 60, "解析": 40, "知识点": 20, "标签": 20}


def write(entries: Iterable[Entry], path: Path) -> None:
    """A workbook that we read again unchanged. Pictures stand in it by their fingerprint only."""
    raws = [raw for number, entry in enumerate(entries, start=1) for raw in rows_of(entry, number)]
    _write(raws, [()] * len(raws), (), path)


def write_failed(failed: Sequence[tuple[Raw, str]], path: Path) -> None:
    """The rows that could not come in, each with what is wrong, in the form of our template."""
    raws = [raw for raw, _ in failed]
    _write(raws, [(told, raw.place) for raw, told in failed], ("要改的地方", "原来的位置"), path)


def _write(raws: Sequence[Raw], beside: Sequence[tuple[str | int, ...]], titles: tuple[str, ...], path: Path) -> None:
    most = max([LEAST_OPTIONS, *(len(raw.options) for raw in raws)])
    letters = LETTERS[:most]
    told = any(any(raw.feedback) for raw in raws)
    header = [*titles, *_HEAD, *(f"选项{letter}" for letter in letters), *_TAIL]
    header += [f"反馈{letter}" for letter in letters] if told else []
    header += ["案例编号", "图片"]
    widths = [_WIDTHS.get(title, 16) for title in header]
    rows = (_row(raw, most, told=told, beside=more) for raw, more in zip(raws, beside, strict=True))
    sheets.write_xlsx(header, rows, path, widths)


def _row(raw: Raw, most: int, *, told: bool, beside: tuple[str | int, ...]) -> list[str | int]:
    options = [*raw.options, *([""] * most)][:most]
    feedback = [*raw.feedback, *([""] * most)][:most] if told else []
    words = [raw.answer, raw.explanation, raw.difficulty, raw.objective, raw.tags]
    return [*beside, raw.type, raw.stem, *options, *words, *feedback, raw.case, raw.picture]


def write_template(objective: str, path: Path) -> None:
    """A workbook with one example of each kind, to write over."""
    write((Entry(item, objective, 2, ("示例",)) for item in _examples()), path)


def _examples() -> Iterable[Item]:
    yes_no = (Option("对", "", True), Option("错", ""))
    single = Item(
        ItemType.SINGLE,
        "【示例】喂饭以前先做什么？",
        (Option("洗手", "对，手干净饭才干净。", True), Option("开窗", "不用。"), Option("叫家属", "不用。")),
        explanation="手上的病菌会跟着饭进嘴。",
    )
    several = (Option("跌倒", "", True), Option("发热", "", True), Option("吃得香", ""))
    fill = Item(ItemType.FILL, "【示例】体温 ____ ℃以上叫____。", blanks=(("37.3",), ("发热", "发烧")))
    judged = Item(ItemType.TRUE_FALSE, "【示例】给老人喂饭不能催。", yes_no)
    return (
        single,
        Item(ItemType.MULTIPLE, "【示例】哪些情况要马上报告？", several),
        judged,
        Item(ItemType.ORDERING, "【示例】洗手的次序", steps=("湿手", "搓手", "冲洗", "擦干")),
        Item(ItemType.MATCHING, "【示例】遇到什么，先做什么？", pairs=(Pair("发热", "量体温"), Pair("跌倒", "先别扶"))),
        fill,
        Item(ItemType.CASE, "【示例】王奶奶 82 岁，早上说头晕，不想起床。", parts=(single, judged)),
    )
