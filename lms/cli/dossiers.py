"""`lms dossier`: check the archive of a class, from the file alone."""

import sys
from pathlib import Path

import click

from lms.cli.anchors import anchored
from lms.verifier import dossier
from lms.verifier.anchors import BadAnchor, find_keys, read_files, read_key


@click.group("dossier", help="Check the archive of a class (一期一档).")
def group() -> None:
    """The `lms dossier` commands."""


@group.command("check", help="Check an archive from the file alone: every hash, every entry, the proof, the tables.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@anchored
@click.option("--sha256", "wanted", default="", help="The hash of the whole file, as the platform has it on record.")
def check(file: Path, anchors: tuple[Path, ...], key: tuple[str, ...], wanted: str) -> None:
    """`lms dossier check`: exit 1 with one line for each thing that was changed."""
    try:
        keys = [*find_keys(anchors), *map(read_key, key)]
        report = dossier.check(file, read_files(anchors, keys), keys)
    except BadAnchor as error:
        raise click.ClickException(str(error)) from None
    if wanted and wanted.lower() != report.sha256:
        report.findings.append(f"the whole file: the record says {wanted.lower()}, found {report.sha256}")
    for finding in report.findings:
        click.echo(finding)
    click.echo(
        f"{report.files} files, {report.intervals} intervals, {report.entries} entries, {report.proved} of them proved "
        f"by a checkpoint over {report.size}, {report.unplaced} newer than it: {len(report.findings)} findings"
    )
    click.echo(f"sha256 {report.sha256}")
    if not report.signed:
        click.echo("no key was given, or none signed: the checkpoint's signature was not checked", err=True)
    sys.exit(1 if report.findings else 0)
