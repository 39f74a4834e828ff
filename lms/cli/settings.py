"""`lms config` and `lms keys`: what is set, and fresh secrets."""

import click

from lms import config


@click.command("config", help="Print each setting: value, default, meaning.")
def show() -> None:
    """`lms config`."""
    for setting, value in config.described():
        default = f" (default: {setting.default})" if setting.default else ""
        click.echo(f"{setting.name}={value}\n    {setting.meaning}{default}")


@click.command("keys", help="Print fresh random keys for a production environment.")
def keys() -> None:
    """`lms keys`."""
    for name, value in config.new_keys().items():
        click.echo(f"{name}={value}")
