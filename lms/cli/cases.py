"""`lms cases`: look for what is strange in recent study, and count how many persons were flagged."""

import json
from dataclasses import asdict

import click

from lms import worker
from lms.cli.context import pass_parts
from lms.parts import Parts
from lms.services import cases


@click.group("cases", help="Look for what is strange in recent study, and count whom it touched.")
def group() -> None:
    """The `lms cases` commands."""


@group.command("look", help="Look now, as the worker does every ten minutes.")
@pass_parts
def look(parts: Parts) -> None:
    """`lms cases look`."""
    click.echo(f"{worker.look(parts)} new flags")


@group.command("count", help="Count the persons who studied, and those flagged, by kind of flag.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the ids of the persons flagged.")
@pass_parts
def count(parts: Parts, as_json: bool) -> None:
    """`lms cases count`."""
    with parts.database.transaction(write=False) as session:
        found = cases.count(session)
    if as_json:
        click.echo(json.dumps({**asdict(found), "persons_flagged": len(found.anybody)}))
        return
    share = 100 * len(found.anybody) / found.persons if found.persons else 0
    click.echo(f"{len(found.anybody)} of {found.persons} persons flagged ({share:.2f} %)")
    for kind, persons in found.flagged.items():
        click.echo(f"  {kind}: {len(persons)}")
