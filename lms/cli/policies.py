"""`lms policies`: check the files of subsidy policies, load those that ship into the database."""

import sys
from pathlib import Path

import click

from lms import clock, resources
from lms.authoring.subsidy_files import SUFFIX, PolicyFile, check_together, read_file, told_tensions
from lms.cli.context import pass_parts
from lms.cli.courses import LANGUAGE
from lms.domain.errors import Refused
from lms.parts import Parts
from lms.services import subsidies

PLACES = click.Path(exists=True, path_type=Path)


@click.group("policies", help="Check subsidy policies, load them into the database.")
def group() -> None:
    """The `lms policies` commands."""


@group.command("check", help="Check the files or folders given, or the policies that are shipped.")
@click.argument("places", nargs=-1, type=PLACES)
@LANGUAGE
def check(places: tuple[Path, ...], language: str) -> None:
    """`lms policies check`: `path:line: problem` for each problem; exit code 1 when there is one."""
    files = _read(places)
    sys.exit(1 if _print(files, language) else 0)


@group.command("load", help="Publish the files given, or the policies that are shipped; each once.")
@click.argument("places", nargs=-1, type=PLACES)
@LANGUAGE
@pass_parts
def load(parts: Parts, places: tuple[Path, ...], language: str) -> None:
    """`lms policies load`: refuses files with problems, and another text under a code that is published."""
    files = _read(places)
    if _print([each for each in files if each.policy is None], language):
        click.echo("nothing loaded", err=True)
        sys.exit(1)
    try:
        with parts.database.transaction() as session:
            done = subsidies.load(session, files, now=clock.now())
    except Refused as refused:
        click.echo(f"nothing loaded: {_why(refused)}", err=True)
        sys.exit(1)
    for code in done.added:
        click.echo(f"{code} published")
    click.echo(f"{len(done.added)} new, {len(done.known)} known; {done.pinned} classes got their first policy")


def _why(refused: Refused) -> str:
    if refused.code == "subsidy_version_edited":
        return f"{refused.values['policy']} is published with another text; give the change a code of its own"
    return str(refused)


def _read(places: tuple[Path, ...]) -> list[PolicyFile]:
    wanted: list[Path] = []
    for place in places or (resources.find("subsidies"),):
        wanted += sorted(place.glob(f"*{SUFFIX}")) if place.is_dir() else [place]
    return [read_file(path, _shown(path)) for path in wanted]


def _print(files: list[PolicyFile], language: str) -> int:
    """Prints what is wrong, and what is only to be known; says how many problems there are."""
    alone = [problem for file in files for problem in file.problems]
    others = [] if not files else [each.policy for each in subsidies.shipped_files() if each.policy]
    mine = {file.policy.code for file in files if file.policy}
    beside = [each for each in others if each.code not in mine]
    together = check_together(files, beside)
    for problem in (*alone, *together):
        click.echo(problem.located(language))
    if not (alone or together):
        for note in told_tensions(files, beside):
            click.echo(note.located(language))
    sound = sum(1 for file in files if file.policy)
    click.echo(f"{len(files)} policies, {sound} without fault of their own, {len(alone) + len(together)} problems")
    return len(alone) + len(together)


def _shown(path: Path) -> str:
    """The path as seen from here, which is what editors can open."""
    whole = path.resolve()
    return str(whole.relative_to(Path.cwd()) if whole.is_relative_to(Path.cwd()) else whole)
