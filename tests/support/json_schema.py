"""As much of JSON Schema 2020-12 as our description uses: what is wrong with a value, and values that fit."""

import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

Schema = Mapping[str, Any]
KNOWN = frozenset(
    [
        "$ref",
        "type",
        "enum",
        "const",
        "format",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "anyOf",
        "minimum",
        "maximum",
        "minLength",
        "maxLength",
        "pattern",
        "minItems",
        "maxItems",
        "title",
        "description",
        "default",
        "example",
    ]
)
TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}
FORMATS = {"uuid": uuid.UUID, "date": date.fromisoformat, "date-time": datetime.fromisoformat}
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT, lambda inner: st.lists(inner, max_size=2), max_leaves=4
)


class Document:
    """A description whose schemas name each other."""

    def __init__(self, document: Schema) -> None:
        self.document = document

    def resolved(self, schema: Schema) -> Schema:
        """A schema, looked up where it is only named. What this file does not know fails at once."""
        while "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        assert set(schema) <= KNOWN, f"unknown to the tests: {set(schema) - KNOWN}"
        return schema

    def faults(self, value: Any, schema: Schema, place: str = "$") -> Iterator[str]:
        """What is wrong with a value, each with its place."""
        schema = self.resolved(schema)
        if "anyOf" in schema and all(list(self.faults(value, each)) for each in schema["anyOf"]):
            yield f"{place}: fits none of anyOf"
        if "enum" in schema and value not in schema["enum"]:
            yield f"{place}: {value!r} is not in {schema['enum']}"
        if "const" in schema and value != schema["const"]:
            yield f"{place}: {value!r} is not {schema['const']!r}"
        wanted = TYPES.get(schema.get("type", ""), (object,))
        if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted and object not in wanted):
            yield f"{place}: {value!r} is no {schema.get('type')}"
            return
        yield from self._inner(value, schema, place)

    def _inner(self, value: Any, schema: Schema, place: str) -> Iterator[str]:
        if isinstance(value, dict):
            yield from self._object(value, schema, place)
        elif isinstance(value, list):
            for at, each in enumerate(value):
                yield from self.faults(each, schema.get("items", {}), f"{place}[{at}]")
            yield from _bounds(len(value), schema.get("minItems"), schema.get("maxItems"), place)
        elif isinstance(value, str):
            yield from _bounds(len(value), schema.get("minLength"), schema.get("maxLength"), place)
            yield from _text(value, schema, place)
        elif isinstance(value, int | float):
            yield from _bounds(value, schema.get("minimum"), schema.get("maximum"), place)

    def _object(self, value: dict[str, Any], schema: Schema, place: str) -> Iterator[str]:
        known = schema.get("properties", {})
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{place}: {name} is missing"
        rest = schema.get("additionalProperties", True)
        for name, each in value.items():
            if name in known:
                yield from self.faults(each, known[name], f"{place}.{name}")
            elif rest is False:
                yield f"{place}: {name} is not known"
            elif isinstance(rest, Mapping):
                yield from self.faults(each, rest, f"{place}.{name}")

    def values(self, schema: Schema) -> st.SearchStrategy[Any]:
        """Values that fit a schema."""
        schema = self.resolved(schema)
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        if "anyOf" in schema:
            return st.one_of([self.values(each) for each in schema["anyOf"]])
        kind = schema.get("type")
        if kind == "object":
            return self._objects(schema)
        if kind == "array":
            most = min(schema.get("maxItems", 3), 3)
            return st.lists(self.values(schema.get("items", {})), min_size=schema.get("minItems", 0), max_size=most)
        return _scalars(schema) if kind else ANYTHING

    def _objects(self, schema: Schema) -> st.SearchStrategy[Any]:
        known = {name: self.values(each) for name, each in schema.get("properties", {}).items()}
        needed = set(schema.get("required", ()))
        must = {name: each for name, each in known.items() if name in needed}
        return st.fixed_dictionaries(must, optional={name: known[name] for name in known.keys() - needed})


def _bounds(number: float, low: float | None, high: float | None, place: str) -> Iterator[str]:
    if (low is not None and number < low) or (high is not None and number > high):
        yield f"{place}: {number} is outside {low} to {high}"


def _text(value: str, schema: Schema, place: str) -> Iterator[str]:
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{place}: {value!r} does not match {schema['pattern']}"
    if schema.get("format") in FORMATS:
        try:
            FORMATS[schema["format"]](value)
        except ValueError:
            yield f"{place}: {value!r} is no {schema['format']}"


def _scalars(schema: Schema) -> st.SearchStrategy[Any]:
    kind = schema["type"]
    if kind == "string":
        if schema.get("format") == "uuid":
            return st.uuids().map(str)
        if "pattern" in schema:
            return st.from_regex(re.compile(schema["pattern"], re.ASCII), fullmatch=True)
        low, high = schema.get("minLength", 0), min(schema.get("maxLength", 60), 60)
        return st.text(st.characters(codec="utf-8"), min_size=low, max_size=max(low, high))
    if kind == "integer":
        return st.integers(schema.get("minimum", -(2**70)), schema.get("maximum", 2**70))
    if kind == "number":
        return st.floats(schema.get("minimum"), schema.get("maximum"), allow_nan=False, allow_infinity=False)
    return st.booleans() if kind == "boolean" else st.none()
