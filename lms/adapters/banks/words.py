"""The words that question banks use here: for kinds of questions, for answers, for columns."""

import re
import unicodedata

from lms.domain.bank import ItemType

TYPE_NAMES = {
    ItemType.SINGLE: "单选题",
    ItemType.MULTIPLE: "多选题",
    ItemType.TRUE_FALSE: "判断题",
    ItemType.ORDERING: "排序题",
    ItemType.MATCHING: "匹配题",
    ItemType.FILL: "填空题",
    ItemType.CASE: "案例题",
}
CHOICE, OTHER = "choice", "other"  # 选择题 says not which; 简答 and the like are for people to mark

_TYPES = (
    ("多选|多项|不定项|multiplechoice|multiple", ItemType.MULTIPLE),
    ("单选|单项|single", ItemType.SINGLE),
    ("判断|是非|对错|true_?false|truefalse", ItemType.TRUE_FALSE),
    ("排序|次序|ordering", ItemType.ORDERING),
    ("匹配|连线|配对|搭配|matching", ItemType.MATCHING),
    ("填空|fill", ItemType.FILL),
    ("案例|材料|综合|情景|情境|case", ItemType.CASE),
    ("简答|论述|问答|名词解释|计算|实操|操作|主观|作文|essay", OTHER),
    ("选择", CHOICE),
)
_TRUE = frozenset({"对", "正确", "√", "✓", "✔", "☑", "v", "t", "true", "yes", "y", "是", "r", "right", "1"})
_FALSE = frozenset(
    {"错", "错误", "不对", "不正确", "×", "✗", "✘", "x", "f", "false", "no", "n", "否", "非", "wrong", "0"}
)
_LEVELS = {
    word: level
    for level, told in enumerate(
        (
            "极易 很易 很容易",
            "易 容易 简单 较易 低 easy",
            "中 中等 一般 适中 medium",
            "较难 难 困难 高 hard",
            "很难 极难",
        ),
        start=1,
    )
    for word in told.split()
}
_BOUNDS = ((0.9, 1), (0.7, 2), (0.5, 3), (0.3, 4))


def plain(text: str) -> str:
    """A short text as words are compared: half width, small letters, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def type_of(words: str) -> ItemType | str | None:
    """The kind a word names; CHOICE or OTHER where it names no kind of ours; None for words that name none."""
    told = plain(words)
    return next((kind for pattern, kind in _TYPES if told and re.search(pattern, told)), None)


def truth_of(words: str) -> bool | None:
    """What 对, √, T and the like say; None for anything else."""
    told = plain(words).strip("。.()（）")
    return True if told in _TRUE else False if told in _FALSE else None


def difficulty_of(words: str) -> int | None:
    """1 to 5 for a number, a word such as 较难, or a share of right answers such as 0.7; 0 for nothing; None else."""
    told = plain(words).removesuffix("级").removesuffix("星")
    if not told:
        return 0
    if re.fullmatch("[1-5]", told):
        return int(told)
    if re.fullmatch(r"0?\.\d+|1\.0+|0", told):
        return next((level for bound, level in _BOUNDS if float(told) >= bound), 5)
    return _LEVELS.get(told)


def letters_of(words: str) -> list[int] | None:
    """The numbers (from 0) that letters name: `A,B`, `ＡＢ`, `a、c`; also `1,3` and `①③`; None for anything else."""
    told = re.sub(r"[\s,，、;；/.。|和及\-—()（）→>]+", "", unicodedata.normalize("NFKC", words)).upper()
    if re.fullmatch("[A-L]+", told):
        return [ord(letter) - 65 for letter in told]
    if re.fullmatch("[1-9]+", told):
        return [int(digit) - 1 for digit in told]
    return None
