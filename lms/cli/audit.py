"""`lms audit`: what makes the evidence log provable to others."""

import click

from lms.cli.context import pass_parts
from lms.cli.signer import needed_key, sign_now
from lms.parts import Parts


@click.group("audit", help="Sign the evidence log, and prove it.")
def group() -> None:
    """The `lms audit` commands."""


@group.command("checkpoint", help="Sign the log now and print the checkpoint, to be kept outside.")
@pass_parts
def checkpoint(parts: Parts) -> None:
    """`lms audit checkpoint`."""
    note = sign_now(parts, needed_key(parts))
    if not note:
        raise click.ClickException("the log is still empty; there is nothing to sign")
    click.echo(note, nl=False)
