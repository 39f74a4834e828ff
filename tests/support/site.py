"""The site as its users reach it: the real web server in its own process, and a real browser."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from lms import clock
from lms.cli.rig import held_port

PATIENCE_SECONDS = 180
PATIENCE_MS = 30_000  # a busy machine is no fault of the page
MADE_MS = 180_000  # what the worker makes: a film, a file, a list of five hundred
ON_SQLITE = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
LATER = Path(__file__).parent / "later"
BEFORE_MIDNIGHT = timedelta(seconds=240)  # no journey takes longer; receivers of messages bear 300 s of difference
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)

REAL_NOW = clock.now

expect.set_options(timeout=PATIENCE_MS)


def past_midnight(now: datetime) -> timedelta:
    """How far ahead the calendar must be so that no day ends during a journey: nothing, but for the last minutes."""
    left = clock.end_of_day(clock.civil_day(now)) - now
    return left + timedelta(seconds=5) if left < BEFORE_MIDNIGHT else timedelta()


def chromium() -> str | None:
    """The system's Chromium, if there is one."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def running(environment: Mapping[str, str], log: Path, days_ahead: int = 0) -> Iterator[str]:
    """The address of a web server over `environment`; stopped at the end with all its processes.

    With `days_ahead` its calendar is that much later, as if the site had been left alone so long.
    """
    with held_port() as holder:
        port = holder.getsockname()[1]
        yield from _served(environment, log, days_ahead, port)


def _served(environment: Mapping[str, str], log: Path, days_ahead: int, port: int) -> Iterator[str]:
    settings = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    settings |= {**environment, "LMS_PORT": str(port), "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", "from lms.cli.server import serve; serve()"]
    ahead = timedelta(days=days_ahead) + clock.now() - REAL_NOW()
    if ahead > timedelta(seconds=1):
        settings["PYTHONPATH"] = os.pathsep.join((str(LATER), settings["PYTHONPATH"]))
        settings["JOURNEY_SECONDS_AHEAD"] = str(ahead.total_seconds())
    with log.open("w") as out:
        server = subprocess.Popen(command, env=settings, stdout=out, stderr=out, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_answers(server, f"{address}/readyz", log)
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(timeout=60)


def _wait_until_it_answers(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not answer:\n{log.read_text()[-3000:]}")


@contextmanager
def browsing() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def phone(browser: Browser, address: str, language: str = "zh-CN") -> Iterator[Page]:
    """A page of a small Android phone; fails the test on a script error or a refused resource."""
    context = browser.new_context(
        base_url=address, viewport={"width": 360, "height": 640}, locale=language, accept_downloads=True
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    try:
        yield page
    finally:
        context.close()
    assert faults == []


def awake(page: Page) -> None:
    """Waits for the scripts of the page that is shown: a click comes back as soon as the next page begins."""
    page.wait_for_load_state()


def fits(page: Page) -> None:
    """Waits until the page is whole; nothing of it stands beyond the edge of the screen."""
    page.wait_for_function(
        "() => document.readyState === 'complete' && document.documentElement.scrollWidth <= window.innerWidth"
    )


def sign_in(page: Page, number: str, password: str) -> None:
    """By the login page, as she does it."""
    page.goto("/accounts/login")
    page.fill("input[name=phone]", number)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login" not in url)
