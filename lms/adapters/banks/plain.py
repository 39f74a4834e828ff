"""HTML becomes the words in it."""

import re
from html.parser import HTMLParser

_BREAKS = frozenset(
    {"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "ul", "ol", "hr"}
)
_SILENT = frozenset({"script", "style", "head", "title", "object", "iframe", "svg"})
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z]\w*);")


class _Words(HTMLParser):
    """Gathers what a reader would see, and the addresses of pictures."""

    def __init__(self, *, keeps_lines: bool) -> None:
        super().__init__()
        self.told: list[str] = []
        self.pictures: list[str] = []
        self._silent = 0
        self._keeps_lines = keeps_lines

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        if tag == "img":
            self.pictures.append(dict(attrs).get("src") or "")
        elif tag in _BREAKS:
            self.told.append("\n")
        elif tag in ("td", "th"):
            self.told.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT and self._silent > 0
        if tag in _BREAKS and tag not in ("br", "hr"):
            self.told.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.told.append(data if self._keeps_lines else re.sub(r"\s+", " ", data))


def words_of(html: str, *, keeps_lines: bool = False) -> tuple[str, list[str]]:
    """The text of HTML, and the addresses of its pictures; what holds no markup is left as it is."""
    if not _MARKUP.search(html):
        return html, []
    reader = _Words(keeps_lines=keeps_lines)
    reader.feed(html)
    reader.close()
    lines = (line.strip() for line in "".join(reader.told).split("\n"))
    return "\n".join(line for line in lines if line), reader.pictures


def by_format(text: str, kind: str) -> tuple[str, list[str]]:
    """A text as Moodle's formats have it: html, moodle_auto_format (HTML whose line breaks count), plain, markdown."""
    if kind in ("plain", "plain_text", "markdown"):
        return text, []
    return words_of(text, keeps_lines=kind != "html")
