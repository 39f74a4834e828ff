"""Whoever belongs elsewhere: every route, in every role, with every id of 康宁, and none of it is to be found.

They are a learner; one person with every role of 安和; one with those of the sibling district and of another city;
and one of 康宁's own branch, which must not see its parent. `tests/support/routes.txt` lists every route; a new one
fails the build until it is listed there and, where it takes an id, `tests/support/foreign.py` has one of 康宁's to ask
with. The platform's staff have no elsewhere.
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
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, BaseConverter, Rule
from werkzeug.test import TestResponse

from lms.domain.organisations import Department, Kind
from lms.domain.roles import Role
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
from tests.support.site import ON_POSTGRESQL, ON_SQLITE

LISTED = Path(__file__).parent / "support" / "routes.txt"
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
STAFF_AT_ANHE = (Role.TRAINER, Role.INSTITUTION, Role.EXAMINER, Role.MENTOR)
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


@ON_SQLITE
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
    single: dict[Role, Actor]
    owners: list[Actor]

    @property
    def sets(self) -> list[Ids]:
        """康宁's ids, and those of the district that it stands in."""
        *most, last = self.foreign.sets
        return [*most, {**last, "organisation_id": self.places.east}]


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
        anhe = [(role, cast.anhe) for role in (*STAFF_AT_ANHE, Role.INSPECTOR)]
        above = [(Role.OFFICER, places.west), (Role.OFFICER, elsewhere), (Role.STATISTICS, bureau)]
        below = [(Role.INSTITUTION, places.branch), (Role.INSPECTOR, places.branch)]
        strangers = {
            "of 安和": _person(session, parts, 1, anhe),
            "of other authorities": _person(session, parts, 2, above),
            "of the branch": _person(session, parts, 3, below),
        }
        alone = dict([*anhe, *above]).items()
        single = {role: _person(session, parts, 4 + n, [(role, at)]) for n, (role, at) in enumerate(alone)}
    theirs = foreign.examiners
    owners = [cast.lifang, cast.wanglei, cast.liuyang, cast.zhoumin, cast.wujian, cast.admin]
    owners += [theirs.heping, theirs.fengyan, places.linlan, places.majing]
    return World(places, foreign, {"learner": cast.chenmo, **strangers}, single, owners)


def _person(session: Session, parts: Parts, number: int, roles: list[tuple[Role, uuid.UUID]]) -> Actor:
    """An account with these roles."""
    account = Account(id=uuid.uuid4(), phone_index=f"{number}", phone_sealed="", name="外人", created_at=NOON)
    account.phone_sealed = sealed.seal_phone(parts.keyring, account.id, f"1990009{number:04}")
    session.add(account)
    session.flush()
    for role, at in roles:
        ends = INSPECTION_ENDS if role is Role.INSPECTOR else None
        session.add(Membership(account_id=account.id, organisation_id=at, role=role.value, expires_at=ends))
    return Actor(account.id, None, account.name, frozenset(roles))


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

    def finds(self, addresses: list[str]) -> bool:
        """Whether she is shown any of them; none may break."""
        for url in addresses:
            status = self.client.get(url).status_code
            assert status < 500, url
            if status not in (403, 404):
                return True
        return False

    def unknown(self, rule: Rule, method: str, world: "World") -> tuple[int, str]:
        """What is said of ids of nothing at all."""
        (url,) = urls(self.app, rule, [nobodys(world.sets[0])])
        return self.shape(self.ask(method, url), url)

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
    """The ids of an address; of a choice the known one if it is among them, else the first."""
    return {name: _one_of(rule._converters[name], known.get(name)) for name in rule.arguments}


def _one_of(converter: BaseConverter, value: object) -> object:
    assert value is not None or isinstance(converter, AnyConverter), "give 康宁 one: tests/support/foreign.py"
    return min(converter.items) if isinstance(converter, AnyConverter) and value not in converter.items else value


def opens(app: Flask, rule: Rule, actor: Actor) -> bool:
    """Whether a role of hers opens the route; what all may open who signed in is opened by each."""
    audience = access.audience_of(app, rule.endpoint)
    return not isinstance(audience, Role) or actor.has(audience)


def asked(app: Flask, actor: Actor) -> Iterator[tuple[Rule, str]]:
    """Each way to ask for what names an id, behind the gates that she may pass; staff do not learn here again."""
    staff = bool(actor.roles)
    for rule in routes(app):
        learns = access.audience_of(app, rule.endpoint) is Role.LEARNER
        if holds_id(rule) and opens(app, rule, actor) and not (learns and staff):
            yield from ((rule, method) for method in methods(rule))


def is_platforms(app: Flask, rule: Rule) -> bool:
    """Whether only the platform's staff may ask, to whom nothing is foreign."""
    return access.audience_of(app, rule.endpoint) is Role.PLATFORM


def methods(rule: Rule) -> list[str]:
    return sorted(rule.methods & METHODS)


def nobodys(known: Ids) -> Ids:
    """The same with ids of nothing at all."""
    return {name: uuid.uuid4() if isinstance(value, uuid.UUID) else value for name, value in known.items()}


@ON_POSTGRESQL
def test_no_route_lets_a_stranger_in(app: Flask, parts: Parts, world: World) -> None:
    """404, the same to the letter as for what does not exist."""
    found, left = [], {rule.endpoint for rule in routes(app) if holds_id(rule) and not is_platforms(app, rule)}
    for who, actor in world.strangers.items():
        her = Browser(app, parts, actor)
        for rule, method in asked(app, actor):
            left.discard(rule.endpoint)
            told = her.unknown(rule, method, world)
            for url in urls(app, rule, world.sets):
                got = her.shape(her.ask(method, url), url)
                if got[0] != 404 or got != told:
                    found.append((who, method, url, got[0]))
    assert found == []
    assert left == set()


@ON_SQLITE
def test_no_role_opens_what_is_for_another(app: Flask, parts: Parts, world: World) -> None:
    """403 for one route of each blueprint, whose routes share one gate."""
    gates = {rule.endpoint.rpartition(".")[0]: rule for rule in routes(app) if holds_id(rule)}
    for role, actor in world.single.items():
        her = Browser(app, parts, actor)
        for rule in gates.values():
            if not opens(app, rule, actor):
                (url, *_) = urls(app, rule, world.sets)
                status = her.ask(methods(rule)[0], url).status_code
                assert (role, rule.endpoint, status) == (role, rule.endpoint, 403)


@ON_SQLITE
def test_whoever_it_belongs_to_finds_it(app: Flask, parts: Parts, world: World) -> None:
    """Else the crawl would ask for what is not there."""
    missed = {rule.endpoint for rule in routes(app) if holds_id(rule) and "GET" in rule.methods} - FILES
    for actor in world.owners:
        her = Browser(app, parts, actor)
        for rule, method in asked(app, actor):
            if method == "GET" and rule.endpoint in missed and her.finds(urls(app, rule, world.sets)):
                missed.remove(rule.endpoint)
    assert missed == set()
