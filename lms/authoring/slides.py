"""The body of a video lesson as slides: title, points to be drawn, narration to be spoken."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from lms.authoring.markdown import blocks, is_wide, plain
from lms.authoring.problems import Notes
from lms.domain.courses import Slide

MOST_POINTS = 4
MOST_POINT_CHARACTERS = 18

_LISTS = ("bullet_list_open", "ordered_list_open")


@dataclass(slots=True)
class _Draft:
    title: str
    line: int
    points: list[str] = field(default_factory=list)
    narration: list[str] = field(default_factory=list)


def read_slides(body: str, first_line: int, notes: Notes) -> tuple[Slide, ...]:
    """The slides of a body that begins on `first_line` of its file; what breaks their rules is noted."""
    drafts = _drafts(body, first_line, notes)
    if not drafts:
        notes.add(first_line, "slides_missing")
    for draft in drafts:
        _check(draft, notes)
    return tuple(Slide(draft.title, tuple(draft.points), tuple(draft.narration)) for draft in drafts)


def _drafts(body: str, first_line: int, notes: Notes) -> list[_Draft]:
    drafts: list[_Draft] = []
    for block in blocks(body):
        line = _line(block[0], first_line)
        if block[0].tag == "h2":
            drafts.append(_Draft(plain(block), line))
        elif drafts:
            _add(drafts[-1], block, first_line, notes)
        else:
            notes.add(line, "slide_before_title")
    return drafts


def _add(draft: _Draft, block: list[Token], first_line: int, notes: Notes) -> None:
    if block[0].type == "paragraph_open":
        draft.narration.append(plain(block))
    elif block[0].type == "bullet_list_open" and not any(token.type in _LISTS for token in block[1:]):
        draft.points += _points(block, first_line, notes)
    else:
        notes.add(_line(block[0], first_line), "slide_block")


def _points(block: list[Token], first_line: int, notes: Notes) -> Iterator[str]:
    for item in _items(block):
        point = plain(item)
        line = _line(item[0], first_line)
        if not point:
            notes.add(line, "slide_point_empty")
        if half_widths(point) > 2 * MOST_POINT_CHARACTERS:
            notes.add(line, "slide_point_too_long", most=MOST_POINT_CHARACTERS, point=point)
        yield point


def _items(block: list[Token]) -> Iterator[list[Token]]:
    starts = [place for place, token in enumerate(block) if token.type == "list_item_open"]
    for start, end in zip(starts, [*starts[1:], len(block)], strict=True):
        yield block[start:end]


def _check(draft: _Draft, notes: Notes) -> None:
    if not draft.title:
        notes.add(draft.line, "slide_title_empty")
    if len(draft.points) > MOST_POINTS:
        notes.add(draft.line, "slide_points_too_many", most=MOST_POINTS, found=len(draft.points))
    if not any(draft.narration):
        notes.add(draft.line, "slide_narration_missing", title=draft.title)


def half_widths(text: str) -> int:
    """The width of a text on a slide: 2 for a Chinese character, 1 for a Latin one."""
    return sum(1 + is_wide(character) for character in text)


def _line(token: Token, first_line: int) -> int:
    return first_line + (token.map[0] if token.map else 0)
