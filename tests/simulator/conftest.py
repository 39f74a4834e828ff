"""A demo site with sample learners, served by a process of its own, for the whole of these tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms import clock, config
from lms.parts import build
from lms.services import crowd, demo
from lms.simulator.learners import Habits
from tests.support import site

SCALE, SEED = 20, 7
HURRIED = Habits(
    beat_seconds=0.5,
    loss=0.05,
    stall_seconds=1.5,
    kill_seconds=0.3,
    think_seconds=(0.05, 0.3),
    retry_seconds=0.1,
)


@pytest.fixture(scope="session")
def demo_site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where it answers. Each test takes sample learners of its own."""
    place = tmp_path_factory.mktemp("simulation")
    shutil.copyfile(sqlite_template, place / "site.db")
    environment = {
        "LMS_MODE": "demo",
        "LMS_DATABASE_URL": f"sqlite:///{place / 'site.db'}",
        "LMS_DATA_DIR": str(place / "data"),
        "LMS_WORKER": "separate",
        "LMS_QUEUE": "sqlite",
        "LMS_TRUSTED_PROXIES": "1",  # each learner has an address of her own, as in life
    }
    parts = build(config.load(environment))
    with parts.database.transaction() as session:
        demo.seed(session, parts.keyring, parts.store, now=clock.now())
        crowd.seed(session, parts.keyring, scale=SCALE, seed=SEED, now=clock.now())
    parts.database.close()
    with site.running(environment, place / "server.log") as address:
        yield address


@pytest.fixture(scope="session")
def logins() -> list[tuple[str, str]]:
    """The sample learners' logins."""
    return [(sample.phone, demo.PASSWORD) for sample in crowd.samples(SCALE, SEED)]
