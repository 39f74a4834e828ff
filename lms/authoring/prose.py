"""What the Markdown of a lesson may not hold, found with the line it stands on."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from lms.authoring.problems import Notes

_HTTP = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
_CODES = {
    "html_block": "markdown_html",
    "html_inline": "markdown_html",
    "table_open": "markdown_table",
    "code_block": "markdown_code",
    "fence": "markdown_code",
}


# Sees HTML and tables, which the parser for readers shows as text.
_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")


def check_prose(body: str, first_line: int, notes: Notes, *, may_show: bool = False) -> None:
    """Note HTML, tables, code, wrong headings, links elsewhere than http(s), marks left as text.

    Pictures are noted unless the lesson `may_show` them; then only those without words for who cannot see them.
    """
    for token, line in _tokens(body, first_line):
        if token.type in _CODES:
            notes.add(line, _CODES[token.type], **_shown(token))
        elif token.type == "image":
            _check_picture(token, line, notes, may_show)
        elif token.type == "link_open" and not is_http(str(token.attrs["href"])):
            notes.add(line, "link_not_http", link=str(token.attrs["href"]))
        elif token.type == "heading_open" and token.tag not in ("h2", "h3"):
            notes.add(line, "heading_level")
        elif token.type == "text":
            _check_marks(token.content, line, notes)


def is_http(link: str) -> bool:
    """Whether a link is absolute and leads to a web page."""
    return bool(_HTTP.fullmatch(link))


def pictures(body: str, first_line: int) -> list[tuple[str, int]]:
    """The addresses of the pictures in a body that begins on `first_line`, each with its line."""
    return [(str(token.attrs["src"]), line) for token, line in _tokens(body, first_line) if token.type == "image"]


def _check_picture(token: Token, line: int, notes: Notes, may_show: bool) -> None:
    if not may_show:
        notes.add(line, "markdown_image")
    elif not token.content.strip():
        notes.add(line, "picture_without_words", picture=str(token.attrs["src"]))


def _check_marks(text: str, line: int, notes: Notes) -> None:
    # After Chinese punctuation CommonMark does not take `**` for the end of bold: the stars would be shown.
    if "**" in text:
        notes.add(line, "markdown_bold", text=text)
    if "](" in text:
        notes.add(line, "markdown_link", text=text)


def _tokens(body: str, first_line: int) -> Iterator[tuple[Token, int]]:
    """Each token with its line: an inline one stands as many lines below its block as breaks precede it."""
    for block in _PARSER.parse(body):
        line = first_line + (block.map[0] if block.map else 0)
        yield block, line
        for token in block.children or []:
            yield token, line
            line += token.type in ("softbreak", "hardbreak")


def _shown(token: Token) -> dict[str, str]:
    return {"html": token.content.strip()} if token.type.startswith("html") else {}
