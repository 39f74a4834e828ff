"""`lms signer`: signs the evidence log once a day, in a process of its own that alone needs LMS_LOG_KEY."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from lms import clock
from lms.cli.context import pass_parts
from lms.config import Config
from lms.crypto import NoteSigner
from lms.db import Database, OperationalError
from lms.parts import Parts
from lms.services import signing
from lms.services.signing import LogRefused
from lms.signer import folder_of, run_round

EVERY_SECONDS = 5.0
PATIENCE_SECONDS = 10


@click.command("signer", help="Sign the evidence log once a day until stopped.")
@click.option("--parent", type=int, hidden=True, help="End when this process is gone.")
@pass_parts
def signer(parts: Parts, parent: int | None) -> None:
    """`lms signer`: ends with an error, and leaves a log.refused act, when the log is not what it was."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    key = needed_key(parts)
    if parent is None:
        click.echo(f"LMS_LOG_VKEY={key.vkey}")
    while parent in (None, os.getppid()):
        _attempt(parts, key)
        if stopped.wait(EVERY_SECONDS):
            return


def needed_key(parts: Parts) -> NoteSigner:
    """The log's key, or the plain words that it is missing."""
    if parts.note_signer is None:
        raise click.ClickException("LMS_LOG_KEY is not set; `lms keys` makes one, and only the signer needs it")
    return parts.note_signer


def sign_now(parts: Parts, key: NoteSigner) -> str:
    """The note of a fresh checkpoint, "" over an empty log; ends the command when the signer refuses."""
    try:
        made = run_round(parts.database, key, folder_of(parts.config), now=clock.now())
    except LogRefused as refusal:
        raise click.ClickException(f"the signer refuses to sign: {refusal}; see the operators' guide") from None
    return made.note if made else ""


def _attempt(parts: Parts, key: NoteSigner) -> None:
    try:
        if _is_due(parts.database):
            sign_now(parts, key)
    except OperationalError as error:
        click.echo(f"the database does not answer; trying again: {error.orig}", err=True)


def _is_due(database: Database) -> bool:
    with database.transaction(write=False) as session:
        return signing.is_due(session, now=clock.now())


@contextmanager
def beside(config: Config) -> Iterator[None]:
    """A demo's signer as a process beside the web server, ended with it. Beats go on without it."""
    if not config.is_demo:
        yield
        return
    command = f"from lms.cli import main; main(['signer', '--parent', '{os.getpid()}'])"
    child = subprocess.Popen([sys.executable, "-c", command], stdin=subprocess.DEVNULL)
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
