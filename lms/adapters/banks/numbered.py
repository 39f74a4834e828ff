"""Questions as people type them: numbered stems, A to D below or behind, answers in brackets, below, or at the end."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lms.adapters.banks import words
from lms.adapters.banks.answer_list import AnswerList
from lms.adapters.banks.found import MOST_QUESTIONS, Draft, Found, Raw, Reading
from lms.adapters.banks.telling import LETTERS, tell
from lms.domain.bank import ItemType
from lms.domain.errors import Refused

STEM, PART, OPTION, FEEDBACK = "stem", "part", "option", "feedback"
LABELS = {
    "answer": "正确答案|标准答案|参考答案|答案|Answer",
    "explanation": "试题解析|答案解析|题目解析|解析|Explanation",
    "difficulty": "难易程度|难易度|难度系数|难度",
    "objective": "知识点|考点|学习目标",
    "tags": "标签|关键词",
}
_LABELLED = (rf"(?P<{name}>[【\[(（]?(?:{told})(?:[】\])）][:：]?|\s*[:：]))" for name, told in LABELS.items())
_LABEL = re.compile("|".join(_LABELLED), re.IGNORECASE)
_START = re.compile(r"(?:第\s*)?(\d{1,4})\s*(?:[.．](?!\d)|[、:：)）]|题[.．、:： ]?)\s*(?=\S)")
_PART = re.compile(r"[(（]\s*(\d{1,2})\s*[)）]\s*(?=\S)")
_HEADING = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}[、.．部大]|[IVX]{1,4}[.、])"
    r"|[【\[]?(?:单|多|判断|填空|排序|匹配|案例)[^:：]{0,12}题"
)
_ANSWERS = re.compile(r"[【\[]?(?:参考|标准|正确)?答案(?:与|及|和)?(?:试题|答案)?(?:解析|详解)?[】\]]?\s*[:：]?")
_TYPE = re.compile(r"[【\[(（]\s*([^【\[(（】\])）]{2,10}题)\s*(?:[,，、;；].{0,12})?[】\])）]")
_MARK = re.compile(r"[(（]?([A-La-lＡ-Ｌ])\s*[.．、:：)）]\s*|[(（]([A-L])[)）]\s*")
_BEHIND = re.compile(r"(?:^|(?<=[\s。；;，,、)）\t]))[(（]?([A-LＡ-Ｌ])\s*[.．、:：)）]\s*")
_IN_STEM = re.compile(
    r"([（(【\[]\s*)([A-LＡ-Ｌa-l](?:[\s,，、]*[A-LＡ-Ｌa-l])*|√|×|✓|✗|对|错|正确|错误|[TF])(\s*[)）】\]])"
)


@dataclass(frozen=True)
class Line:
    """A line or a paragraph. `role` is what our own Word export says it is, "" for everybody else's."""

    number: int
    text: str
    role: str = ""
    picture: bytes | None = None


def divided_options(text: str) -> list[str]:
    """`A.甲 B.乙 C.丙`, on one line or several, or one a line, as [甲, 乙, 丙]."""
    first, pieces = _options_in(text, 0)
    if len(pieces) >= 2 and not first.strip():
        return pieces
    return [line.strip() for line in re.split("[\n|｜;；]", text) if line.strip()]


def _options_in(text: str, expected: int) -> tuple[str, list[str]]:
    """What stands before the option with the number `expected`, and it and those that follow in order."""
    marks: list[re.Match[str]] = []
    for found in _BEHIND.finditer(text):
        letter = unicodedata.normalize("NFKC", found[1])
        if expected + len(marks) < len(LETTERS) and letter == LETTERS[expected + len(marks)]:
            marks.append(found)
    if not marks:
        return text, []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    pieces = [text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)]
    return text[: marks[0].start()], pieces


def read(lines: Iterable[Line]) -> Reading:
    """All questions of a text. Refused("bank_no_questions") where there is none."""
    reader = _Reader()
    for line in lines:
        reader.take(line)
    found = tuple(reader.found())
    if not found:
        raise Refused("bank_no_questions")
    return Reading(found, reader.skipped)


class _Reader:
    """Line after line; what was begun goes on until something new begins."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.answers = AnswerList()
        self.in_answers = False
        self.skipped = 0
        self.scope = 0
        self.kind = ""
        self.open = ""  # the field that an unmarked line goes on with

    def take(self, line: Line) -> None:
        text = line.text.replace("\u3000", " ").strip()
        if line.picture and self.drafts and not self.drafts[-1].picture:
            self.drafts[-1].picture = line.picture
        if line.role:
            self._by_role(line, line.text)
        elif not text:
            return
        elif self._is_heading(text):
            self._heading(text)
        elif self.in_answers:
            self.skipped += not self.answers.take(text)
        elif not self._begins(line, text):
            self._goes_on(text)

    def _by_role(self, line: Line, text: str) -> None:
        if line.role in (STEM, PART):
            mark = _START if line.role == STEM else _PART
            self._begin(line, mark.sub("", text, count=1), is_part=line.role == PART)
        elif self.drafts:
            draft = self.drafts[-1]
            if line.role == OPTION:
                draft.options.append(_MARK.sub("", text, count=1))
            elif line.role == FEEDBACK:
                draft.feedback[len(draft.options) - 1] = re.sub("^反馈：", "", text)
            else:
                draft.values[line.role] = _LABEL.sub("", text, count=1)

    def _is_heading(self, text: str) -> bool:
        if len(text) > 60 or (_LABEL.match(text) and not _ANSWERS.fullmatch(text)):
            return False
        if _ANSWERS.fullmatch(text):
            return (bool(self.drafts) and not text.endswith((":", "："))) or self.in_answers
        return bool(_HEADING.match(text)) and words.type_of(text) is not None and not _START.match(text)

    def _heading(self, text: str) -> None:
        self.skipped += 1
        self.open = ""
        if _ANSWERS.fullmatch(text):
            self.in_answers = True
        elif self.in_answers:
            self.answers.begin_scope()
        else:
            self.kind = text
            self.scope += bool(self.drafts)

    def _begins(self, line: Line, text: str) -> bool:
        part = _PART.match(text)
        if part and self.drafts and self._in_case():
            self._begin(line, text[part.end() :], is_part=True)
            return True
        start = _START.match(text)
        if not start or (self.open == "explanation" and int(start[1]) != self._last_number() + 1):
            return False
        number = int(start[1])
        if self.drafts and number <= self._last_number() and self.drafts[-1].scope == self.scope:
            self.scope += 1
        self._begin(line, text[start.end() :], number=number)
        return True

    def _in_case(self) -> bool:
        head = next((each for each in reversed(self.drafts) if not each.is_part), None)
        return head is not None and words.type_of(head.values.get("type", "")) is ItemType.CASE

    def _last_number(self) -> int:
        return next((each.number for each in reversed(self.drafts) if not each.is_part), 0)

    def _begin(self, line: Line, text: str, *, number: int = 0, is_part: bool = False) -> None:
        if len(self.drafts) >= 2 * MOST_QUESTIONS:
            raise Refused("bank_too_many_questions", most=MOST_QUESTIONS)
        draft = Draft(line.number, number=number, scope=self.scope, is_part=is_part, picture=line.picture)
        draft.is_ours = bool(line.role)
        kind = _TYPE.search(text)
        named = kind is not None and words.type_of(kind[1]) is not None
        draft.values["type"] = kind[1] if kind and named else "" if is_part else self.kind
        draft.values["stem"] = ""
        self.drafts.append(draft)
        self.open = "stem"
        rest = text.replace(kind[0], "", 1) if kind and named else text
        if line.role:
            draft.values["stem"] = rest.strip()
        else:
            self._goes_on(rest.strip())

    def _goes_on(self, text: str) -> None:
        if not self.drafts:
            self.skipped += 1
            return
        label = _LABEL.search(text)
        before = text[: label.start()] if label else text
        if label and not label.start() and self._is_list(text[label.end() :]):
            self.in_answers = True
            self.answers.take(text[label.end() :])
            return
        if before.strip():
            self._add(before.strip())
        while label:
            following = _LABEL.search(text, label.end())
            self.open = str(label.lastgroup)
            self._add(text[label.end() : following.start() if following else len(text)].strip())
            label = following

    def _is_list(self, text: str) -> bool:
        return len(self.drafts) > 1 and AnswerList().take(text) and bool(re.match(r"\s*\d", text))

    def _add(self, text: str) -> None:
        draft = self.drafts[-1]
        if self.open in (STEM, OPTION):
            before, options = _options_in(text, len(draft.options))
            if options and (self.open == OPTION or before.strip() == "" or len(options) > 1):
                self._append(before.strip())
                draft.options += options
                self.open = OPTION
                return
        self._append(text)

    def _append(self, text: str) -> None:
        draft = self.drafts[-1]
        if self.open == OPTION and text:
            draft.options[-1] = f"{draft.options[-1]}\n{text}".strip()
        elif text:
            draft.values[self.open] = f"{draft.values.get(self.open, '')}\n{text}".strip()

    def found(self) -> Iterator[Found]:
        """The questions, a case with its parts, each with the answer that stood somewhere else."""
        answers = self.answers.for_questions([(each.scope, each.number) for each in self.drafts])
        rows: list[Raw] = []
        picture: bytes | None = None
        for draft, answer in zip(self.drafts, answers, strict=True):
            if rows and not draft.is_part:
                yield tell(rows, picture)
            if not draft.is_part:
                rows, picture = [], draft.picture
            if not draft.values.get("answer") and not draft.is_ours:
                draft.values["answer"] = answer or _taken_from_stem(draft)
            rows.append(draft.done())
        if rows:
            yield tell(rows, picture)


def _taken_from_stem(draft: Draft) -> str:
    """The answer that stands in brackets in the stem, which then stays empty."""
    marks = list(_IN_STEM.finditer(draft.values["stem"]))
    for mark in reversed(marks):
        picked = words.letters_of(mark[2])
        truth = words.truth_of(mark[2])
        fits = picked is not None and draft.options and max(picked) < len(draft.options)
        if fits or (truth is not None and not draft.options):
            stem = draft.values["stem"]
            draft.values["stem"] = f"{stem[: mark.start()]}（ ）{stem[mark.end() :]}".strip()
            return mark[2]
    return ""
