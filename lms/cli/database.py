"""`lms database`: create, upgrade or step back the schema."""

import click

from lms import schema
from lms.cli.context import pass_parts
from lms.parts import Parts


@click.group("database", help="Create, upgrade or step back the database schema.")
def group() -> None:
    """The `lms database` commands."""


@group.command("upgrade", help="Bring the schema up to date.")
@pass_parts
def upgrade(parts: Parts) -> None:
    """`lms database upgrade`."""
    schema.upgrade(parts.database)
    click.echo(f"database is at {schema.revisions(parts.database)[0]}")


@group.command("downgrade", help="Step the schema back to an older revision.")
@click.argument("revision")
@click.confirmation_option(prompt="This drops tables and what they hold. Go on?")
@pass_parts
def downgrade(parts: Parts, revision: str) -> None:
    """`lms database downgrade`."""
    schema.downgrade(parts.database, revision)
    click.echo(f"database is at {schema.revisions(parts.database)[0]}")


@group.command("status", help="Show which schema the database has and which one is needed.")
@pass_parts
def status(parts: Parts) -> None:
    """`lms database status`."""
    found, needed = schema.revisions(parts.database)
    click.echo(f"has {found}, needs {needed}")
