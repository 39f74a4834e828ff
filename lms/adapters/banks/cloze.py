"""Cloze, Moodle's gaps in a text: `{1:SHORTANSWER:=甲~%100%乙#反馈}`."""

import re

from lms.adapters.banks import weights
from lms.adapters.banks.weights import Weighed
from lms.domain.bank import BLANK

_GAP = re.compile(r"\{\d*:([A-Z_]+):((?:\\.|[^}\\])*)\}", re.DOTALL)
_TEXT_KINDS = re.compile("SHORTANSWER(_C)?|SAC?|MWC?")
_PIECE = re.compile(r"((?:\\.|[^~\\])+)", re.DOTALL)
_ANSWER = re.compile(r"(=|%(-?\d+(?:\.\d+)?)%)?((?:\\.|[^#\\])*)(?:#(.*))?", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\}#~/\"{=%])")


def read(text: str) -> tuple[str, tuple[list[Weighed], ...]] | None:
    """The text with `____` for each gap, and the answers of each; None where a gap is of another kind."""
    gaps = list(_GAP.finditer(text))
    if not gaps or not all(_TEXT_KINDS.fullmatch(gap[1]) for gap in gaps):
        return None
    return _GAP.sub(BLANK, text), tuple(_answers(gap[2]) for gap in gaps)


def _answers(told: str) -> list[Weighed]:
    found = []
    for piece in _PIECE.findall(told):
        parts = _ANSWER.fullmatch(piece)
        if parts:
            percent = float(parts[2]) if parts[2] else 100.0 if parts[1] else 0.0
            found.append(Weighed(_plain(parts[3]), percent, _plain(parts[4] or "")))
    return found


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text).strip()


def write(stem: str, blanks: tuple[tuple[str, ...], ...]) -> str:
    """A stem with a gap for each of its `____`."""
    pieces = stem.split(BLANK)
    gaps = ["{1:SHORTANSWER:" + "~".join("=" + _escaped(text) for text in accepted) + "}" for accepted in blanks]
    return "".join(piece + gap for piece, gap in zip(pieces, [*gaps, ""], strict=True))


def _escaped(text: str) -> str:
    return re.sub(r"([\\}#~/\"=%])", r"\\\1", weights.guard_stars(text))
