"""The description is true: its examples fit it, and whatever schemathesis makes of it is answered by it."""

import uuid
from collections.abc import Iterator
from http.client import BAD_REQUEST, CREATED
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode, Response
from schemathesis.checks import CHECKS, load_all_checks

from lms.app import App
from lms.parts import Parts
from lms.services.exchange import feed
from lms.web.api import openapi
from tests.support.browser import session_for
from tests.support.cast import NOON, Cast
from tests.support.services import token_for

TRIES = 5
ORDER = ("POST", "PUT", "GET", "DELETE")
WHO = {
    "institution": "zhoumin",
    "authority": "wujian",
    "study": "lifang",
    "exams": "lifang",
    "uploads": "wanglei",
    "accounts": "lifang",
    "verification": "lifang",
}

MADE = {"session", "upload", "pass", "enrollment"}

load_all_checks()
HELD_TO = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
    ]
)


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[None]:
    """The views read the clock themselves."""
    with time_machine.travel(NOON):
        yield


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, found in document["paths"].items():
        for method, told in found.items():
            yield method.upper(), path, told


def faults(document: dict[str, Any], shape: dict[str, Any]) -> list[str]:
    """What is wrong with the example of a body."""
    schema = {**shape["schema"], "components": document["components"]}
    held = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    return [str(each) for each in held.iter_errors(shape["example"])]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_every_operation_has_examples_that_fit_it(app: App) -> None:
    document = openapi.document(app)
    seen = 0
    for method, path, told in operations(document):
        seen += 1
        for status, answer in told["responses"].items():
            assert faults(document, answer["content"]["application/json"]) == [], f"{method} {path} {status}"
        if "requestBody" in told and "application/json" in told["requestBody"]["content"]:
            assert faults(document, told["requestBody"]["content"]["application/json"]) == [], f"{method} {path}"
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


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_every_operation_is_tried_by_somebody(app: App) -> None:
    assert {told["tags"][0] for _method, _path, told in operations(openapi.document(app))} == set(WHO)


@pytest.mark.parametrize("tag", WHO)
def test_what_is_sent_by_the_description_is_answered_by_it(app: App, parts: Parts, cast: Cast, tag: str) -> None:
    """Every operation with its example, and with values that fit and that do not, by whoever may call it."""
    token = session_for(app.test_client(), parts, getattr(cast, WHO[tag]))
    token = token_for(parts, cast, cast.zhoumin) if tag == "institution" else token
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    found = [each.ok() for each in schema.include(tag=tag).get_all_operations()]
    known, refused = _known(parts, cast), set()
    for operation in sorted(found, key=lambda each: (ORDER.index(each.method.upper()), each.path)):
        answer = _send(_meant(operation, known), token)
        _learn(known, answer)
        if answer.status_code >= BAD_REQUEST:
            refused.add(operation.label)
        _try(operation, token, known)
    if tag in ("institution", "authority"):  # the others' calls hang together: they have tests of their own
        assert all("certificates/" in label for label in refused), refused


def _known(parts: Parts, cast: Cast) -> dict[str, list[str]]:
    """By parameter: values that mean something here, among those that mean nothing."""
    places = [feed.write(parts.keyring, kind, feed.Since(0)) for kind in feed.ChangeKind]
    return {
        "cohort": [str(cast.cohort), str(cast.foreign_cohort)],
        "enrollment": [str(cast.enrollment), str(cast.foreign_enrollment)],
        "lesson": [*map(str, cast.lessons.values())],
        "cursor": places,
        "changed_since": [*places, "2026-11-23T00:00:00Z"],
    }


def _named(operation: APIOperation, name: str) -> str:
    """What a parameter is called in what is known."""
    if name == "subject_id":
        return "cohort" if "/cohorts/" in operation.path else "enrollment"
    return name.removesuffix("_id")


def _meant(operation: APIOperation, known: dict[str, list[str]]) -> Case:
    """The example, about something that is here."""
    places = {each.name: _named(operation, each.name) for each in operation.path_parameters}
    path = {name: known.get(place, [str(uuid.uuid4())])[0] for name, place in places.items()}
    told = operation.definition.raw.get("requestBody", {}).get("content", {}).get("application/json")
    if told is None:
        return operation.Case(path_parameters=path)
    body = {name: known.get(name, [value])[0] for name, value in told["example"].items()}
    return operation.Case(path_parameters=path, body=body, media_type="application/json")


def _send(case: Case, token: str) -> Response:
    return case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=HELD_TO)


def _try(operation: APIOperation, token: str, known: dict[str, list[str]]) -> None:
    """Values that are made up, partly replaced by what is here; the answers have to be as described."""
    right, wrong = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

    @settings(max_examples=TRIES, deadline=None, database=None, derandomize=True, suppress_health_check=HealthCheck)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        case = data.draw(right | wrong)
        for held in (case.path_parameters, case.query, case.body):
            for name in held if isinstance(held, dict) else ():
                here = known.get(_named(operation, name), [])
                held[name] = data.draw(st.sampled_from([held[name], *here]))
        _send(case, token)

    check()


def _learn(known: dict[str, list[str]], answer: Response) -> None:
    """What was made is here from now on."""
    made = answer.json() if answer.status_code == CREATED else {}
    for name in MADE & made.keys():
        known[name] = [made[name]]
