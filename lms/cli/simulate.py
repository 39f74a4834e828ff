"""`lms simulate`: honest and cheating learners against a running server, and what it credited them."""

import csv
import json
import sys
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import select

from lms import clock
from lms.db import Database
from lms.models.cases import Flag
from lms.models.offline import StudyPass
from lms.models.study import StudySession
from lms.services import cases, crowd, demo
from lms.simulator import report
from lms.simulator.client import Unreachable, is_loopback
from lms.simulator.learners import CHEATS, HONEST, Habits
from lms.simulator.person import SignInFailed
from lms.simulator.run import Plan, TooFewLogins
from lms.simulator.run import simulate as run

NAMES = [kind.name for kind in (*HONEST, *CHEATS)]
ADVICE = "; `lms seed --scale N --seed S` makes sample learners, `--logins FILE` names others"


@click.command(
    "simulate",
    help="Let many honest and cheating learners study at a running server, and compare claimed with credited time. "
    "It costs real time and loads the server: use it on a demo or a staging server, never where people learn. "
    "Exit code 1 when a cheat earned more than a second a second, anything was confirmed without an answer, "
    "honest learners lost time, or too many of them were flagged.",
)
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="The server's address.")
@click.option("--minutes", type=click.FloatRange(0.05, 240), default=2.0, show_default=True, help="For each learner.")
@click.option("--learners", type=click.IntRange(0, 5000), default=20, show_default=True, help="How many are honest.")
@click.option("--cheats", type=click.IntRange(0, 50), default=1, show_default=True, help="How many of each cheat.")
@click.option("--seed", type=click.IntRange(0, crowd.MOST_SEEDS - 1), default=0, help="Sample learners and dice.")
@click.option("--logins", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="CSV: phone,password.")
@click.option("--only", type=click.Choice(NAMES), multiple=True, help="Only these behaviours.")
@click.option("--loss", type=click.FloatRange(0, 0.5), default=0.05, show_default=True, help="Share of lost requests.")
@click.option("--database", "database_url", default="", help="Count the flags raised meanwhile; only reads.")
@click.option("--own-addresses", is_flag=True, help="One X-Forwarded-For each; the server needs LMS_TRUSTED_PROXIES=1.")
@click.option("--staging", is_flag=True, help="Allow an address that is not this machine's own.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def simulate(
    url: str,
    minutes: float,
    learners: int,
    cheats: int,
    seed: int,
    logins: Path | None,
    only: tuple[str, ...],
    loss: float,
    database_url: str,
    own_addresses: bool,
    staging: bool,
    as_json: bool,
) -> None:
    """`lms simulate`."""
    if not (staging or is_loopback(url)):
        raise click.ClickException("this loads the server it is aimed at; say --staging if that is one for trials")
    plan = Plan(
        address=url,
        logins=_logins(logins, seed),
        seconds=minutes * 60,
        honest=learners,
        cheats=cheats,
        seed=seed,
        only=frozenset(only),
        habits=Habits(loss=loss),
        own_sources=own_addresses,
    )
    began = clock.now()
    try:
        outcomes = run(plan, lambda line: click.echo(line, err=True))
    except (TooFewLogins, SignInFailed) as error:
        raise click.ClickException(f"{error}{ADVICE}") from None
    except Unreachable as error:
        raise click.ClickException(f"{url} does not answer: {error}") from None
    flagged = _flags(database_url, outcomes, began) if database_url else None
    _print(outcomes, flagged, as_json=as_json)


def _print(outcomes: list[report.Outcome], flagged: dict[str, list[str]] | None, *, as_json: bool) -> None:
    problems = report.problems(outcomes, flagged)
    if as_json:
        click.echo(json.dumps(report.as_json(outcomes, flagged), ensure_ascii=False, indent=1))
    else:
        click.echo(report.table(outcomes, flagged))
        click.echo("\n".join(["", *(problems or ["every promise was kept"])]))
    sys.exit(1 if problems else 0)


def _logins(file: Path | None, seed: int) -> list[tuple[str, str]]:
    if file is None:
        return [(sample.phone, demo.PASSWORD) for sample in crowd.samples(crowd.MOST, seed)]
    with file.open(encoding="utf-8-sig", newline="") as rows:
        return [(row[0].strip(), row[1].strip()) for row in csv.reader(rows) if len(row) >= 2 and row[0][:1].isdigit()]


def _flags(url: str, outcomes: list[report.Outcome], since: datetime) -> dict[str, list[str]]:
    """By phone: the kinds of flags raised since then, or to be raised at the next look. Writes nothing."""
    database, phones = Database(url), {outcome.source: outcome.person for outcome in outcomes}
    found: dict[str, list[str]] = {}
    try:
        with database.transaction(write=False) as session:
            raised = session.execute(select(Flag.person_id, Flag.kind).where(Flag.raised_at >= since)).all()
            seen = [(each.person_id, each.kind.value) for each in cases.look(session, clock.now())]
            kinds = {(person_id, kind) for person_id, kind in [*raised, *seen]}
            for table in (StudySession, StudyPass):
                mine = select(table.id, table.person_id).where(table.person_id.in_({person for person, _ in kinds}))
                for source, person_id in session.execute(mine):
                    if (phone := phones.get(str(source))) is not None:
                        found[phone] = sorted(kind for person, kind in kinds if person == person_id)
    finally:
        database.close()
    return found
