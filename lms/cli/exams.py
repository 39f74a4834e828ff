"""`lms exams`: how well the exam keeps out who knows nothing."""

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import click

from lms import clock, schema
from lms.cli import exam_world
from lms.cli.exam_bots import HABITS, Memory
from lms.cli.exam_world import World
from lms.db import Database, Session
from lms.services import exams
from lms.services.scopes import Actor

MOST_PERCENT = 1.0


@click.group("exams", help="Gating exams: how well they keep out who knows nothing.")
def group() -> None:
    """`lms exams`."""


@group.command("bots", help="Bots that know nothing sit exams on a throw-away database; exit 1 if 1 % or more pass.")
@click.option("--persons", type=click.IntRange(1, 5000), default=100, show_default=True, help="Of each behaviour.")
@click.option("--pool", type=click.IntRange(20, 1000), default=40, show_default=True, help="Questions in the bank.")
@click.option("--questions", type=click.IntRange(5, 200), default=20, show_default=True, help="Questions of a paper.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the dice.")
@click.option(
    "--together", is_flag=True, help="All bots of a behaviour pool what their scores told: no longer one bot."
)
def bots(persons: int, pool: int, questions: int, seed: int, *, together: bool) -> None:
    """`lms exams bots`."""
    if questions > pool:
        raise click.ClickException("a paper cannot have more questions than the bank")
    with _database() as database:
        with database.transaction() as session:
            everybody = persons * len(HABITS)
            made = exam_world.build(session, pool=pool, questions=questions, persons=everybody, now=clock.now())
        click.echo(f"{pool} questions, {questions} a paper, pass mark {exam_world.PASS_PERCENT} %")
        click.echo(f"{made.rules.attempts} attempts, {made.rules.cooldown_hours} hours between them")
        dice = Random(seed)  # noqa: S311  # of a simulation
        tallies = list(_run(database, made, persons, dice, together=together))
    for tally in tallies:
        click.echo(str(tally))
    worst = max(tally.percent for tally in tallies)
    click.echo(f"worst: {worst:.2f} % of gating exams passed within the attempts allowed (must be below 1 %)")
    if worst >= MOST_PERCENT:
        raise click.ClickException("bots pass too often")


@dataclass
class Tally:
    """One behaviour: how many exams it was allowed, sat and passed, and its best score."""

    name: str
    persons: int
    tries: int = 0
    passed: int = 0
    best_percent: int = 0

    @property
    def percent(self) -> float:
        """Share of persons who passed within their attempts."""
        return 100 * self.passed / self.persons

    def __str__(self) -> str:
        told = f"{self.name:>9}: {self.passed} of {self.persons} passed ({self.percent:.2f} %)"
        return f"{told}, {self.tries} tries, best score {self.best_percent} %"


def _run(database: Database, world: World, persons: int, dice: Random, *, together: bool) -> Iterator[Tally]:
    learners = iter(world.learners)
    for name in HABITS:
        tally, mind = Tally(name, persons), Memory(dice)
        for _ in range(persons):
            mind = mind if together else Memory(dice)
            with database.transaction() as session:
                _sit_all(session, world, next(learners), tally, mind)
        yield tally


def _sit_all(session: Session, world: World, learner: tuple[Actor, uuid.UUID], tally: Tally, mind: Memory) -> None:
    """All the attempts of one person."""
    for attempt in range(world.rules.attempts):
        result = _sit(session, learner, tally.name, mind, attempt)
        tally.tries += 1
        tally.best_percent = max(tally.best_percent, result.score_percent)
        if result.passed:
            tally.passed += 1
            return
        exam_world.forward(session, timedelta(hours=world.rules.cooldown_hours))


def _sit(session: Session, learner: tuple[Actor, uuid.UUID], name: str, mind: Memory, attempt: int) -> exams.Result:
    actor, enrollment = learner
    seed, now = f"{mind.dice.getrandbits(128):032x}", clock.now()
    sitting = exams.open_sitting(session, actor, enrollment, seed=seed, now=now)
    session.flush()
    asked = exams.get_sheet(session, actor, sitting).questions
    told = {each.item.stem: HABITS[name](each.item, mind, attempt) for each in asked}
    answers = [exams.Delivery(each.place, f"bot-{each.place}", told[each.item.stem]) for each in asked]
    exams.save(session, actor, sitting, answers, now=now)
    session.flush()
    exams.close(session, actor, sitting, now=now)
    session.flush()
    result = exams.get_result(session, actor, sitting, now=now)
    if result is None:
        raise click.ClickException("a sitting that was closed is still open")
    mind.tries.append((told, result.score_percent))
    return result


@contextmanager
def _database() -> Iterator[Database]:
    """An empty database of its own in a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="kangxue-exams-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'exams.db'}")
        try:
            schema.upgrade(database)
            yield database
        finally:
            database.close()
