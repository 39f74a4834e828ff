"""YAML text as nodes that know their lines; what could grow without end is refused."""

import yaml
from yaml.nodes import Node

from lms.authoring.problems import Notes

MOST_DEPTH = 12
MOST_NODES = 10_000


class _UnwelcomeError(Exception):
    """Sound YAML that a course has no use for."""

    def __init__(self, code: str, node: Node) -> None:
        super().__init__(code)
        self.code = code
        self.node = node


class _Composer(yaml.SafeLoader):
    """Composes nodes and never builds objects from them, so no tag in a file means anything."""

    def __init__(self, text: str, first_line: int) -> None:
        super().__init__(text)
        self.line = first_line - 1
        self.depth = 0
        self.count = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        self.depth += 1
        self.count += 1
        if parent and (self.depth > MOST_DEPTH or self.count > MOST_NODES):
            raise _UnwelcomeError("yaml_too_large", parent)
        node = super().compose_node(parent, index)
        self.depth -= 1
        # An anchor alone is refused, so that no alias can ever multiply it.
        for anchored in self.anchors.values():
            raise _UnwelcomeError("yaml_alias", anchored)
        return node


def compose(text: str, first_line: int, notes: Notes) -> Node | None:
    """The root node of a YAML text that begins on `first_line` of its file; None if it cannot be used."""
    composer = _Composer(text, first_line)
    try:
        root = composer.get_single_node()
    except _UnwelcomeError as unwelcome:
        notes.add(line_of(unwelcome.node), unwelcome.code)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        notes.add(mark.line + 1 if mark else first_line, "yaml_broken", detail=str(error.problem))
    except (ValueError, OverflowError) as error:
        # Numbers in escapes and directives fail raw in PyYAML (yaml/pyyaml#843).
        notes.add(composer.line + 1, "yaml_broken", detail=str(error))
    else:
        if root is None:
            notes.add(first_line, "yaml_empty")
        return root
    return None


def line_of(node: Node) -> int:
    """The line of the file, from 1, on which a node begins."""
    return int(node.start_mark.line) + 1
