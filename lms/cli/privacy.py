"""`lms privacy`: what is held under which rule, whom a restored backup must not bring back, statements by hand."""

import click

from lms import clock
from lms.cli.context import pass_parts
from lms.parts import Parts
from lms.services import rights


@click.group("privacy", help="Retention rules, and erasures that a restored backup must not undo.")
def group() -> None:
    """The `lms privacy` commands."""


@group.command("rules", help="Show how long each kind of record is kept, and where that stands.")
@pass_parts
def rules(parts: Parts) -> None:
    """`lms privacy rules`."""
    with parts.database.transaction(write=False) as session:
        found = rights.rules(session)
    for row in found:
        period = "not known" if row.rule.months is None else f"{row.rule.months} months"
        click.echo(f"{row.rule.code}: {period}  {row.rule.source or 'no source'}  {row.rule.confidence or '-'}")


@group.command("reapply", help="After a restore: erase again everybody in the deletion ledger of the object store.")
@pass_parts
def reapply(parts: Parts) -> None:
    """`lms privacy reapply`."""
    entries = rights.erasing.read_ledger(parts.store)
    with parts.database.transaction() as session:
        again = rights.erasing.reapply(session, parts.keyring, entries, now=clock.now())
    parts.ring(session)
    click.echo(f"{len(entries)} erased by the ledger, {again} erased again")
