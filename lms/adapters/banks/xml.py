"""XML as a tree, from people we do not know: no document type, no entity, no depth without end."""

import re
from typing import Any, NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from lms.domain.errors import Refused

DEEPEST = 100
_CHINESE = re.compile(rb"""<\?xml[^>]{0,100}encoding=["'](?:gb2312|gbk|gb18030)["'][^>]{0,40}\?>""", re.IGNORECASE)


class _Tree:
    """Gathers elements by their names without namespaces."""

    def __init__(self) -> None:
        self.builder = TreeBuilder()
        self.depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Refused("bank_xml_unsafe")
        self.builder.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        self.depth -= 1
        self.builder.end(_local(name))

    def refuse(self, *_told: Any) -> NoReturn:
        raise Refused("bank_xml_unsafe")


def parse(data: bytes) -> Element:
    """The root element, names without namespaces. Refused: bank_xml_unsafe (it declares something), bank_xml_broken."""
    tree = _Tree()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.builder.data
    parser.StartDoctypeDeclHandler = tree.refuse
    parser.EntityDeclHandler = tree.refuse
    parser.ExternalEntityRefHandler = tree.refuse
    try:
        parser.Parse(_decoded(data), True)
    except (expat.ExpatError, ValueError, LookupError, AssertionError) as error:
        raise Refused("bank_xml_broken") from error
    return tree.builder.close()


def _decoded(data: bytes) -> bytes | str:
    declared = _CHINESE.match(data.lstrip())
    return data.lstrip()[declared.end() :].decode("gb18030") if declared else data


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def text_of(element: Element | None) -> str:
    """All text inside an element."""
    return "" if element is None else "".join(element.itertext())
