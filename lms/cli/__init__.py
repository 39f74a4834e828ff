"""The commands. `lms` alone lists them, one line each."""

from importlib import import_module

import click

COMMANDS = {
    "up": "demo.up",
    "seed": "demo.seed",
    "serve": "server.serve",
    "worker": "worker.worker",
    "signer": "signer.signer",
    "database": "database.group",
    "courses": "courses.group",
    "policies": "policies.group",
    "staff": "staff.group",
    "audit": "audit.group",
    "ledger": "ledger.group",
    "dossier": "dossiers.group",
    "cases": "cases.group",
    "credentials": "credentials.group",
    "exams": "exams.group",
    "privacy": "privacy.group",
    "config": "settings.show",
    "keys": "keys.group",
    "simulate": "simulate.simulate",
    "test": "checks.test",
    "storm": "storm.storm",
    "year": "year.year",
}


class Commands(click.Group):
    """Loads a command when it is asked for: to serve needs little of what to simulate needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # as click calls it
        """The names, in the order in which they are told."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name; None for a stranger."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(".")
        found: click.Command = getattr(import_module(f"lms.cli.{module}"), attribute)
        return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Kangxue: learning whose study time can be proved."""
