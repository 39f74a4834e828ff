"""The description of the API (OpenAPI 3.1), made from the same models that check requests."""

import re
from collections.abc import Callable
from copy import deepcopy
from functools import cache, wraps
from typing import Any, TypeVar, cast

from flask import Flask, request
from pydantic import BaseModel, ConfigDict, ValidationError
from spectree import Response, SpecTree

from lms.domain.errors import Refused
from lms.web.api import examples

Body = TypeVar("Body", bound=BaseModel)
View = TypeVar("View", bound=Callable[..., Any])
VERSION = "1"

spec = SpecTree(
    "flask",
    mode="strict",
    title="Kangxue",
    version=VERSION,
    openapi_version="3.1.0",
    description=(
        "For programs of institutions and authorities: cohorts, learners, verdicts, study time, by scoped tokens. "
        "For phones: study sessions, heartbeats and receipts. Errors are {code, message, where}."
    ),
    security_schemes=[
        {"name": "bearer", "data": {"type": "http", "scheme": "bearer"}},
        {"name": "cookie", "data": {"type": "apiKey", "field_in": "cookie", "name": "kangxue"}},
    ],
)


class Strict(BaseModel):
    """A body of which each field is known and none is guessed."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Error(BaseModel):
    """What every refusal answers: a stable code, a sentence, and the field it is about."""

    code: str
    message: str
    where: str | None = None


class BadBody(Refused):
    """The body is not what the description says; `where` names the field."""


def body(model: type[Body]) -> Body:
    """The request's JSON, checked; BadBody with the place of the first fault otherwise."""
    try:
        return model.model_validate_json(request.get_data(cache=False))
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in fault["loc"]) or "body"
        raise BadBody("bad_json", where=where, problem=fault["msg"]) from None


def query(model: type[Body]) -> Body:
    """The request's query, checked; BadBody with the name of the first fault otherwise."""
    try:
        return model.model_validate(request.args.to_dict())
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in fault["loc"]) or "query"
        raise BadBody("bad_json", where=where, problem=fault["msg"]) from None


def described(
    sent: type[BaseModel] | None,
    answers: dict[int, type[BaseModel]],
    tag: str,
    *,
    public: bool = False,
    asked: type[BaseModel] | None = None,
    headers: type[BaseModel] | None = None,
) -> Callable[[View], View]:
    """Adds a view to the description: what it takes as body, query and headers, what it answers, who may ask."""
    refusals = {422: Error, 429: Error} | ({} if public else {401: Error, 403: Error})
    models = {f"HTTP_{status}": model for status, model in {**answers, **refusals}.items()}
    describe = spec.validate(
        json=sent,
        query=asked,
        headers=headers,
        resp=Response(**models),
        tags=[tag],
        security=None if public else [{"bearer": []}, {"cookie": []}],
    )

    def mark(view: View) -> View:
        @wraps(view)
        def answer(*values: Any, **named: Any) -> Any:
            return view(*values, **named)

        # Only the description is wanted: `body` checks requests, and answers are kept byte for byte.
        answer.__wrapped__ = describe(view)
        return cast(View, answer)

    return mark


@cache
def document(app: Flask) -> dict[str, Any]:
    """The whole description, made once: with the scope of each operation, and an example of it."""
    with app.app_context():
        made: dict[str, Any] = deepcopy(spec.spec)
    scopes = _scopes(app)
    for path, operations in made["paths"].items():
        for method, told in operations.items():
            _exemplify(told, *examples.find(method, path))
            told["responses"]["default"] = _refusal(told)
            if scope := scopes.get((method.upper(), path)):
                told["x-scope"] = scope
                told["description"] = f"{told['description']}\n\nA token needs the scope `{scope}`.".strip()
    return made


def _scopes(app: Flask) -> dict[tuple[str, str], str]:
    """By method and path: the scope that a program's token needs."""
    found = {}
    for rule in app.url_map.iter_rules():
        scope = getattr(app.view_functions[rule.endpoint], "lms_scope", None)
        for method in rule.methods or () if scope else ():
            found[method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)] = str(scope)
    return found


def _exemplify(told: dict[str, Any], sent: Any, answered: Any) -> None:
    if sent is not None:
        told["requestBody"]["content"]["application/json"]["example"] = sent
    for status, answer in told["responses"].items():
        answer["content"]["application/json"]["example"] = answered if status.startswith("2") else examples.REFUSAL


def _refusal(told: dict[str, Any]) -> dict[str, Any]:
    """Any other refusal, such as 503 (busy): all of them have one shape."""
    return {**deepcopy(told["responses"]["422"]), "description": "Any other refusal"}


def install(app: Flask) -> None:
    """Lets the description find the routes of this application."""
    spec.app = app
