"""`lms storm`: kills the server at random moments under load, and looks whether anything it confirmed is missing.

It works on a database it made itself and on no other. kill -9 proves that nothing is confirmed too early and nothing
half applied; that a commit reaches the disk is proved by `bench/sync_proof.py` (study-time.md, Durability).
"""

import random
import secrets
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from lms.cli import aftermath
from lms.cli.aftermath import Findings
from lms.cli.crowd import Crowd, Kept
from lms.cli.rig import Rig

SHORTEST_PAUSE, LONGEST_PAUSE = 0.2, 1.5  # seconds of load between a restart and the next kill
LOOK_EVERY_SECONDS = 0.02


@click.command("storm", help="Kill a server of its own under load, again and again; find what was lost.")
@click.option("--postgresql", "server", metavar="URL", help="A PostgreSQL server, to make a database on; else SQLite.")
@click.option("--clients", type=click.IntRange(1, 256), default=32, show_default=True)
@click.option("--kills", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--seconds", type=click.IntRange(10, 3600), default=300, show_default=True, help="Stops after that.")
def storm(server: str | None, clients: int, kills: int, seconds: int) -> None:
    """`lms storm`."""
    with tempfile.TemporaryDirectory(prefix="kangxue-storm-") as folder, _own_database(server, Path(folder)) as url:
        told = run(Path(folder), url, clients=clients, kills=kills, seconds=seconds)
    click.echo(told)
    if not told.findings.are_clean:
        raise click.ClickException("what was confirmed is not all there")


@dataclass(frozen=True)
class Report:
    """What a storm did, and what was found after it."""

    dialect: str
    kills: int
    broken_lines: int
    findings: Findings

    def __str__(self) -> str:
        return (
            f"{self.dialect}: the server was killed {self.kills} times, {self.broken_lines} requests broke off\n"
            f"{self.findings}"
        )


def run(folder: Path, url: str, *, clients: int, kills: int, seconds: float) -> Report:
    """A storm on the empty database at `url`, with its files in `folder`."""
    made = Rig(folder, url)
    kept: list[Kept] = []
    try:
        learners = made.prepare(clients)
        crowd = Crowd(learners, made.address, keep=kept.append)
        reaper = _Reaper(made, crowd, kills, time.monotonic() + seconds)
        made.start()
        reaper.start()
        crowd.ride(seconds + 60, stop=lambda: not reaper.is_alive())
        reaper.join()
        if reaper.error is not None:
            raise reaper.error
        dialect = made.parts.database.engine.dialect.name
        return Report(dialect, reaper.killed, crowd.tally.broken_lines, aftermath.look(made.parts.database, kept))
    finally:
        made.close()


class _Reaper(threading.Thread):
    """Kills the server with all its processes while answers flow, and starts it again."""

    def __init__(self, made: Rig, crowd: Crowd, kills: int, until: float) -> None:
        super().__init__(name="reaper", daemon=True)
        self.killed = 0
        self.error: Exception | None = None
        self._made, self._crowd, self._kills, self._until = made, crowd, kills, until
        self._chance = random.Random()  # noqa: S311  # moments need no secrecy

    def run(self) -> None:
        try:
            while self.killed < self._kills and time.monotonic() < self._until:
                self._wait_for_answers()
                time.sleep(self._chance.uniform(SHORTEST_PAUSE, LONGEST_PAUSE))
                self._made.end(signal.SIGKILL)
                self.killed += 1
                self._made.start()
            self._wait_for_answers()
        except Exception as error:
            self.error = error

    def _wait_for_answers(self) -> None:
        before = self._crowd.tally.accepted
        while self._crowd.tally.accepted == before and time.monotonic() < self._until:
            time.sleep(LOOK_EVERY_SECONDS)


@contextmanager
def _own_database(server: str | None, folder: Path) -> Iterator[str]:
    """A fresh SQLite file, or a fresh database on the PostgreSQL server, dropped at the end."""
    if server is None:
        yield f"sqlite:///{folder / 'storm.db'}"
        return
    address = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    name = f"kangxue_storm_{secrets.token_hex(8)}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield address.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
