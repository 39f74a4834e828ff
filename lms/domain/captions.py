"""Captions: what is said, when; what is wrong with them; and the file that players read (WebVTT, W3C)."""

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lms.domain.errors import Refused

MOST_CUES = 2_000
LONGEST_TEXT = 300
LONGEST_FILE = 1024 * 1024
LAST_MS = 24 * 3600 * 1000
LINE_END = re.compile(r"\r\n|\n|\r")
SPAN_TAG = re.compile(r"</?(?:c|i|b|u|s|ruby|rt|lang|font)(?:[.\s][^<>]*)?>|<(?:\d+:)?\d\d:\d\d\.\d{3}>", re.IGNORECASE)
VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]+([^<>]*)>|</?v>", re.IGNORECASE)
TIME = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]?\d)(?:[.,](\d{1,3}))?|(\d{1,5})(?:[.,](\d{1,3}))?", re.ASCII)


@dataclass(frozen=True)
class Cue:
    """Text on the screen during [start_ms, end_ms); its lines are separated by newlines."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True)
class Finding:
    """What is wrong, or was put right, at one line of a file (or one row of the editor); counted from 1."""

    line: int
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Placed:
    """A cue and the line where its times stand."""

    line: int
    cue: Cue


@dataclass(frozen=True)
class Checked:
    """What was read. With `problems` it cannot be used; `remarks` tell what was left out or looks odd."""

    cues: tuple[Cue, ...]
    problems: tuple[Finding, ...] = ()
    remarks: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Block:
    """Lines between two empty ones, and the number of the first."""

    line: int
    lines: tuple[str, ...]


def lines_of(text: str) -> list[str]:
    """The lines of a file by the rules of WebVTT: three kinds of ends, no byte order mark, no NUL."""
    return LINE_END.split(text.removeprefix("\ufeff").replace("\0", "\ufffd"))


def blocks_of(lines: Sequence[str], first: int = 1) -> list[Block]:
    """The blocks of these lines, the first of which has the number `first`."""
    made: list[Block] = []
    held: list[str] = []
    for number, line in enumerate([*lines, ""], start=first):
        if line.strip(" \t"):
            held.append(line)
        elif held:
            made.append(Block(number - len(held), tuple(held)))
            held = []
    return made


def check(placed: Sequence[Placed], problems: Sequence[Finding] = (), remarks: Sequence[Finding] = ()) -> Checked:
    """The cues, with what is wrong among them beside what is already known."""
    wrong, odd = list(problems), list(remarks)
    kept: list[Cue] = []
    for one in placed:
        wrong += _faults(one, kept)
        if not one.cue.text:
            odd.append(Finding(one.line, "captions_without_text"))
            continue
        if kept and one.cue.start_ms < kept[-1].end_ms:
            odd.append(Finding(one.line, "captions_overlap"))
        kept.append(one.cue)
    if not kept and not wrong:
        wrong.append(Finding(1, "captions_none"))
    if len(kept) > MOST_CUES:
        wrong.append(Finding(placed[MOST_CUES].line, "captions_too_many", {"most": MOST_CUES}))
    by_line = sorted(wrong, key=lambda finding: finding.line)
    return Checked(tuple(kept), tuple(by_line), tuple(sorted(odd, key=lambda finding: finding.line)))


def _faults(one: Placed, before: Sequence[Cue]) -> list[Finding]:
    """WebVTT, 4.1: a cue ends after it starts, and starts no earlier than those before it."""
    found = []
    if one.cue.end_ms <= one.cue.start_ms:
        found.append(Finding(one.line, "captions_end_before_start"))
    if before and one.cue.start_ms < before[-1].start_ms:
        found.append(Finding(one.line, "captions_order"))
    if one.cue.end_ms > LAST_MS:
        found.append(Finding(one.line, "captions_time_too_late"))
    if len(one.cue.text) > LONGEST_TEXT:
        found.append(Finding(one.line, "captions_text_too_long", {"longest": LONGEST_TEXT}))
    return found


def plain_text(lines: Iterable[str]) -> str:
    """The words of a cue: its tags left out, who speaks put before them, entities read, nothing invisible."""
    marked = VOICE.sub(lambda hit: f"{hit[1].strip()}：" if hit[1] and hit[1].strip() else "", "\n".join(lines))
    words = html.unescape(SPAN_TAG.sub("", marked))
    shown = "".join(sign for sign in words if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs", "Co"))
    return "\n".join(line.strip() for line in shown.split("\n") if line.strip())


def milliseconds(text: str) -> int:
    """A moment as people write it: 1:02.5, 0:01:02,500, 62.5. Refused: captions_time."""
    hit = TIME.fullmatch(text.strip().replace("：", ":"))
    if hit is None:
        raise Refused("captions_time")
    hours, minutes, seconds, part, alone, alone_part = hit.groups()
    if alone is not None:
        return int(alone) * 1000 + _thousandths(alone_part)
    return (int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)) * 1000 + _thousandths(part)


def _thousandths(part: str | None) -> int:
    return int((part or "0").ljust(3, "0"))


def time_words(at_ms: int) -> str:
    """A moment as WebVTT writes it: 00:01:02.500."""
    seconds, thousandths = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}"


def write_webvtt(cues: Iterable[Cue]) -> str:
    """The cues as a WebVTT file. Text is escaped, so that nothing in it can act as a tag, a cue or a header."""
    blocks = ["WEBVTT"]
    for number, cue in enumerate(cues, start=1):
        blocks.append(f"{number}\n{time_words(cue.start_ms)} --> {time_words(cue.end_ms)}\n{_escaped(cue.text)}")
    return "\n\n".join(blocks) + "\n"


def _escaped(text: str) -> str:
    """An empty line would end the cue early."""
    lines = (line.strip() for line in text.splitlines())
    plain = "\n".join(line for line in lines if line)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
