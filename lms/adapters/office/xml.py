"""XML from people we do not know: no document type, no entity, no depth without end; as a tree, or piece by piece."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from lms.domain.errors import Refused

DEEPEST = 100
_CHINESE = re.compile(rb"""<\?xml[^>]{0,100}encoding=["'](?:gb2312|gbk|gb18030)["'][^>]{0,40}\?>""", re.IGNORECASE)
_BROKEN = (expat.ExpatError, ValueError, LookupError, AssertionError)


class _Tree:
    """Gathers elements by their names without namespaces."""

    def __init__(self) -> None:
        self.builder = TreeBuilder()
        self.depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Refused("xml_unsafe")
        self.builder.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        self.depth -= 1
        self.builder.end(_local(name))

    def data(self, text: str) -> None:
        self.builder.data(text)

    def refuse(self, *_told: Any) -> NoReturn:
        raise Refused("xml_unsafe")


class _Pieces(_Tree):
    """Keeps the elements of some names only, each until it is handed on; what stands around them is forgotten."""

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self.done: list[Element] = []
        self._names = names
        self._inside = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._inside or _local(name) in self._names:
            self._inside += 1
            super().start(name, attributes)
        else:
            self.depth += 1
            if self.depth > DEEPEST:
                self.refuse()

    def end(self, name: str) -> None:
        if not self._inside:
            self.depth -= 1
            return
        super().end(name)
        self._inside -= 1
        if not self._inside:
            self.done.append(self.builder.close())
            self.builder = TreeBuilder()

    def data(self, text: str) -> None:
        if self._inside:
            self.builder.data(text)


def _parser(tree: _Tree) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.data
    parser.StartDoctypeDeclHandler = tree.refuse
    parser.EntityDeclHandler = tree.refuse
    parser.ExternalEntityRefHandler = tree.refuse
    return parser


def parse(data: bytes) -> Element:
    """The root element, names without namespaces. Refused: xml_unsafe (it declares something), xml_broken."""
    tree = _Tree()
    try:
        _parser(tree).Parse(_decoded(data), True)
    except _BROKEN as error:
        raise Refused("xml_broken") from error
    return tree.builder.close()


def elements(chunks: Iterable[bytes], *names: str) -> Iterator[Element]:
    """The outermost elements of these names, one after the other, in little memory. Refused: as `parse`."""
    tree = _Pieces(frozenset(names))
    parser = _parser(tree)
    for chunk in chunks:
        _feed(parser, chunk, is_last=False)
        yield from tree.done
        tree.done.clear()
    _feed(parser, b"", is_last=True)
    yield from tree.done


def _feed(parser: expat.XMLParserType, chunk: bytes, *, is_last: bool) -> None:
    try:
        parser.Parse(chunk, is_last)
    except _BROKEN as error:
        raise Refused("xml_broken") from error


def _decoded(data: bytes) -> bytes | str:
    declared = _CHINESE.match(data.lstrip())
    return data.lstrip()[declared.end() :].decode("gb18030") if declared else data


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def text_of(element: Element | None) -> str:
    """All text inside an element."""
    return "" if element is None else "".join(element.itertext())
