"""Reads WebVTT by the rules of the W3C (WebVTT: The Web Video Text Tracks Format, 4.1), strictly, naming lines.

What would be lost is an error. What we do not need is left out and told: styles, regions, settings, identifiers.
"""

import re
from dataclasses import dataclass, field

from lms.domain.captions import Block, Checked, Cue, Finding, Placed, blocks_of, check, lines_of, plain_text

MOMENT = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMING = re.compile(rf"{MOMENT}[ \t]+-->[ \t]+{MOMENT}(?:[ \t]+(.*))?", re.ASCII)
COMMA = re.compile(r"\d:\d\d,\d{3}.*-->|-->.*\d:\d\d,\d{3}", re.ASCII)
HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")
SETTING = re.compile(
    r"vertical:(?:rl|lr)|line:(?:-?\d+|\d+(?:\.\d+)?%)(?:,(?:start|center|end))?"
    r"|position:\d+(?:\.\d+)?%(?:,(?:line-left|center|line-right))?|size:\d+(?:\.\d+)?%"
    r"|align:(?:start|center|end|left|right)|region:\S+",
    re.ASCII,
)
ARROW = "-->"


@dataclass
class _Reading:
    """What has been found so far."""

    placed: list[Placed] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def wrong(self, line: int, code: str) -> None:
        self.problems.append(Finding(line, code))

    def odd(self, line: int, code: str) -> None:
        self.remarks.append(Finding(line, code))


def read_webvtt(text: str) -> Checked:
    """The cues of a WebVTT file, as plain text."""
    lines = lines_of(text)
    if HEADER.fullmatch(lines[0]) is None or ARROW in lines[0]:
        return Checked((), (Finding(1, "captions_header"),))
    if len(lines) > 1 and lines[1] != "":
        return Checked((), (Finding(2, "captions_header_line"),))
    reading = _Reading()
    for block in blocks_of(lines[1:], first=2):
        _read_block(block, reading)
    return check(reading.placed, reading.problems, reading.remarks)


def _read_block(block: Block, reading: _Reading) -> None:
    first = block.lines[0]
    if re.fullmatch(r"NOTE(?:[ \t].*)?", first):
        _check_note(block, reading)
    elif first.rstrip(" \t") in ("STYLE", "REGION") and not any(ARROW in line for line in block.lines[:2]):
        reading.odd(block.line, "captions_style_left_out")
    elif ARROW in first:
        _read_cue(block, 0, reading)
    elif len(block.lines) > 1 and ARROW in block.lines[1]:
        _check_name(block, reading)
        _read_cue(block, 1, reading)
    else:
        reading.wrong(block.line, "captions_without_times")


def _check_note(block: Block, reading: _Reading) -> None:
    """A note with an arrow in it is a cue that somebody forgot to separate."""
    for place, line in enumerate(block.lines):
        if ARROW in line:
            reading.wrong(block.line + place, "captions_arrow")
            return


def _check_name(block: Block, reading: _Reading) -> None:
    name = block.lines[0]
    if name in reading.names:
        reading.odd(block.line, "captions_same_name")
    reading.names.add(name)


def _read_cue(block: Block, at: int, reading: _Reading) -> None:
    line, payload = block.line + at, block.lines[at + 1 :]
    hit = TIMING.fullmatch(block.lines[at].strip(" \t"))
    if hit is None:
        reading.wrong(line, "captions_comma" if COMMA.search(block.lines[at]) else "captions_timing")
        return
    for place, words in enumerate(payload, start=1):
        if ARROW in words:
            reading.wrong(line + place, "captions_arrow")
            return
    _check_settings(line, hit[9] or "", reading)
    cue = Cue(_moment(*hit.groups()[:4]), _moment(*hit.groups()[4:8]), plain_text(payload))
    reading.placed.append(Placed(line, cue))


def _check_settings(line: int, settings: str, reading: _Reading) -> None:
    told = settings.split()
    if not told:
        return
    known = all(SETTING.fullmatch(setting) for setting in told)
    reading.odd(line, "captions_settings_left_out" if known else "captions_settings_unknown")


def _moment(hours: str | None, minutes: str | None, seconds: str | None, thousandths: str | None) -> int:
    told = [int(part or 0) for part in (hours, minutes, seconds, thousandths)]
    return ((told[0] * 60 + told[1]) * 60 + told[2]) * 1000 + told[3]
