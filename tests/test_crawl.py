"""Whoever belongs elsewhere: every route, in every role, with every id of 康宁, and none of it is to be found.

The roles are those of 安和, of the sibling district, of another city, and of 康宁's own branch, which must not see
its parent. `tests/support/routes.txt` lists every route; a new one fails the build until it is listed there and,
where it takes an id, `tests/support/foreign.py` has one of 康宁's to ask with. The platform's staff have no elsewhere.
"""

import html
import io
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from lms.domain.organisations import Department, Kind
from lms.domain.roles import Role, opened_by
from lms.models.accounts import Account, Membership
from lms.parts import Parts
from lms.services import sealed
from lms.services.scopes import Actor
from lms.web import access
from tests.support.browser import csrf_token, session_for
from tests.support.cast import INSPECTION_ENDS, NOON, Cast
from tests.support.classes import NOTE, PAPER, REASON, Bell, bell
from tests.support.foreign import Foreign, Ids, furnish
from tests.support.places import Places, add, place

LISTED = Path(__file__).parent / "support" / "routes.txt"
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
FORM = {
    "agreed": "1", "sure": "1", "given": "1", "decision": "approved", "note": NOTE, "reason": REASON,
    "ruling": "leave_out", "minutes": "30", "client_key": "k" * 20, "digits": "12345678", "scanned": "1", "scan": "x",
    "purpose": "向区人社局申报", "file_format": "csv", "key": "abc", "option": "1", "question": "q",
    "lesson": str(uuid.UUID(int=1)), "words": "我不是这家机构的人", "path": "lessons/01-a.md", "place": "0",
    "verdict": "noted", "name": "钱进", "phone": "19912345678", "role": "trainer",
}  # fmt: skip
BODIES = {
    "/api/v1/exams/": {"place": 0, "key": "key-of-a-phone", "fields": {}},
    "/api/v1/study/challenges/": {"option": 0},
    "/api/v1/uploads/": {"number": 1},
}
FILES = {  # pictures, captions and signed codes that 康宁 has none of: their ids are there, what they lead to is not
    "learner_lessons.asset", "learner_lessons.captions", "learner_exams.picture", "examiner_exams.picture",
    "trainer_bank_questions.picture", "trainer_captions.show", "trainer_courses.asset", "trainer_files.asset",
    "trainer_media.show_file", "learner_classes.scan",
}  # fmt: skip


def holds_id(rule: Rule) -> bool:
    """Whether an address names what can be somebody's. Signed links of videos: tests/web/learner/test_media.py."""
    return any(name.endswith("_id") for name in rule.arguments)


def routes(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if access.audience_of(app, rule.endpoint) != access.PUBLIC]


def line_of(rule: Rule) -> str:
    """A route as the list has it: endpoint, methods, what its address holds."""
    return " ".join([rule.endpoint, ",".join(sorted(rule.methods & METHODS)), *sorted(rule.arguments)])


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_every_route_is_listed(app: Flask) -> None:
    found, listed = {line_of(rule) for rule in routes(app)}, set(LISTED.read_text().splitlines())
    assert sorted(found - listed) == [], f"not crawled yet: add these lines to {LISTED.name}"
    assert sorted(listed - found) == [], f"no such route any more: take these lines out of {LISTED.name}"


@dataclass
class World:
    """康宁 with one of everything, whoever may see it, and whoever may not."""

    places: Places
    foreign: Foreign
    strangers: dict[str, Actor]
    owners: list[Actor]

    @property
    def sets(self) -> list[Ids]:
        """康宁's ids, and those of the district that it stands in."""
        return [*self.foreign.sets, {**self.foreign.sets[0], "organisation_id": self.places.east}]


@pytest.fixture
def noon(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bell]:
    with bell(parts, monkeypatch) as made:
        yield made


@pytest.fixture
def world(parts: Parts, cast: Cast, noon: Bell, password_hash: str, tmp_path: Path) -> World:
    foreign = furnish(parts, cast, noon, tmp_path, password_hash)
    with parts.database.transaction() as session:
        places = place(session, parts.keyring, cast)
        bureau = add(session, "西岭区财政局", Kind.DEPARTMENT, places.west, Department.FINANCE.value)
        elsewhere = add(session, "别的市", Kind.CITY, None)
        wanted = [(role, cast.anhe) for role in (Role.TRAINER, Role.INSTITUTION, Role.EXAMINER, Role.MENTOR)]
        wanted += [(Role.INSPECTOR, cast.anhe), (Role.OFFICER, places.west), (Role.OFFICER, elsewhere)]
        wanted += [(Role.STATISTICS, bureau), (Role.INSTITUTION, places.branch), (Role.INSPECTOR, places.branch)]
        strangers = {"learner": cast.chenmo}
        for number, (role, where) in enumerate(wanted):
            account = Account(
                id=uuid.uuid4(),
                phone_index=f"stranger {number}",
                phone_sealed="",
                name=f"外人{number}",
                created_at=NOON,
            )
            account.phone_sealed = sealed.seal_phone(parts.keyring, account.id, f"1990009{number:04}")
            session.add(account)
            session.flush()
            ends = INSPECTION_ENDS if role is Role.INSPECTOR else None
            session.add(Membership(account_id=account.id, organisation_id=where, role=role.value, expires_at=ends))
            strangers[f"{role} {number}"] = Actor(account.id, None, account.name, frozenset({(role, where)}))
    theirs = foreign.examiners
    owners = [cast.lifang, cast.wanglei, cast.liuyang, cast.zhoumin, cast.wujian, cast.admin]
    owners += [theirs.heping, theirs.fengyan, places.linlan, places.majing]
    return World(places, foreign, strangers, owners)


class Browser:
    """Somebody who asks for any address in any way, with all that a form could need."""

    def __init__(self, app: Flask, parts: Parts, actor: Actor) -> None:
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

    def shape(self, answer: TestResponse, url: str) -> tuple[int, str]:
        """Status and page, but for what differs from one address to the next by itself."""
        page = html.unescape(answer.text).replace(url, "")
        return answer.status_code, re.sub(r'(name="csrf[-_]token"[^>]*?(?:value|content)=)"[^"]+"', r"\1", page)


def urls(app: Flask, rule: Rule, sets: list[Ids]) -> list[str]:
    """The addresses of a route with these ids, each once."""
    method = min(rule.methods & METHODS)
    built = (app.url_map.bind("").build(rule.endpoint, _values(rule, known), method=method) for known in sets)
    return list(dict.fromkeys(built))


def _values(rule: Rule, known: Ids) -> dict[str, object]:
    """The ids of an address; of a choice the first."""
    missing = rule.arguments - known.keys()
    choices = {
        name: sorted(rule._converters[name].items)[0] for name in missing if hasattr(rule._converters[name], "items")
    }
    return {name: choices[name] if name in choices else known[name] for name in rule.arguments}


def nobodys(rule: Rule, known: Ids) -> Ids:
    """The same with ids of nothing at all."""
    return {name: uuid.uuid4() if isinstance(value, uuid.UUID) else value for name, value in known.items()}


def test_no_route_lets_a_stranger_in(app: Flask, parts: Parts, world: World) -> None:
    """404, the same to the letter as for what does not exist; 403 only where the role opens nothing of the kind."""
    found, walked = [], 0
    for who, actor in world.strangers.items():
        her = Browser(app, parts, actor)
        for rule in routes(app):
            audience = access.audience_of(app, rule.endpoint)
            if not holds_id(rule):
                continue
            is_open = not isinstance(audience, Role) or actor.has(audience)
            (nothing,) = urls(app, rule, [nobodys(rule, world.sets[0])])
            for method in sorted(rule.methods & METHODS):
                told = her.shape(her.ask(method, nothing), nothing)
                walked += 1
                if told[0] != (404 if is_open else 403):
                    found.append((who, method, nothing, told[0]))
                for url in urls(app, rule, world.sets) if is_open else []:
                    walked += 1
                    if (got := her.shape(her.ask(method, url), url)) != told:
                        found.append((who, method, url, got[0]))
    assert found == []
    assert walked > 2000


def test_whoever_it_belongs_to_finds_it(app: Flask, parts: Parts, world: World) -> None:
    """Else the crawl would ask for what is not there."""
    reached: dict[str, set[int]] = {}
    for actor in world.owners:
        her = Browser(app, parts, actor)
        for rule in routes(app):
            audience = access.audience_of(app, rule.endpoint)
            if not holds_id(rule) or "GET" not in rule.methods:
                continue
            if isinstance(audience, Role) and any(
                mine in opened_by(audience) for mine, _ in actor.roles | {(Role.LEARNER, None)}
            ):
                for url in urls(app, rule, world.sets):
                    reached.setdefault(rule.endpoint, set()).add(her.ask("GET", url).status_code)
    assert {endpoint for endpoint, statuses in reached.items() if statuses <= {403, 404}} <= FILES
    assert not any(500 in statuses for statuses in reached.values())
