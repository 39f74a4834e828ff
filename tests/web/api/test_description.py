"""The description is true: its examples fit it, and whatever is sent by it is answered by it, never with a 5xx.

A stand-in for schemathesis, which finds operations, parameters and bodies in the same document.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.app import App
from lms.parts import Parts
from lms.services.exchange import feed
from lms.web.api import openapi
from tests.support.browser import session_for
from tests.support.cast import NOON, Cast
from tests.support.json_schema import ANYTHING, TEXT, Document
from tests.support.services import token_for

TRIES = 6
WHO = {"institution": "zhoumin", "authority": "wujian", "study": "lifang", "exams": "lifang", "uploads": "wanglei"}
MISSING = object()


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[None]:
    """The views read the clock themselves."""
    with time_machine.travel(NOON):
        yield


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, found in document["paths"].items():
        for method, told in found.items():
            yield method.upper(), path, told


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_every_operation_has_examples_that_fit_it(app: App) -> None:
    document = openapi.document(app)
    held = Document(document)
    seen = 0
    for method, path, told in operations(document):
        seen += 1
        for status, answer in told["responses"].items():
            shape = answer["content"]["application/json"]
            assert list(held.faults(shape["example"], shape["schema"])) == [], f"{method} {path} {status}"
        if "requestBody" in told and "application/json" in told["requestBody"]["content"]:
            shape = told["requestBody"]["content"]["application/json"]
            assert list(held.faults(shape["example"], shape["schema"])) == [], f"{method} {path}"
    assert seen > 45


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_operations_are_named_once_and_say_what_they_need(app: App) -> None:
    document = openapi.document(app)
    found = list(operations(document))
    assert document["openapi"].startswith("3.1")
    assert len({told["operationId"] for _method, _path, told in found}) == len(found)
    scopes = {told["x-scope"] for _m, _p, told in found if told["tags"][0] in ("institution", "authority")}
    assert len(scopes) == 9
    assert all("x-scope" not in told for _m, _p, told in found if told["tags"][0] not in ("institution", "authority"))


def test_what_is_sent_by_the_description_is_answered_by_it(app: App, parts: Parts, cast: Cast) -> None:
    """Every operation with values that fit, that nearly fit and that do not, by whoever may call it."""
    document = openapi.document(app)
    held, client = Document(document), app.test_client()
    tokens = {tag: session_for(app.test_client(), parts, getattr(cast, who)) for tag, who in WHO.items()}
    tokens["institution"] = token_for(parts, cast, cast.zhoumin)
    known = _known(parts, cast)
    for method, path, told in operations(document):
        if told["tags"][0] in tokens:
            _try(client, held, (method, path, told), tokens[told["tags"][0]], known)


def _known(parts: Parts, cast: Cast) -> list[str]:
    """Values that mean something here, among those that mean nothing."""
    ids = [cast.cohort, cast.enrollment, cast.foreign_cohort, cast.foreign_enrollment, *cast.lessons.values()]
    places = [feed.write(parts.keyring, kind, feed.Since(0)) for kind in feed.ChangeKind]
    return [*map(str, ids), *places, "2026-11-23T00:00:00Z"]


def _try(
    client: FlaskClient, held: Document, operation: tuple[str, str, dict[str, Any]], token: str, known: list[str]
) -> None:
    method, path, told = operation

    @settings(
        max_examples=TRIES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def check(data: st.DataObject) -> None:
        address, query, headers = path, {}, {"Authorization": f"Bearer {token}"}
        for each in told["parameters"]:
            value = data.draw(_parameter(held, each, known))
            if each["in"] == "path":
                address = address.replace(f"{{{each['name']}}}", quote(str(value), safe=""))
            elif value is not MISSING:
                (query if each["in"] == "query" else headers)[each["name"]] = "" if value is None else value
        body = data.draw(_body(held, told))
        text = None if body is MISSING else json.dumps(body).encode()
        wanted = {"method": method, "query_string": query, "headers": headers, "data": text}
        answer = client.open(address, content_type="application/json", **wanted)
        _check(held, told, answer, f"{method} {address} {query} {body!r}")

    check()


def _parameter(held: Document, told: dict[str, Any], known: list[str]) -> st.SearchStrategy[Any]:
    if told["in"] == "header":
        return st.text("abc1-", max_size=90)
    shape = told["schema"]
    if told["in"] == "path":
        return st.sampled_from(known) | held.values(shape) if shape.get("type") == "string" else st.integers(0, 10**9)
    return st.just(MISSING) | st.sampled_from(known) | held.values(shape) | TEXT


def _body(held: Document, told: dict[str, Any]) -> st.SearchStrategy[Any]:
    shape = told.get("requestBody", {}).get("content", {}).get("application/json")
    if shape is None:
        return st.just(MISSING)
    return held.values(shape["schema"]) | st.just(shape["example"]) | ANYTHING


def _check(held: Document, told: dict[str, Any], answer: Any, asked: str) -> None:
    assert answer.status_code < 500, f"{asked} answered {answer.status_code}: {answer.text[:200]}"
    assert answer.content_type == "application/json", asked
    shape = told["responses"].get(str(answer.status_code), told["responses"]["default"])
    faults = list(held.faults(answer.json, shape["content"]["application/json"]["schema"]))
    assert faults == [], f"{asked} answered {answer.status_code} {answer.text[:300]}: {faults}"
