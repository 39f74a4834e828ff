"""`lms year`: a made-up year of classes with fraud in it, and how well it is found."""

import time

import click

from lms.domain.crosschecks import fraud
from lms.services.demo import year as made_up

GOAL_PERMILLE, MOST_PERMILLE = 900, 20


@click.command("year")
@click.option("--learners", default=5000, show_default=True, type=click.IntRange(20))
@click.option("--cohorts", default=200, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=1, show_default=True, type=int)
def year(learners: int, cohorts: int, seed: int) -> None:
    """Lives a year of made-up people, plants fraud at known places, and says how much of it was found."""
    begun = time.monotonic()
    plan = made_up.make(learners, cohorts, seed)
    found = fraud.judge(made_up.live(plan))
    told = made_up.score(plan, found)
    click.echo(f"year {seed}: {len(plan.learners)} learners, {len(plan.classes)} cohorts, {len(plan.plants)} plants")
    for row in told.by_pattern:
        recall = row.recall_permille
        good = "" if recall >= GOAL_PERMILLE else "  below 90 %"
        places = f"{row.found} of {row.planted} places, {row.persons_found} of {row.persons} persons"
        click.echo(f"  {row.pattern:18} recall {recall // 10:3}.{recall % 10} %  ({places}){good}")
    for name, count in (("suspected", told.suspected), ("held up", told.held)):
        share = 1000 * count // max(1, told.honest)
        click.echo(f"  honest {name}: {count} of {told.honest}, {share // 10}.{share % 10} %")
    click.echo(f"  {time.monotonic() - begun:.1f} s")
