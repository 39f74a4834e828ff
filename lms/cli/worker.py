"""`lms worker`: background work in a process of its own (LMS_WORKER=separate)."""

import signal
import sys
import threading

import click

from lms.app import create_app
from lms.cli.context import pass_parts
from lms.parts import Parts
from lms.worker import start


@click.command("worker", help="Do background work until stopped (videos, messages).")
@pass_parts
def worker(parts: Parts) -> None:
    """`lms worker`: ends cleanly on SIGTERM or Ctrl-C; what it was doing is given back."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    create_app(parts)  # it knows the words that reports are written in
    crew = start(parts)
    click.echo("working; Ctrl-C ends it")
    stopped.wait()
    if not crew.stop():
        click.echo("something was still running; its job will be taken up again", err=True)
        sys.exit(1)
