"""Reads SubRip (.srt), of which there is no standard: numbers, times with commas, text, an empty line."""

import re

from lms.domain.captions import Block, Checked, Cue, Finding, Placed, blocks_of, check, lines_of, plain_text

MOMENT = r"(\d{1,3}):(\d{1,2}):(\d{1,2})[,.](\d{1,3})"
TIMING = re.compile(rf"{MOMENT}\s*-->\s*{MOMENT}(?:\s+.*)?", re.ASCII)
PLACING = re.compile(r"\{\\[^{}]*\}")
ARROW = "-->"


def read_srt(text: str) -> Checked:
    """The cues of a SubRip file, as plain text."""
    placed: list[Placed] = []
    problems: list[Finding] = []
    for block in blocks_of(lines_of(text)):
        read = _read_block(block)
        if isinstance(read, Placed):
            placed.append(read)
        else:
            problems.append(read)
    return check(placed, problems)


def _read_block(block: Block) -> Placed | Finding:
    at = 1 if block.lines[0].strip().isdigit() and len(block.lines) > 1 else 0
    line = block.line + at
    hit = TIMING.fullmatch(block.lines[at].strip())
    if hit is None:
        return Finding(line, "captions_timing" if ARROW in block.lines[at] else "captions_without_times")
    payload = block.lines[at + 1 :]
    for place, words in enumerate(payload, start=1):
        if ARROW in words:
            return Finding(line + place, "captions_arrow")
    text = plain_text(PLACING.sub("", words) for words in payload)
    return Placed(line, Cue(_moment(*hit.groups()[:4]), _moment(*hit.groups()[4:]), text))


def _moment(hours: str, minutes: str, seconds: str, part: str) -> int:
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(part.ljust(3, "0"))
