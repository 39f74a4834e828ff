"""Markdown for readers: safe HTML for the page, plain text for counting and transcripts."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "blockquote", "hr", "br", "a", "code", "pre", "img"}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "img": {"src", "alt"}}
SCHEMES = {"http", "https"}

_BREAKS = {"softbreak": " ", "hardbreak": "\n"}


def to_html(markdown: str, picture: Callable[[str], str | None] = lambda _name: None) -> str:
    """The text as HTML of a few harmless tags; HTML in it is shown as text, links are http(s) only.

    `picture` gives the address of a picture by its name in the package; one without an address is left out.
    """
    return nh3.clean(
        str(_PARSER.render(markdown)),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_filter(picture),
        url_schemes=SCHEMES,
        url_relative="pass_through",  # so that the filter sees the names of pictures
        link_rel="noopener noreferrer",
    )


def _filter(picture: Callable[[str], str | None]) -> Callable[[str, str, str], str | None]:
    def allowed(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) == ("img", "src"):
            return picture(value)
        if (tag, attribute) == ("a", "href"):
            return value if value.lower().startswith(("http://", "https://")) else None
        return value

    return allowed


def to_plain(markdown: str) -> str:
    """The words alone, each block on a line of its own."""
    return plain(_PARSER.parse(markdown))


def plain(tokens: Iterable[Token]) -> str:
    """The words of parsed tokens, each block on a line of its own."""
    return "\n".join(filter(None, map(_words, tokens)))


def blocks(markdown: str) -> Iterator[list[Token]]:
    """The tokens of each outermost block: a heading, a paragraph, a whole list."""
    block: list[Token] = []
    for token in _PARSER.parse(markdown):
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield block
            block = []


def is_wide(character: str) -> bool:
    """Whether a character takes the width of a Chinese one."""
    return unicodedata.east_asian_width(character) in "WF"


def _words(token: Token) -> str:
    parts = token.children if token.children is not None else [token]
    return "".join(_BREAKS.get(part.type, part.content) for part in parts).strip()


def _join_chinese_lines(state: StateCore) -> None:
    """A line break after a Chinese character is no blank: browsers would show one."""
    for token in state.tokens:
        before = ""
        for child in token.children or []:
            if child.type == "softbreak" and before and is_wide(before):
                child.type = "text"
            before = child.content[-1:] or before


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.core.ruler.push("join_chinese_lines", _join_chinese_lines)
    return parser


_PARSER = _parser()
