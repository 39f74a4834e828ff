"""One YAML mapping, read key by key; whatever is wrong is noted with its line and read as empty."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from lms.authoring.files import unclean_character
from lms.authoring.problems import Notes
from lms.authoring.yaml_nodes import compose, line_of

MOST_ENTRIES = 200

_TAG = "tag:yaml.org,2002:"
_NULL = _TAG + "null"
# `text: 120` and `text: no` mean the words that stand there, so these tags are text as well.
_TEXT = {_TAG + name for name in ("str", "int", "float", "bool", "timestamp", "value", "merge")}
_SLUG = re.compile(r"(?=.{1,60}\Z)[a-z0-9]+(-[a-z0-9]+)*")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the line it stands on."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys a mapping must have, and those it may have."""

    required: frozenset[str]
    optional: frozenset[str]

    @classmethod
    def of(cls, required: str, optional: str = "") -> "Shape":
        """From keys parted by blanks."""
        return cls(frozenset(required.split()), frozenset(optional.split()))


class Fields:
    """A mapping of known keys. Each getter notes what is wrong and then returns something empty."""

    def __init__(self, node: MappingNode, shape: Shape, notes: Notes) -> None:
        self.line = line_of(node)
        self.notes = notes
        self._nodes: dict[str, Node] = {}
        for key, value in node.value:
            self._take(key, value, shape)
        for name in sorted(shape.required - set(self._nodes)):
            notes.add(self.line, "key_missing", key=name)

    def _take(self, key: Node, value: Node, shape: Shape) -> None:
        name = key.value if isinstance(key, ScalarNode) else "[…]"
        if name in self._nodes:
            self.notes.add(line_of(key), "key_twice", key=name)
        elif name in shape.required | shape.optional:
            self._nodes[name] = value
        else:
            self.notes.add(line_of(key), "key_unknown", key=name)

    def has(self, key: str) -> bool:
        """Whether a value stands under that key, a wrong one too."""
        return key in self._nodes

    def line_of(self, key: str) -> int:
        """The line a value begins on; that of the whole mapping if it lacks the key."""
        return line_of(self._nodes[key]) if key in self._nodes else self.line

    def note(self, key: str, code: str, **values: str | int) -> None:
        """Note a problem of a key, on the line of its value."""
        self.notes.add(self.line_of(key), code, key=key, **values)

    def text(self, key: str, most: int = 200) -> str:
        """A text of 1 to `most` characters; "" if it is missing or wrong."""
        return read_text(self._nodes[key], key, most, self.notes) if key in self._nodes else ""

    def number(self, key: str, least: int, most: int) -> int:
        """A whole number; 0 if it is missing or wrong."""
        word = self.text(key)
        if not _WHOLE.fullmatch(word):
            if word:
                self.note(key, "not_a_whole_number")
            return 0
        if not least <= int(word) <= most:
            self.note(key, "number_outside", least=least, most=most)
        return int(word)

    def flag(self, key: str) -> bool:
        """True or false; false if it is missing or wrong."""
        word = self.text(key).lower() or "false"
        if word not in ("true", "false"):
            self.note(key, "not_true_or_false")
        return word == "true"

    def slug(self, key: str) -> str:
        """A slug or id; "" if it is missing or wrong."""
        word = self.text(key)
        if _SLUG.fullmatch(word):
            return word
        if word:
            self.note(key, "slug_shape", value=word)
        return ""

    def choice(self, key: str, allowed: Collection[str], code: str = "value_unknown") -> str:
        """One of the allowed words; "" if it is missing or wrong, which is noted with that code."""
        word = self.text(key)
        if word and word not in allowed:
            self.note(key, code, value=word, allowed=", ".join(allowed))
        return word if word in allowed else ""

    def entries(self, key: str) -> tuple[Said, ...]:
        """The texts of a list, none of them twice; () if it is missing or wrong."""
        said: dict[str, Said] = {}
        for node in self._items(key):
            word = read_text(node, key, 200, self.notes)
            if word in said:
                self.notes.add(line_of(node), "entry_twice", key=key, entry=word)
            elif word:
                said[word] = Said(word, line_of(node))
        return tuple(said.values())

    def chosen(self, key: str, allowed: Collection[str], code: str = "value_unknown") -> tuple[str, ...]:
        """The texts of a list that are allowed; each other one is noted with that code."""
        for said in (entries := self.entries(key)):
            if said.text not in allowed:
                self.notes.add(said.line, code, key=key, value=said.text, allowed=", ".join(allowed))
        return tuple(said.text for said in entries if said.text in allowed)

    def row(self, key: str, shape: Shape) -> "Fields | None":
        """The mapping under that key; None if it is missing or wrong."""
        return read_fields(self._nodes[key], key, shape, self.notes) if key in self._nodes else None

    def rows(self, key: str, shape: Shape) -> tuple["Fields", ...]:
        """The mappings of a list; () if it is missing or wrong."""
        read = (read_fields(node, key, shape, self.notes) for node in self._items(key))
        return tuple(row for row in read if row)

    def _items(self, key: str) -> list[Node]:
        return read_list(self._nodes[key], key, self.notes) if key in self._nodes else []


def note_repeats(rows: Iterable[Fields], words: Iterable[str], key: str) -> None:
    """Note each row whose word under that key an earlier row has taken."""
    seen: set[str] = set()
    for row, word in zip(rows, words, strict=True):
        if word and word in seen:
            row.note(key, "already_used", value=word)
        seen.add(word)


def read_mapping(text: str, first_line: int, shape: Shape, notes: Notes) -> Fields | None:
    """A YAML text that begins on `first_line` of its file as one mapping."""
    node = compose(text, first_line, notes)
    return read_fields(node, notes.path, shape, notes) if node else None


def read_fields(node: Node, key: str, shape: Shape, notes: Notes) -> Fields | None:
    """A node as a mapping of that shape."""
    if isinstance(node, MappingNode):
        return Fields(node, shape, notes)
    notes.add(line_of(node), "not_fields", key=key)
    return None


def read_list(node: Node, key: str, notes: Notes) -> list[Node]:
    """A node as a list of 1 to 200 nodes."""
    if not isinstance(node, SequenceNode):
        notes.add(line_of(node), "not_a_list", key=key)
        return []
    if not node.value:
        notes.add(line_of(node), "list_empty", key=key)
    if len(node.value) > MOST_ENTRIES:
        notes.add(line_of(node), "list_too_long", key=key, most=MOST_ENTRIES)
    return list(node.value[:MOST_ENTRIES])


def read_text(node: Node, key: str, most: int, notes: Notes) -> str:
    """A node as a text of 1 to `most` characters; "" if it is none."""
    if not isinstance(node, ScalarNode) or node.tag not in _TEXT | {_NULL}:
        notes.add(line_of(node), "not_text", key=key)
        return ""
    word = "" if node.tag == _NULL else str(node.value).strip()
    unclean = unclean_character(word)
    if not word:
        notes.add(line_of(node), "text_empty", key=key)
    elif unclean:
        notes.add(line_of(node), "file_control_character", character=unclean[1])
    elif len(word) > most:
        notes.add(line_of(node), "text_too_long", key=key, most=most)
    else:
        return word
    return ""
