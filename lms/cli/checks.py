"""`lms test`: every check of a checkout, in the order of their speed."""

import subprocess
import sys
from pathlib import Path

import click

from lms import resources

CHECKS = (
    ("ruff", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
    ("mypy", ["mypy"]),
    ("import contracts", ["lint-imports"]),
)


@click.command(
    "test",
    help="Run every check and test (arguments go to pytest).",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """`python3 -m lms test`."""
    root = resources.checkout()
    if root is None:
        raise click.ClickException("the tests live in a checkout of the source, not in an installed package")
    programs = Path(sys.executable).parent
    if not arguments:
        for name, (program, *rest) in CHECKS:
            _run(root, name, [str(programs / program), *rest])
    options = arguments or ("-q", "-n", "3", "--dist", "worksteal")
    _run(root, "pytest", [sys.executable, "-m", "pytest", *options])


def _run(root: Path, name: str, command: list[str]) -> None:
    click.echo(f"— {name}", err=True)
    code = subprocess.run(command, cwd=root, check=False).returncode
    if code:
        sys.exit(code)
