"""The schema's history: which revision the database has, which one this program needs."""

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from lms import resources
from lms.db import Database


class MigrationsPending(Exception):
    """The database is older than the program, or newer."""


def alembic_config(connection: Connection | None = None) -> AlembicConfig:
    """Alembic's settings for this installation, bound to `connection`; there is no alembic.ini."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(resources.find("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Brings the schema up to `revision`, whole or not at all."""
    with database.engine.begin() as connection:
        command.upgrade(alembic_config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Takes the schema back to `revision`, whole or not at all."""
    with database.engine.begin() as connection:
        command.downgrade(alembic_config(connection), revision)


def revisions(database: Database) -> tuple[str | None, str | None]:
    """(what the database has, what the program needs)."""
    needed = ScriptDirectory.from_config(alembic_config()).get_current_head()
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None, needed
        return MigrationContext.configure(connection).get_current_revision(), needed


def is_current(database: Database) -> bool:
    """Whether the schema is the one this program was written for."""
    found, needed = revisions(database)
    return found == needed


def check_current(database: Database) -> None:
    """Raises MigrationsPending unless the schema is the one this program was written for."""
    found, needed = revisions(database)
    if found != needed:
        raise MigrationsPending(
            f"the database is at {found or 'nothing'}, the program needs {needed}: run `lms database upgrade`"
        )
