"""Captions: what is said, when; and the file that players read (WebVTT, W3C)."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Cue:
    """Text on the screen during [start_ms, end_ms); its lines are separated by newlines."""

    start_ms: int
    end_ms: int
    text: str


def write_webvtt(cues: Iterable[Cue]) -> str:
    """The cues as a WebVTT file. Text is escaped, so that nothing in it can act as a tag, a cue or a header."""
    blocks = ["WEBVTT"]
    for number, cue in enumerate(cues, start=1):
        blocks.append(f"{number}\n{_time(cue.start_ms)} --> {_time(cue.end_ms)}\n{_escaped(cue.text)}")
    return "\n\n".join(blocks) + "\n"


def _time(at_ms: int) -> str:
    seconds, thousandths = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}"


def _escaped(text: str) -> str:
    """An empty line would end the cue early."""
    lines = (line.strip() for line in text.splitlines())
    plain = "\n".join(line for line in lines if line)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
