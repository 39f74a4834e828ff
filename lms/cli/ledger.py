"""`lms ledger`: the ledger as it was known at the end of a day."""

import csv
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click

from lms import clock
from lms.cli.context import pass_parts
from lms.domain.errors import Refused
from lms.parts import Parts
from lms.services import ledger_as_of
from lms.services.ledger_as_of import CLASSES, Statement


@click.group("ledger", help="Print the study-time ledger as it was known at the end of a day.")
def group() -> None:
    """The `lms ledger` commands."""


@group.command("as-of", help="Print each lesson's credited and confirmed time as known at the end of DATE.")
@click.argument("day", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
@pass_parts
def as_of(parts: Parts, day: datetime, form: str) -> None:
    """`lms ledger as-of`: the same bytes whenever it is asked for, so a day must be over."""
    asked = date(day.year, day.month, day.day)
    try:
        end = ledger_as_of.end_of(asked, now=clock.now())
    except Refused:
        raise click.ClickException(f"{asked} is not over yet in China, so it could still change") from None
    with parts.database.transaction(write=False) as session:
        rows = ledger_as_of.list_statements(session, end)
        sys.stdout.write(as_json(rows) if form == "json" else "")
        if form == "csv":
            write_csv(rows)


def as_json(rows: Iterable[Statement]) -> str:
    """One JSON object a line, keys in a fixed order."""
    return "".join(json.dumps(asdict(row), default=str, separators=(",", ":")) + "\n" for row in rows)


def write_csv(rows: Iterable[Statement]) -> None:
    """A heading and a line for each lesson, on standard output."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    fixed = [name for name in Statement.__dataclass_fields__ if name != "by_class"]
    out.writerow([*fixed, *(f"{name}_ms" for name in CLASSES)])
    for row in rows:
        told: dict[str, Any] = asdict(row)
        out.writerow([*(told[name] for name in fixed), *(row.by_class[name] for name in CLASSES)])
