"""Whoever belongs elsewhere: every route, in every role, with every id of 康宁, and none of it is to be found.

They are a learner; one person with every role of 安和; one with those of the sibling district and of another city;
and one of 康宁's own branch, which must not see its parent. `tests/support/routes.txt` lists every route; a new one
fails the build until it is listed there and, where it takes an id, `tests/support/foreign.py` has one of 康宁's to ask
with. The platform's staff have no elsewhere.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from lms.domain.organisations import Department, Kind
from lms.domain.roles import Role
from lms.models.accounts import Account, Membership
from lms.parts import Parts
from lms.services import sealed
from lms.services.scopes import Actor
from tests.support import funds
from tests.support.cast import INSPECTION_ENDS, NOON, Cast
from tests.support.classes import Bell, bell
from tests.support.crawl import (
    METHODS,
    Browser,
    Ids,
    Program,
    holds_id,
    is_platforms,
    methods,
    nobodys,
    opens,
    routes,
    urls,
)
from tests.support.foreign import Foreign, begin_draft, furnish
from tests.support.foreign_desks import Desks
from tests.support.places import Places, add, place
from tests.support.services import token_for
from tests.support.site import ON_POSTGRESQL, ON_SQLITE

LISTED = Path(__file__).parent / "support" / "routes.txt"
STAFF_AT_ANHE = (Role.TRAINER, Role.INSTITUTION, Role.EXAMINER, Role.MENTOR)
QUERY = {
    "cohort": "cohort_id", "institution": "organisation_id", "organisation": "organisation_id",
    "enrollment": "enrollment_id",
}  # fmt: skip
CHOICES = {"kind", "file_format"}
AT_HAND = {"institution_saved_views.new": "kind=hours&"}  # without which an address is nothing
ASKED_BESIDE = {
    "api_authority.list_learners", "api_exchange.list_scores", "authority_samples.new", "institution_corrections.new",
    "institution_report_pages.export", "institution_report_pages.show", "institution_reports.full",
    "institution_saved_views.new",
}  # fmt: skip
FILES = {  # pictures, captions and signed codes that 康宁 has none of: their ids are there, what they lead to is not
    "learner_lessons.asset", "learner_lessons.captions", "learner_exams.picture", "examiner_exams.picture",
    "trainer_bank_questions.picture", "trainer_captions.show", "trainer_courses.asset", "trainer_files.asset",
    "trainer_media.show_file", "learner_classes.scan",
}  # fmt: skip


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
        above.append((Role.PAYMASTER, places.west))
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
    treasurer, kept = funds.furnish(parts, cast, places.east, ("19900000061", "19900000062"))
    foreign.sets[:] = [{**known, **kept} for known in foreign.sets]
    owners.append(treasurer)
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


@ON_POSTGRESQL
def test_no_route_lets_a_stranger_in(app: Flask, parts: Parts, cast: Cast, world: World) -> None:
    """404, the same to the letter as for what does not exist."""
    found, left = [], {rule.endpoint for rule in routes(app) if holds_id(rule) and not is_platforms(app, rule)}
    people = {who: Browser(app, parts, actor) for who, actor in world.strangers.items()}
    for who, her in {**people, **programs(app, parts, cast, world)}.items():
        for rule, method in her.ways():
            left.discard(rule.endpoint)
            (nothing,) = urls(app, rule, [nobodys(world.sets[0])])
            told = her.told(method, nothing)
            for url in urls(app, rule, world.sets):
                got = her.told(method, url)
                if got[0] != 404 or got != told:
                    found.append((who, method, url, got[0]))
    assert found == [], "\n".join(map(str, found))
    assert left == set()


def programs(app: Flask, parts: Parts, cast: Cast, world: World) -> dict[str, Browser]:
    """A program of 安和, and one of an authority that may look into 安和 alone."""
    place = {"place": cast.anhe, "per_minute": 600}
    own = token_for(parts, cast, cast.sunyue, **place)
    looking = token_for(parts, cast, cast.admin, role=Role.INSPECTOR, **place)
    return {
        "program of 安和": Program(app, world.single[Role.INSTITUTION], own),
        "program that looks": Program(app, world.single[Role.INSPECTOR], looking),
    }


@ON_SQLITE
def test_no_id_beside_her_own_lets_her_in(app: Flask, parts: Parts, cast: Cast, world: World, tmp_path: Path) -> None:
    """An address that names two things is answered as if the one that is somebody else's did not exist."""
    found, left = [], {rule.endpoint for rule in routes(app) if ids_of(rule)[1:] and not is_platforms(app, rule)}
    own = of_anhe(parts, cast, world, tmp_path)
    theirs = [{**known, "lesson_id": world.sets[1]["lesson_id"]} for known in world.sets]
    for who in ("learner", "of 安和", "of other authorities"):
        her = Browser(app, parts, world.strangers[who])
        for rule, method in her.ways():
            for name in ids_of(rule) if len(ids_of(rule)) > 1 else ():
                hers = [{name: known[name]} for known in own if name in known]
                nothing = urls(app, rule, [{**nobodys(theirs[0]), **each} for each in hers])
                told = {her.told(method, url) for url in nothing}
                for url in urls(app, rule, [{**known, **each} for each in hers for known in theirs]):
                    left.discard(rule.endpoint)
                    got = her.told(method, url)
                    if got[0] < 400 or got not in told:
                        found.append((who, method, url, got[0]))
    assert found == [], "\n".join(map(str, found))
    assert left == set()


def ids_of(rule: Rule) -> list[str]:
    """What an address names that can be somebody's."""
    return sorted(name for name in rule.arguments if name.endswith("_id"))


def of_anhe(parts: Parts, cast: Cast, world: World, folder: Path) -> list[Ids]:
    """What 安和 has of its own, one set for each thing that a name may mean."""
    people = {"lifang": cast.chenmo, "zhoumin": cast.sunyue, "wanglei": cast.zhaoqin}
    ids = {"kangning": cast.anhe, "cohort": cast.foreign_cohort, "enrollment": cast.foreign_enrollment}
    turned = replace(cast, **people, **ids, wujian=world.strangers["of 安和"])  # type: ignore[arg-type]
    everywhere, filed, other = Desks(parts, turned, folder).furnish()
    mine: Ids = {"enrollment_id": cast.foreign_enrollment, "cohort_id": cast.foreign_cohort}
    mine |= {"lesson_id": cast.lessons["say-hello"], "draft_id": begin_draft(parts, cast.zhaoqin, cast.anhe)}
    mine |= funds.furnish(parts, turned, world.places.west, ("19900000063", "19900000064"))[1]
    usual = {**filed, **everywhere, **mine}
    return [usual, {**usual, **other}, {**usual, **filed}]


@ON_SQLITE
def test_no_id_in_a_query_tells_more(app: Flask, parts: Parts, cast: Cast, world: World) -> None:
    """What is asked for behind the question mark is answered as if it did not exist."""
    found, (known, *_), refused = [], world.sets, set()
    who = Browser(app, parts, world.strangers["of 安和"])
    for her in (who, *programs(app, parts, cast, world).values()):
        for rule in routes(app):
            if not rule.arguments <= CHOICES or "GET" not in rule.methods or not her.reaches(rule):
                continue
            (url,) = urls(app, rule, [known])
            for name, theirs in QUERY.items():
                at = f"{url}?{AT_HAND.get(rule.endpoint, '')}{name}="
                got, told = (her.told("GET", at + str(each)) for each in (known[theirs], uuid.uuid4()))
                refused |= {rule.endpoint} if got[0] == 404 else set()
                if got != told:
                    found.append((type(her), at, got[0]))
    assert found == [], "\n".join(map(str, found))
    assert ASKED_BESIDE - refused == set()


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
        for rule, method in her.ways():
            if method == "GET" and rule.endpoint in missed and her.finds(urls(app, rule, world.sets)):
                missed.remove(rule.endpoint)
    assert missed == set()
