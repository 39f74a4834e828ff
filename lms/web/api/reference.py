"""The description as a page for people: operations by tag, their fields and examples, read from the document itself."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lms.web.api import operation_words

Document = Mapping[str, Any]
FIRST = ("institution", "authority")


@dataclass(frozen=True)
class Field:
    """A parameter or a field of a body: its name, its type in few words, what it means."""

    name: str
    kind: str
    note: str
    is_required: bool

    @property
    def row(self) -> tuple[str, str, str]:
        """As a line of a table; what may be left out has a question mark."""
        return (self.name if self.is_required else f"{self.name}?", self.kind, self.note)


@dataclass(frozen=True)
class Operation:
    """One operation as the page shows it; the examples are JSON, "" where there is none."""

    id: str
    method: str
    path: str
    title: Any
    summary: str
    text: str
    scope: str
    asked: tuple[Field, ...]
    sent: str
    answered: str
    status: str
    fields: tuple[Field, ...]
    refusals: str


@dataclass(frozen=True)
class Group:
    """The operations of one tag."""

    tag: str
    title: Any
    operations: tuple[Operation, ...]


def groups(document: Document) -> list[Group]:
    """All operations by tag, those for programs first."""
    found: dict[str, list[Operation]] = {}
    for path, operations in document["paths"].items():
        for method, told in operations.items():
            tag = told["tags"][0]
            found.setdefault(tag, []).append(_operation(document, method.upper(), path, told))
    ordered = sorted(found, key=lambda tag: (tag not in FIRST, FIRST.index(tag) if tag in FIRST else 0))
    return [Group(tag, operation_words.TAGS[tag], tuple(found[tag])) for tag in ordered]


def _operation(document: Document, method: str, path: str, told: Document) -> Operation:
    status = next(each for each in told["responses"] if each.startswith("2"))
    answer = told["responses"][status]["content"]["application/json"]
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    asked = [
        Field(each["name"], _kind(each["schema"]), each.get("description", ""), each["required"])
        for each in told["parameters"]
    ]
    return Operation(
        id=told["operationId"],
        method=method,
        path=path,
        title=operation_words.title(method, path),
        summary=told["summary"],
        text=told["description"],
        scope=told.get("x-scope", ""),
        asked=(*asked, *_fields(document, body.get("schema", {}))),
        sent=_shown(body.get("example")),
        answered=_shown(answer.get("example")),
        status=status,
        fields=tuple(_fields(document, answer["schema"])),
        refusals=", ".join(sorted(each for each in told["responses"] if each.isdigit() and each != status)),
    )


def _shown(example: Any) -> str:
    return "" if example is None else json.dumps(example, ensure_ascii=False, indent=2)


def resolved(document: Document, schema: Document) -> Document:
    """A schema, looked up where it is only named."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _fields(document: Document, schema: Document) -> Iterator[Field]:
    """The fields of an object; those of the records in a page instead of the page's own, which are all alike."""
    plain = resolved(document, schema)
    records = plain.get("properties", {}).get("items", {}).get("items")
    if records is not None and "changed_since" in plain["properties"]:
        plain = resolved(document, records)
    required = plain.get("required", ())
    for name, each in plain.get("properties", {}).items():
        yield Field(name, _kind(each), each.get("description", ""), name in required)


def _kind(schema: Document) -> str:
    """The type in few words: string, uuid, array of integer, string or null."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2].partition(".")[0])
    if "anyOf" in schema:
        return " | ".join(_kind(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type") or "any")
