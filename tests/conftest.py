"""Databases of both kinds, the parts over them, the application, and the cast."""

import gc
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from lms import config, schema
from lms.app import App, bind, create_app
from lms.config import Config, new_keys
from lms.crypto import Keyring
from lms.db import Database
from lms.parts import Parts, build
from lms.web import limits
from tests.support import postgres
from tests.support.cast import PASSWORD, Cast, stage
from tests.support.study import WoundClock
from tests.support.swift import Swift

# A busy machine is no fault of a rule: speed is measured by commands, never in tests. One tree has one set of examples,
# so that a red run tells of the change and not of luck; `--hypothesis-profile explore` draws new ones (decision 0202).
PATIENT: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("kangxue", derandomize=True, **PATIENT)
settings.register_profile("explore", derandomize=False, **PATIENT)
settings.load_profile("kangxue")

DIALECTS = ("sqlite", "postgresql")
PAGES = Path(__file__).parent / "web"
OF_ONE_TEST: dict[str, Any] = {
    "database_url": "",
    "data_dir": Path(),
    "field_keys": (),
    "index_key": b"",
    "signing_key": b"",
    "log_key": None,
    "log_vkey": "",
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes minutes comes first, so that no process is left alone with it at the end; pages on one database."""
    left_out = [] if "LMS_TEST_PAGES_TWICE" in os.environ else [item for item in items if _is_other_half(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]
    items.sort(key=lambda item: "ledger_machine" not in item.nodeid)


def _is_other_half(item: pytest.Item) -> bool:
    """Whether a page's test with these parameters runs on the other database (decision 0107)."""
    callspec = getattr(item, "callspec", None)
    told = dict(callspec.params) if callspec else {}
    dialect = told.pop("dialect", None)
    if dialect is None or PAGES not in item.path.parents:
        return False
    name = re.sub(rf"\b{dialect}\b", "", item.nodeid)
    return DIALECTS[crc32(name.encode()) % 2] != dialect


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: to look through it for garbage each time took a fifth of the run."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Where the run's own PostgreSQL answers; started on first use."""
    with postgres.server() as address:
        yield address


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file that each test copies."""
    place = tmp_path_factory.mktemp("template") / "template.db"
    database = Database(f"sqlite:///{place}")
    schema.upgrade(database)
    database.close()  # the last connection empties the write-ahead log into the file
    return place


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """An empty, migrated PostgreSQL database that each test copies."""
    postgres.execute(postgresql_server, "CREATE DATABASE template_kangxue")
    database = Database(_driver(postgresql_server.format(name="template_kangxue")))
    schema.upgrade(database)
    database.close()
    return "template_kangxue"


@pytest.fixture(scope="session")
def keys() -> dict[str, str]:
    """The keys of this run, but for the signer's own: one set, so that the cast can be staged once."""
    return {name: key for name, key in new_keys().items() if name != "LMS_LOG_KEY"}


@pytest.fixture(scope="session")
def sqlite_staged(
    sqlite_template: Path, keys: dict[str, str], password_hash: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Cast]:
    """A SQLite file with everybody in it, that each test with a cast copies."""
    place = tmp_path_factory.mktemp("staged") / "staged.db"
    shutil.copyfile(sqlite_template, place)
    return place, _stage(f"sqlite:///{place}", keys, password_hash, place.parent)


@pytest.fixture(scope="session")
def postgresql_staged(
    postgresql_server: str,
    postgresql_template: str,
    keys: dict[str, str],
    password_hash: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[str, Cast]:
    """A PostgreSQL database with everybody in it, that each test with a cast copies."""
    postgres.execute(postgresql_server, f"CREATE DATABASE staged_kangxue TEMPLATE {postgresql_template}")
    url = _driver(postgresql_server.format(name="staged_kangxue"))
    return "staged_kangxue", _stage(url, keys, password_hash, tmp_path_factory.mktemp("staged"))


def _stage(url: str, keys: dict[str, str], password_hash: str, folder: Path) -> Cast:
    told = config.load({**keys, "LMS_DATABASE_URL": url, "LMS_DATA_DIR": str(folder)})
    database = Database(told.database_url)
    with database.transaction() as session:
        cast = stage(session, Keyring(told.field_keys, told.index_key), password_hash)
    database.close()
    return cast


def _driver(address: str) -> str:
    return address.replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    """Every test that touches a table runs once on each."""
    return str(request.param)


@pytest.fixture
def empty_url(dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database without any table."""
    if dialect == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("postgresql_server")
    yield from _postgresql_copy(server, "template1")


@pytest.fixture
def database_url(dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a migrated database of this test's own: empty, or with the cast in it where a test asks for it.

    A test that gets a fixture by name at run time asks for `cast` itself, so that it is known here.
    """
    staged = "cast" in request.fixturenames
    if dialect == "sqlite":
        copy = tmp_path / "test.db"
        template = request.getfixturevalue("sqlite_staged")[0] if staged else request.getfixturevalue("sqlite_template")
        shutil.copyfile(template, copy)
        yield f"sqlite:///{copy}"
        return
    server = request.getfixturevalue("postgresql_server")
    name = request.getfixturevalue("postgresql_staged")[0] if staged else request.getfixturevalue("postgresql_template")
    yield from _postgresql_copy(server, name)


def _postgresql_copy(server: str, template: str) -> Iterator[str]:
    name = f"t_{uuid.uuid4().hex}"
    postgres.execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _driver(server.format(name=name))
    postgres.execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def swift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swift]:
    """A real S3 service on loopback; started on first use."""
    cluster = Swift(tmp_path_factory.mktemp("swift"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def environment(database_url: str, keys: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Settings of a demo installation in a folder of this test's own."""
    return {
        **keys,
        "LMS_MODE": "demo",
        "LMS_DATABASE_URL": database_url,
        "LMS_DATA_DIR": str(tmp_path / "data"),
        "LMS_THREADS": "4",
        "LMS_WORKER": "separate",
        "LMS_QUEUE": "sqlite",
    }


@pytest.fixture
def parts(environment: dict[str, str]) -> Iterator[Parts]:
    """Database, keys, storage and the rest, as a process would have them."""
    made = build(config.load(environment))
    yield made
    made.database.close()


@pytest.fixture
def database(parts: Parts) -> Database:
    """The migrated database."""
    return parts.database


@pytest.fixture(scope="session")
def password_hash() -> str:
    """The cast's common password, hashed cheaply: the tests of hashing make their own."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture
def cast(database_url: str, dialect: str, request: pytest.FixtureRequest) -> Cast:
    """Everybody, in the database."""
    staged: tuple[Any, Cast] = request.getfixturevalue(f"{dialect}_staged")
    return deepcopy(staged[1])


@pytest.fixture(scope="session")
def made_apps() -> dict[Config, App]:
    """The applications of this run, by the settings they were made under."""
    return {}


@pytest.fixture
def app(parts: Parts, made_apps: dict[Config, App]) -> App:
    """The application over the parts: made once for each kind of settings, since that takes longer than a test."""
    kind = replace(parts.config, s3=tuple(parts.config.s3.items()), tencent=(), identity_service=(), **OF_ONE_TEST)
    if kind not in made_apps:
        made_apps[kind] = create_app(parts, TESTING=True, PROPAGATE_EXCEPTIONS=False, RATELIMIT_ENABLED=False)
    bind(made_apps[kind], parts)
    return made_apps[kind]


@pytest.fixture
def client(app: App) -> FlaskClient:
    """A browser that is not signed in; CSRF stays on, as in life."""
    return app.test_client()


@pytest.fixture
def hasty(parts: Parts) -> Iterator[FlaskClient]:
    """A browser whose requests are counted as in life; the counts, and counting itself, end with the test."""
    yield create_app(parts, TESTING=True, PROPAGATE_EXCEPTIONS=False, RATELIMIT_ENABLED=True).test_client()
    limits.limiter.reset()
    limits.limiter.enabled = False


def required(part: str) -> bool:
    """Whether a missing part fails the run instead of skipping (LMS_TEST_REQUIRE=chromium,…)."""
    return part in os.environ.get("LMS_TEST_REQUIRE", "").split(",")


@pytest.fixture
def wound(monkeypatch: pytest.MonkeyPatch) -> WoundClock:
    """A study clock that goes on only when the test says so."""
    return WoundClock(monkeypatch)
