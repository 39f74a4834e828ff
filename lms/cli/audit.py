"""`lms audit`: sign the evidence log, and check it from outside."""

import sys
from pathlib import Path

import click

from lms.cli.anchors import anchored
from lms.cli.context import pass_parts
from lms.cli.signer import needed_key, sign_now
from lms.config import load
from lms.parts import Parts
from lms.verifier import open_reader, verify
from lms.verifier.anchors import BadAnchor, find_keys, read_files, read_key


@click.group("audit", help="Check the evidence log, and sign its checkpoints.")
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


@group.command("verify", help="Check every byte of evidence against the tables and against kept checkpoints.")
@click.option("--database", help="sqlite:///PATH, a file, or postgresql://…; default: the one in the settings.")
@anchored
def verify_log(database: str | None, anchors: tuple[Path, ...], key: tuple[str, ...]) -> None:
    """`lms audit verify`: exit 1 with one line for each thing that was changed."""
    try:
        keys = [*find_keys(anchors), *map(read_key, key)]
        kept = read_files(anchors, keys)
    except BadAnchor as error:
        raise click.ClickException(str(error)) from None
    with open_reader(database or load().database_url) as reader:
        report = verify(reader, kept, keys)
    for finding in report.findings:
        click.echo(str(finding))
    click.echo(
        f"{report.entries} entries of {report.persons} persons, {report.leaves} leaves, "
        f"{report.anchors} checkpoints: {len(report.findings)} findings"
    )
    if not keys:
        click.echo("no key was given: signatures of checkpoints were not checked", err=True)
    sys.exit(1 if report.findings else 0)
