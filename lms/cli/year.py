"""`lms year`: a made-up year of classes with fraud in it, how well it is found, and whether its money reconciles."""

import sys
import time
from dataclasses import replace
from typing import NoReturn

import click

from lms import schema
from lms.cli.context import load_config
from lms.crypto import Keyring
from lms.db import Database
from lms.domain.crosschecks import fraud
from lms.services.demo import year as made_up
from lms.services.demo.year import written

GOAL_PERMILLE, MOST_PERMILLE = 900, 20


@click.command("year")
@click.option("--learners", default=5000, show_default=True, type=click.IntRange(20))
@click.option("--cohorts", default=200, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=1, show_default=True, type=int)
@click.option("--database", "url", default="", help="Write classes, claims and money there: migrated, and empty.")
def year(learners: int, cohorts: int, seed: int, url: str) -> None:
    """Lives a year of made-up people, plants fraud at known places, and says how much of it was found.

    With --database: writes the year's classes, claims and money, and reconciles them by docs/reconcile.sql.
    """
    plan = made_up.make(learners, cohorts, seed)
    click.echo(f"year {seed}: {len(plan.learners)} learners, {len(plan.classes)} cohorts, {len(plan.plants)} plants")
    if url:
        _write(plan, url)
    else:
        _judge(plan)


def _judge(plan: made_up.Plan) -> None:
    begun = time.monotonic()
    told = made_up.score(plan, fraud.judge(made_up.live(plan)))
    for row in told.by_pattern:
        recall = row.recall_permille
        good = "" if recall >= GOAL_PERMILLE else "  below 90 %"
        places = f"{row.found} of {row.planted} places, {row.persons_found} of {row.persons} persons"
        click.echo(f"  {row.pattern:18} recall {recall // 10:3}.{recall % 10} %  ({places}){good}")
    _tell_honest("suspected", told.suspected, told.honest)
    _tell_honest("held up only, because her trainer was said to be elsewhere", told.held, told.honest)
    _tell_honest("suspected or held up", told.suspected + told.held, told.honest)
    click.echo(f"  {time.monotonic() - begun:.1f} s")


def _tell_honest(what: str, count: int, of: int) -> None:
    """How many honest people, in percent rounded up; more than the goal is said to be more."""
    share = -(-1000 * count // max(1, of))
    much = "  above 2 %" if share > MOST_PERMILLE else ""
    click.echo(f"  honest, {what}: {count} of {of}, {share // 10}.{share % 10} %{much}")


def _write(plan: made_up.Plan, url: str) -> None:
    """Exit code 1 for a breach, 2 for a database that cannot be used."""
    try:
        written.script()
    except FileNotFoundError:
        _stop("docs/reconcile.sql is not here: run it from a checkout")
    config = replace(load_config(), database_url=url)
    database = Database(config.database_url, config.threads)
    begun, spent = time.monotonic(), time.process_time()
    try:
        if not schema.is_current(database):
            _stop("the database is not migrated: LMS_DATABASE_URL=… lms database upgrade")
        for month in written.write(database, Keyring(config.field_keys, config.index_key), plan):
            click.echo(f"  {month:%Y-%m} …  {time.monotonic() - begun:.0f} s", err=True)
        made, busy = time.monotonic() - begun, time.process_time() - spent
        with database.transaction(write=False) as session:
            told, checks = written.totals(session), written.check(session)
    except written.NotEmptyError:
        _stop("the database holds something already: a made-up year is written into an empty one only")
    finally:
        database.close()
    _tell(told)
    for each in checks:
        click.echo(f"  {each.name:24} {each.breaches} breaches")
    click.echo(f"  written in {made:.1f} s ({busy:.1f} s of it on this processor)")
    if any(each.breaches for each in checks):
        click.echo("not reconciled")
        sys.exit(1)
    click.echo(f"reconciled: {len(checks)} checks, no breach")


def _tell(told: written.Totals) -> None:
    pins = ", ".join(f"{code} {count}" for code, count in told.pins.items())
    click.echo(f"  classes by policy: {pins}; changed before they opened: {told.repinned}")
    click.echo(f"  claims {told.claims}, batches {told.batches}, months closed {told.closed_months}")
    for title, rows in (("lines", told.lines), ("posted", told.postings)):
        for name, (count, fen) in rows.items():
            click.echo(f"  {title:6} {name:14} {count:6}  {fen // 100:>12,}.{fen % 100:02} yuan")


def _stop(why: str) -> NoReturn:
    click.echo(why, err=True)
    sys.exit(2)
