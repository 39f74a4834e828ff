"""`lms config`: what is set."""

import os
import re
from collections.abc import Callable, Mapping

import click

from lms import config


@click.command("config", help="Print each setting: value, default, meaning.")
def show() -> None:
    """`lms config`."""
    for setting, value in described():
        default = f" (default: {setting.default})" if setting.default else ""
        click.echo(f"{setting.name}={value}\n    {setting.meaning}{default}")


def described(environ: Mapping[str, str] = os.environ) -> list[tuple[config.Setting, str]]:
    """Each setting with its present value; secrets masked, the password of an address too."""
    rows: list[tuple[config.Setting, str]] = []
    for setting in config.SETTINGS:
        value = environ.get(setting.name, "").strip() or setting.default
        mask: Callable[[str], str] = _mask_secret if setting.secret else _mask_address
        rows.append((setting, mask(value)))
    return rows


def _mask_secret(value: str) -> str:
    return "••••••••" if value else ""


def _mask_address(value: str) -> str:
    return re.sub(r"(://[^:/@]*:)[^@]*@", r"\1••••••••@", value)
