"""The commands. `lms` alone lists them, one line each."""

import click

from lms.cli import (
    audit,
    cases,
    checks,
    courses,
    database,
    demo,
    exams,
    ledger,
    server,
    settings,
    signer,
    simulate,
    staff,
    storm,
    worker,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Kangxue: learning whose study time can be proved."""


for command in (
    demo.up,
    demo.seed,
    server.serve,
    worker.worker,
    signer.signer,
    database.group,
    courses.group,
    staff.group,
    audit.group,
    ledger.group,
    cases.group,
    exams.group,
    settings.show,
    settings.keys,
    simulate.simulate,
    checks.test,
    storm.storm,
):
    main.add_command(command)
