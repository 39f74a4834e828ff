"""What commands work with: the parts, built when a command first needs them."""

import sys
from collections.abc import Callable
from functools import update_wrapper
from typing import Any

import click

from lms import config
from lms.parts import build


def load_config() -> config.Config:
    """The settings, or their problems in plain words and exit code 2."""
    try:
        return config.load()
    except config.ConfigError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        sys.exit(2)


def pass_parts(command: Callable[..., Any]) -> Callable[..., Any]:
    """Hands the parts to a command as its first argument, and closes the database after it."""

    def run(*args: Any, **kwargs: Any) -> Any:
        parts = build(load_config())
        try:
            return command(parts, *args, **kwargs)
        finally:
            parts.database.close()

    return update_wrapper(run, command)
