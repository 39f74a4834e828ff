"""`lms up` and `lms seed`: a running site with sample content."""

import click

from lms import clock, schema
from lms.cli.context import load_config, pass_parts
from lms.cli.server import listen
from lms.cli.signer import beside
from lms.parts import Parts, build
from lms.services import crowd, demo


@click.command("up", help="Set everything up and run the site (demo: with samples).")
def up() -> None:
    """What `python3 -m lms` does."""
    config = load_config()
    parts = build(config)
    click.echo("upgrading the database")
    schema.upgrade(parts.database)
    if config.is_demo:
        _seed(parts)
    parts.database.close()
    with beside(config):
        listen(config, lambda: _welcome(parts))


@click.command("seed", help="Put sample people and courses into a demo database.")
@click.option("--scale", type=click.IntRange(0, crowd.MOST), default=0, help="Also this many sample learners.")
@click.option("--seed", type=click.IntRange(0, crowd.MOST_SEEDS - 1), default=0, help="Which ones: 0 to 999.")
@pass_parts
def seed(parts: Parts, scale: int, seed: int) -> None:
    """`lms seed`."""
    if not parts.config.is_demo:
        raise click.ClickException("sample logins belong to demo mode only (LMS_MODE=demo)")
    _seed(parts)
    if scale:
        _seed_crowd(parts, scale, seed)
    _list_logins()


def _seed(parts: Parts) -> None:
    click.echo("preparing the sample content")
    with parts.database.transaction() as session:
        queued = demo.seed(session, parts.keyring, parts.store, now=clock.now())
    click.echo(f"{queued} lesson videos are in the making or made; the trainer's page shows how far they are")


def _seed_crowd(parts: Parts, scale: int, seed: int) -> None:
    with parts.database.transaction() as session:
        made = crowd.seed(session, parts.keyring, scale=scale, seed=seed, now=clock.now())
    people = crowd.samples(scale, seed)
    click.echo(f"{made} sample learners entered, {scale - made} were there: {people[0].phone} to {people[-1].phone}")


def _welcome(parts: Parts) -> None:
    click.echo(f"\nKangxue is running at {parts.config.base_url}   (Ctrl-C stops it)\n")
    if parts.config.is_demo:
        _list_logins()


def _list_logins() -> None:
    click.echo("Demo logins (mobile number / password):")
    for login in demo.LOGINS:
        click.echo(f"  {login.phone}  {login.password}   {login.name}, {login.title}")
    click.echo(f"One class of 康宁, …{demo.REMARK}, also has an exam, a practical, and a class in person today.")
