"""`lms staff`: the first platform administrator, who then does the rest in the browser."""

import click

from lms import clock
from lms.cli.context import pass_parts
from lms.domain.errors import Refused
from lms.domain.roles import Role
from lms.parts import Parts
from lms.services import accounts


@click.group("staff", help="Give somebody the platform administrator's role.")
def group() -> None:
    """The `lms staff` commands."""


@group.command("add", help="Make NUMBER a platform administrator called NAME; she signs in by SMS code.")
@click.argument("number")
@click.argument("name")
@pass_parts
def add(parts: Parts, number: str, name: str) -> None:
    """`lms staff add`."""
    try:
        with parts.database.transaction() as session:
            accounts.create_staff(
                session,
                parts.keyring,
                phone=number,
                name=name,
                role=Role.PLATFORM,
                organisation_id=None,
                now=clock.now(),
            )
    except Refused as refused:
        raise click.ClickException(f"refused: {refused}") from None
    click.echo("done; the first sign-in is by SMS code")
