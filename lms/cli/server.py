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

from lms.cli.context import load_config
from lms.config import LOOPBACK, Config

PATIENCE_SECONDS = 60


@click.command("serve", help="Run the web server (and the worker inside it, unless LMS_WORKER=separate).")
def serve() -> None:
    """`lms serve`."""
    listen(load_config(), lambda: None)


def listen(config: Config, when_ready: Callable[[], None]) -> None:
    """Serves until stopped; calls `when_ready` once the first request is answered."""
    _refuse_a_taken_port(config)
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
        workers=1,
        blocking_threads=config.threads,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
    ).serve()


def _refuse_a_taken_port(config: Config) -> None:
    """The web server shares its port with whoever else listens there, and half the requests would go astray."""
    with socket.socket(socket.AF_INET6 if ":" in config.host else socket.AF_INET) as probe:
        probe.settimeout(1)
        if probe.connect_ex((config.host, config.port)) == 0:
            raise click.ClickException(f"port {config.port} is in use already; stop that program or set LMS_PORT")


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
