"""`lms keys`: fresh secrets; and sealing personal fields anew when the key of the fields changes."""

import sys

import click
from cryptography.exceptions import InvalidTag

from lms import config
from lms.cli.context import pass_parts
from lms.parts import Parts
from lms.services import resealing


@click.group("keys", invoke_without_command=True, help="Print fresh random keys for a production environment.")
@click.pass_context
def group(context: click.Context) -> None:
    """`lms keys` alone prints new keys."""
    if context.invoked_subcommand is None:
        for name, value in config.new_keys().items():
            click.echo(f"{name}={value}")


@group.command(
    "rotate", help="Seal personal fields anew under the first of LMS_FIELD_KEYS. May be stopped and run again."
)
@click.option("--batch", type=click.IntRange(1, 10_000), default=resealing.BATCH, show_default=True, metavar="ROWS")
@pass_parts
def rotate(parts: Parts, batch: int) -> None:
    """`lms keys rotate`: the site may go on working meanwhile, as long as it knows both keys."""
    try:
        for step in resealing.rotate(parts.database.transaction, parts.keyring, batch=batch):
            click.echo(f"{step.field}: {step.done} of {step.total}")
    except KeyError as missing:
        click.echo(f"a value is sealed under key {missing}, which LMS_FIELD_KEYS does not hold", err=True)
        sys.exit(1)
    except InvalidTag:
        click.echo("a value cannot be opened: it was changed or moved; nothing of its batch was written", err=True)
        sys.exit(1)
    sys.exit(_report(parts))


@group.command("status", help="Count personal fields by the key they are sealed under; 1 while an old key is needed.")
@pass_parts
def status(parts: Parts) -> None:
    """`lms keys status`."""
    sys.exit(_report(parts))


def _report(parts: Parts) -> int:
    """Prints the counts and which keys may be retired; 0 when only the current one is needed."""
    current = parts.keyring.field_keys[0][0]
    with parts.database.transaction(write=False) as session:
        found, files = resealing.count(session), resealing.count_files(session)
    for field, by_key in found.items():
        click.echo(f"{field}: " + (", ".join(f"{by_key[key]} under {key}" for key in sorted(by_key)) or "none"))
    if files:
        click.echo(f"{files} files of rosters wait under the key of the day they came: keep old keys for one more day")
    needed = {key for by_key in found.values() for key in by_key} - {current}
    for key, _ in parts.keyring.field_keys[1:]:
        told = "is still needed" if key in needed else "is needed no more: take it out of LMS_FIELD_KEYS"
        click.echo(f"{key} {told}")
    return 1 if needed else 0
