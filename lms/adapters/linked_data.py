"""JSON-LD by pyld: the contexts are pinned files of ours, and nothing is ever fetched.

`contexts/credentials-v2.json` is the W3C's file, whose SHA-256 the W3C publishes in VC Data Model 2.0 (Appendix B.1);
the other two are 1EdTech's.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from pyld import jsonld

FOLDER = Path(__file__).parent / "contexts"
NOWHERE = "relative://nowhere/"  # pyld completes by a base of its own where it is given none
PINNED = {
    "https://www.w3.org/ns/credentials/v2": "credentials-v2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "open-badges-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "open-badges-extensions.json",
}


class NotLinkedData(Exception):
    """The document cannot be read as JSON-LD under the pinned contexts alone, or says what no term of them means."""


@cache
def _context(file: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / file).read_text(encoding="utf-8"))
    return found


def _load(url: str, _options: Any = None) -> dict[str, Any]:
    if url not in PINNED:
        raise NotLinkedData(f"{url} is not among the pinned contexts")
    return {
        "contextUrl": None,
        "documentUrl": url,
        "document": _context(PINNED[url]),
        "contentType": "application/ld+json",
    }


def canonical(document: dict[str, Any]) -> bytes:
    """Canonical N-Quads (RDFC-1.0) of the document; NotLinkedData where a part of it would silently drop out.

    pyld calls the algorithm by its older name: RDFC-1.0 is URDNA2015, standardised.
    """
    _refuse_other_spellings(document)
    _refuse_what_vanishes(document)
    options = {"documentLoader": _load, "base": NOWHERE}
    try:
        expanded = jsonld.expand(document, options, on_property_dropped=_refuse_dropped)
        _refuse_relative(expanded)
        told = {**options, "algorithm": "URDNA2015", "format": "application/n-quads"}
        quads: str = jsonld.normalize(expanded, told)
    except jsonld.JsonLdError as problem:
        raise NotLinkedData(str(problem)) from None
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as problem:
        raise NotLinkedData(f"unreadable: {type(problem).__name__}") from None
    return quads.encode()


def _refuse_dropped(name: object) -> None:
    raise NotLinkedData(f"{name} means nothing under the pinned contexts, so no signature would cover it")


def _refuse_other_spellings(document: dict[str, Any]) -> None:
    """The same RDF may be written in many ways; whoever reads JSON needs the one in which a name means what it says."""
    told = document.get("@context")
    if any(not isinstance(each, str) for each in (told if isinstance(told, list) else [told])):
        raise NotLinkedData("contexts are named, never brought along")
    _refuse_keywords({name: value for name, value in document.items() if name != "@context"})


def _refuse_keywords(value: object) -> None:
    if isinstance(value, dict):
        if any(name.startswith("@") or ":" in name for name in value):
            raise NotLinkedData("a member is spelled by a keyword or an IRI")
        for each in value.values():
            _refuse_keywords(each)
    elif isinstance(value, list):
        for each in value:
            _refuse_keywords(each)


def _refuse_what_vanishes(value: object) -> None:
    """Null and empty containers leave no trace in RDF, so a signature could not tell whether they are there."""
    if value is None or value in ([], {}):
        raise NotLinkedData("an empty value leaves no trace in what is signed")
    if isinstance(value, dict):
        for each in value.values():
            _refuse_what_vanishes(each)
    elif isinstance(value, list):
        for each in value:
            _refuse_what_vanishes(each)


def _refuse_relative(expanded: object) -> None:
    """A type or name that is no whole IRI, which no context completes, does not get into RDF either."""
    if isinstance(expanded, list):
        for each in expanded:
            _refuse_relative(each)
    elif isinstance(expanded, dict):
        types = expanded.get("@type", [])
        named = [*(types if isinstance(types, list) else [types]), expanded.get("@id", "_:none")]
        if any(":" not in str(each) or str(each).startswith("relative:") for each in named):
            raise NotLinkedData("a type or a name is no whole IRI, so no signature would cover it")
        for each in expanded.values():
            _refuse_relative(each)
