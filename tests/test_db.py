"""The application works only on a database that keeps what it has confirmed, at the right schema."""

from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text

from lms import config
from lms.app import create_app
from lms.db import Database, UnsafeDurability, current
from lms.models.organisations import Organisation
from lms.parts import Parts, build
from lms.schema import MigrationsPending
from tests.support.cast import NOON


def count(database: Database) -> int:
    with database.transaction(write=False) as session:
        return session.scalar(select(func.count()).select_from(Organisation)) or 0


def test_a_durable_database_passes(database: Database) -> None:
    database.check_durability()


@pytest.mark.parametrize(
    ("pragma", "said"), [("synchronous=OFF", "below FULL"), ("journal_mode=DELETE", "journal_mode is delete")]
)
def test_sqlite_that_may_forget_is_refused(tmp_path: Path, pragma: str, said: str) -> None:
    database = Database(f"sqlite:///{tmp_path / 'unsafe.db'}")
    event.listen(database.engine, "connect", lambda connection, _: connection.execute(f"PRAGMA {pragma}").close())
    with pytest.raises(UnsafeDurability, match=said):
        database.check_durability()
    database.close()


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_postgresql_that_may_forget_is_refused(parts: Parts) -> None:
    with parts.database.engine.begin() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    parts.database.close()  # settings of a database hold from the next connection on
    with pytest.raises(UnsafeDurability, match="synchronous_commit is off"):
        create_app(parts)


def test_an_empty_database_is_refused_with_what_to_do(empty_url: str, environment: dict[str, str]) -> None:
    parts = build(config.load({**environment, "LMS_DATABASE_URL": empty_url}))
    with pytest.raises(MigrationsPending, match="lms database upgrade"):
        create_app(parts)
    parts.database.close()


def _fail_half_way(database: Database) -> None:
    with database.transaction() as session:
        session.add(Organisation(name="半途而废", created_at=NOON))
        session.flush()
        raise RuntimeError


def test_a_transaction_is_whole_or_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError):
        _fail_half_way(database)
    assert count(database) == 0


def test_a_reading_transaction_keeps_nothing(database: Database) -> None:
    with database.transaction(write=False) as session:
        session.add(Organisation(name="只读", created_at=NOON))
        session.flush()
    assert count(database) == 0


def test_there_is_no_session_outside_of_a_transaction(database: Database) -> None:
    with database.transaction() as session:
        assert current() is session
    with pytest.raises(LookupError):
        current()


def test_it_answers_or_says_that_it_does_not(database: Database, tmp_path: Path) -> None:
    assert database.healthy()
    assert not Database(f"sqlite:///{tmp_path}/no/such/folder/x.db").healthy()
