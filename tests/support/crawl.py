"""How the crawl goes about: every route that may name somebody's, asked by people and programs in every way."""

import html
import io
import re
import uuid
from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, BaseConverter, Rule
from werkzeug.test import TestResponse

from lms.domain.roles import Role
from lms.parts import Parts
from lms.services.scopes import Actor
from lms.web import access
from tests.support.browser import csrf_token, session_for
from tests.support.classes import NOTE, PAPER, REASON

Ids = dict[str, object]
Told = tuple[int, str]
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
FORM = {
    "agreed": "1", "sure": "1", "given": "1", "decision": "approved", "note": NOTE, "reason": REASON,
    "ruling": "leave_out", "minutes": "30", "client_key": "k" * 20, "digits": "12345678", "scanned": "1", "scan": "x",
    "purpose": "向区人社局申报", "file_format": "csv", "key": "abc", "option": "1", "question": "q",
    "lesson": str(uuid.UUID(int=1)), "words": "我不是这家机构的人", "path": "lessons/01-a.md", "place": "0",
    "valid_from": "2026-01-01", "verdict": "noted", "name": "钱进", "phone": "19912345678", "role": "trainer",
}  # fmt: skip
BODIES = {
    "/api/v1/exams/": {"place": 0, "key": "key-of-a-phone", "fields": {}},
    "/api/v1/study/challenges/": {"option": 0},
    "/api/v1/uploads/": {"number": 1},
}


def holds_id(rule: Rule) -> bool:
    """Whether an address names what can be somebody's. Signed links of videos: tests/web/learner/test_media.py."""
    return any(name.endswith("_id") for name in rule.arguments)


def routes(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if access.audience_of(app, rule.endpoint) != access.PUBLIC]


class Browser:
    """Somebody who asks for any address in any way, with all that a form could need."""

    def __init__(self, app: Flask, parts: Parts, actor: Actor) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.actor = actor
        session_for(self.client, parts, actor)
        self.token = csrf_token(self.client, "/learn/")

    def ask(self, method: str, url: str) -> TestResponse:
        more: dict[str, Any] = {}
        if method != "GET" and url.startswith("/api/"):
            more = {"json": next((body for start, body in BODIES.items() if url.startswith(start)), {})}
        elif method != "GET":
            paper = (io.BytesIO(PAPER.content), PAPER.name)
            more = {"data": {**FORM, "csrf_token": self.token, "file": paper, "attachment": paper}}
        return self.client.open(url, method=method, headers={"X-CSRFToken": self.token}, **more)

    def reaches(self, rule: Rule) -> bool:
        """Whether a route is behind the gates that she may pass; staff do not learn here again."""
        learns = access.audience_of(self.app, rule.endpoint) is Role.LEARNER
        return opens(self.app, rule, self.actor) and not (learns and self.actor.roles)

    def ways(self) -> Iterator[tuple[Rule, str]]:
        """Each way in which she may ask for what names an id."""
        for rule in routes(self.app):
            if holds_id(rule) and self.reaches(rule):
                yield from ((rule, method) for method in methods(rule))

    def finds(self, addresses: list[str]) -> bool:
        """Whether she is shown any of them; none may break."""
        for url in addresses:
            status = self.client.get(url).status_code
            assert status < 500, url
            if status not in (403, 404):
                return True
        return False

    def told(self, method: str, url: str) -> Told:
        """Status and page, but for what differs from one address to the next by itself."""
        answer = self.ask(method, url)
        page = html.unescape(answer.get_data().decode(errors="replace")).replace(url, "")
        return answer.status_code, re.sub(r'(name="csrf[-_]token"[^>]*?(?:value|content)=)"[^"]+"', r"\1", page)


class Program(Browser):
    """A program that asks with a token of its institution."""

    def __init__(self, app: Flask, actor: Actor, token: str) -> None:
        self.app, self.actor, self.client = app, actor, app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, url: str) -> TestResponse:
        return self.client.open(url, method=method, headers=self.headers)

    def reaches(self, rule: Rule) -> bool:
        return super().reaches(rule) and hasattr(self.app.view_functions[rule.endpoint], "lms_scope")


def urls(app: Flask, rule: Rule, sets: list[Ids]) -> list[str]:
    """The addresses of a route with these ids, each once."""
    method = min(rule.methods & METHODS)
    built = (app.url_map.bind("").build(rule.endpoint, _values(rule, known), method=method) for known in sets)
    return list(dict.fromkeys(built))


def _values(rule: Rule, known: Ids) -> dict[str, object]:
    """The ids of an address; of a choice the known one if it is among them, else the first."""
    return {name: _one_of(rule._converters[name], known.get(name)) for name in rule.arguments}


def _one_of(converter: BaseConverter, value: object) -> object:
    assert value is not None or isinstance(converter, AnyConverter), "give 康宁 one: tests/support/foreign.py"
    return min(converter.items) if isinstance(converter, AnyConverter) and value not in converter.items else value


def opens(app: Flask, rule: Rule, actor: Actor) -> bool:
    """Whether a role of hers opens the route; what all may open who signed in is opened by each."""
    audience = access.audience_of(app, rule.endpoint)
    return not isinstance(audience, Role) or actor.has(audience)


def is_platforms(app: Flask, rule: Rule) -> bool:
    """Whether only the platform's staff may ask, to whom nothing is foreign."""
    return access.audience_of(app, rule.endpoint) is Role.PLATFORM


def methods(rule: Rule) -> list[str]:
    return sorted(rule.methods & METHODS)


def nobodys(known: Ids) -> Ids:
    """The same with ids of nothing at all."""
    return {name: uuid.uuid4() if isinstance(value, uuid.UUID) else value for name, value in known.items()}
