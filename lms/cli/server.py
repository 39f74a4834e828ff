"""`lms serve`: the web server."""

import multiprocessing
import socket
import threading
import time
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from urllib.error import URLError

import click
from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from lms import schema
from lms.cli.context import load_config
from lms.config import LOOPBACK, Config
from lms.db import Database, UnsafeDurability

PATIENCE_SECONDS = 60


@click.command("serve", help="Run the web server, with the worker inside it.")
def serve() -> None:
    """`lms serve`."""
    listen(load_config(), lambda: None)


def listen(config: Config, when_ready: Callable[[], None]) -> None:
    """Serves until stopped; calls `when_ready` once the first request is answered."""
    _refuse_a_taken_port(config)
    _refuse_an_unfit_database(config)
    # A forked worker would inherit whatever lock the announcing thread holds at that instant, and hang.
    multiprocessing.set_start_method("spawn", force=True)
    threading.Thread(target=_announce, args=(config, when_ready), daemon=True).start()
    Server(
        "lms.app:create_wsgi",
        address=config.host,
        port=config.port,
        interface=Interfaces.WSGI,
        factory=True,
        loop=Loops.asyncio,
        workers=config.processes,
        blocking_threads=config.threads,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.error,
    ).serve()


def _refuse_a_taken_port(config: Config) -> None:
    """The web server shares its port with whoever else listens there, and half the requests would go astray."""
    with socket.socket(socket.AF_INET6 if ":" in config.host else socket.AF_INET) as probe:
        probe.settimeout(1)
        if probe.connect_ex((config.host, config.port)) == 0:
            raise click.ClickException(f"port {config.port} is in use already; stop that program or set LMS_PORT")


def _refuse_an_unfit_database(config: Config) -> None:
    """The server's processes refuse it too, but a process that dies at birth speaks less plainly."""
    database = Database(config.database_url)
    try:
        database.check_durability()
        schema.check_current(database)
    except (UnsafeDurability, schema.MigrationsPending) as error:
        raise click.ClickException(str(error)) from None
    finally:
        database.close()


def _announce(config: Config, when_ready: Callable[[], None]) -> None:
    host = config.host if config.host in LOOPBACK else "127.0.0.1"
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if _answers(f"http://{host}:{config.port}/healthz"):
            when_ready()
            return
        time.sleep(0.1)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as response:  # noqa: S310  # our own loopback address
            return bool(response.status == 200)
    except (URLError, HTTPException, OSError):
        return False
