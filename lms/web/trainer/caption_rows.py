"""The rows of the captions editor as a form sends them, and what its buttons do to them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from lms.domain.captions import MOST_CUES, Cue, Finding, Placed, check, milliseconds, time_words
from lms.domain.errors import Refused
from lms.web.language import counted
from lms.web.wording import sentence

NEW_CUE_MS = 2_000
SHIFT = re.compile(r"\s*([+-]?)\s*(\d{1,4}(?:[.,]\d{1,3})?)\s*", re.ASCII)


@dataclass
class Row:
    """One cue as it stands in the form, right or wrong."""

    start: str
    end: str
    text: str
    error: str = ""


def rows_of(cues: Iterable[Cue]) -> list[Row]:
    """Cues as the form shows them."""
    return [Row(time_words(cue.start_ms), time_words(cue.end_ms), cue.text) for cue in cues]


@dataclass
class Editor:
    """The state the person began from, the rows, the button pressed, and what is wrong."""

    number: int
    rows: list[Row]
    button: str = ""
    shift: str = ""
    errors: list[str] = field(default_factory=list)
    focus: int | None = None

    @classmethod
    def sent(cls, form: "MultiDict[str, str]") -> "Editor":
        """What a browser sent; lists of unequal length lose their ends."""
        told = zip(form.getlist("from"), form.getlist("to"), form.getlist("text"), strict=False)
        rows = [Row(start, end, text.replace("\r\n", "\n")) for start, end, text in told][: MOST_CUES + 1]
        return cls(form.get("number", 0, type=int), rows, form.get("act", "save"), form.get("shift", ""))

    @property
    def wants_to_save(self) -> bool:
        """Whether this is the end of the work, and no step of it."""
        return self.button == "save"

    def act(self) -> None:
        """Does what the button says to the rows; nothing is kept."""
        name, _dash, place = self.button.partition("-")
        at = int(place) if place.isdigit() and int(place) < len(self.rows) else None
        if name == "shift":
            self._shift()
        elif name == "add":
            self._add(at)
        elif at is not None and name == "split":
            self._split(at)
        elif at is not None and name == "delete":
            del self.rows[at]
            self.focus = max(at - 1, 0)

    def cues(self) -> list[Cue]:
        """The rows as cues; where that is not possible, `errors` and the rows themselves say why."""
        placed = [Placed(number, cue) for number, row in enumerate(self.rows, start=1) if (cue := _cue(row))]
        if any(row.error for row in self.rows):
            self.errors = [counted("有 %(n)s 条字幕要改一改。", n=sum(bool(row.error) for row in self.rows))]
            return []
        if not self.rows:
            self.errors = [sentence("captions_none")]
        found = check(placed)
        for finding in found.problems if self.rows else ():
            self._note(finding)
        return [one.cue for one in placed]

    def _note(self, finding: Finding) -> None:
        told = sentence(finding.code, finding.values)
        self.rows[finding.line - 1].error = told
        self.errors.append(_("第 %(line)s 条：%(told)s", line=finding.line, told=told))

    def _add(self, at: int | None) -> None:
        """After row `at`, or at the end; its time follows on."""
        place = len(self.rows) if at is None else at + 1
        before = _cue(self.rows[place - 1]) if place else None
        start_ms = before.end_ms if before else 0
        self.rows.insert(place, Row(time_words(start_ms), time_words(start_ms + NEW_CUE_MS), ""))
        self.focus = place

    def _split(self, at: int) -> None:
        """In half, in time and in words: at a line's end where there is one."""
        cue = _cue(self.rows[at])
        if cue is None:
            return
        first, second = _halves(cue.text)
        middle = (cue.start_ms + cue.end_ms) // 2
        halves: Sequence[Cue] = (Cue(cue.start_ms, middle, first), Cue(middle, cue.end_ms, second))
        self.rows[at : at + 1] = rows_of(halves)
        self.focus = at

    def _shift(self) -> None:
        """All times later or earlier by so many seconds; none before the beginning."""
        hit = SHIFT.fullmatch(self.shift)
        if hit is None:
            self.errors = [_("请填写要移动的秒数，例如 1.5 或 -0.8。")]
            return
        by_ms = round(float(hit[2].replace(",", ".")) * 1000) * (-1 if hit[1] == "-" else 1)
        for row in self.rows:
            cue = _cue(row)
            if cue is not None:
                row.start, row.end = time_words(max(cue.start_ms + by_ms, 0)), time_words(max(cue.end_ms + by_ms, 0))
        self.shift = ""


def _cue(row: Row) -> Cue | None:
    """The row as a cue; None, with the reason in the row, where its times cannot be read."""
    try:
        made = Cue(milliseconds(row.start), milliseconds(row.end), row.text.strip())
    except Refused as told:
        row.error = sentence(told.code, told.values)
        return None
    row.error = ""
    return made


def _halves(text: str) -> tuple[str, str]:
    lines: list[Any] = text.split("\n")
    if len(lines) > 1:
        middle = len(lines) // 2
        return "\n".join(lines[:middle]), "\n".join(lines[middle:])
    middle = (len(text) + 1) // 2
    return text[:middle], text[middle:]
