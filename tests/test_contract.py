"""docs/contract.md is kept: what it names exists, and answers as it says."""

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from lms.cli import COMMANDS, main
from lms.config import SETTINGS
from lms.services import demo
from lms.web.api import heartbeats

CONTRACT = (Path(__file__).parent.parent / "docs/contract.md").read_text()


def test_every_setting_named_exists() -> None:
    names = set(re.findall(r"`(LMS_[A-Z0-9_]*[A-Z0-9])`", CONTRACT))
    assert "LMS_DATABASE_URL" in names
    assert names <= {setting.name for setting in SETTINGS}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_every_address_named_exists(client: FlaskClient) -> None:
    rules = {re.sub(r"<\w+:", "<", rule.rule) for rule in client.application.url_map.iter_rules()}
    named = set(re.findall(r"`(?:GET |POST )?(/[a-z0-9_./<>-]*[a-z>])[ `{]", CONTRACT))
    assert {"/healthz", "/api/v1/study/heartbeats", "/v/<code>"} <= named
    assert named - {"/api/v1/"} <= rules


def test_every_command_named_exists_and_has_its_line() -> None:
    listed = CliRunner().invoke(main, ["--help"]).output
    for name in ("up", "serve", "worker", "seed", "database", "courses", "config", "keys", "test"):
        assert re.search(rf"^  {name} +\S", listed, re.MULTILINE), name
    loaded = {name: main.get_command(click.Context(main), name) for name in COMMANDS}
    assert {name: command and command.name for name, command in loaded.items()} == {name: name for name in COMMANDS}
    assert set(loaded["courses"].commands) >= {"check", "publish"}


def test_answers_have_the_fields_promised() -> None:
    for model in (heartbeats.SessionAnswer, heartbeats.HeartbeatAnswer):
        promised = ", ".join(model.model_fields)
        assert promised in CONTRACT, promised


def test_demo_logins_are_the_ones_promised() -> None:
    assert demo.PASSWORD in CONTRACT
    for login in demo.LOGINS:
        assert login.phone in CONTRACT


def test_config_prints_each_setting_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_SECRET_KEY", "do-not-print-me-do-not-print-me-1")
    printed = CliRunner().invoke(main, ["config"]).output
    assert "do-not-print-me" not in printed
    assert all(f"{setting.name}=" in printed for setting in SETTINGS)
