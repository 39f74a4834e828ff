"""`lms signer` and `lms audit checkpoint`: the note is printed, a refusal is an error, TERM is an end in good order."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from lms.cli import main
from lms.models.evidence import LogCheckpoint
from lms.parts import Parts
from lms.services import log
from tests.support.chains import FALSE_LEAF, PEOPLE, tamper, write
from tests.support.waiting import wait_until

PATIENCE_SECONDS = 90  # a process of its own loads all the house first


def run(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environment)


def notes(parts: Parts) -> list[str]:
    with parts.database.transaction(write=False) as session:
        return list(session.scalars(select(LogCheckpoint.note).order_by(LogCheckpoint.size)))


def test_a_checkpoint_on_demand_is_printed(parts: Parts, environment: dict[str, str]) -> None:
    assert run(environment, "audit", "checkpoint").exit_code == 1  # nothing to sign yet
    write(parts.database, PEOPLE[0], at_ms=1_000, entries=2)
    done = run(environment, "audit", "checkpoint")
    assert (done.exit_code, [done.stdout]) == (0, notes(parts))
    assert run(environment, "audit", "checkpoint").stdout == done.stdout


def test_a_refusal_is_an_error(parts: Parts, environment: dict[str, str]) -> None:
    write(parts.database, PEOPLE[0], at_ms=1_000, entries=2)
    run(environment, "audit", "checkpoint")
    tamper(parts.database, "log_leaves", "UPDATE log_leaves SET leaf = :leaf WHERE position = 0", leaf=FALSE_LEAF)
    done = run(environment, "audit", "checkpoint")
    assert done.exit_code == 1
    assert "refuses to sign: log_forked at 2" in done.output


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_without_its_key_the_signer_says_so(environment: dict[str, str]) -> None:
    settings = {
        **environment,
        "LMS_MODE": "production",
        "LMS_BASE_URL": "https://study.example",
        "LMS_SECRET_KEY": "9fK2-xQ7vB4mT1zL8pW3cR6yH5nD0sGj",
        "LMS_FIELD_KEYS": "k1:" + "0123456789abcdef" * 4,
        "LMS_INDEX_KEY": "fedcba9876543210" * 4,
        "LMS_SIGNING_KEY": "00112233445566778899aabbccddeeff" * 2,
        "LMS_SMS": "tencent",
        **{f"LMS_SMS_TENCENT_{name}": "x" for name in ("SECRET_ID", "SECRET_KEY", "APP_ID", "SIGN", "TEMPLATE")},
    }
    done = run(settings, "signer")
    assert done.exit_code == 1
    assert "LMS_LOG_KEY is not set" in done.output


def started(environment: dict[str, str], *arguments: str) -> "subprocess.Popen[str]":
    settings = {**environment, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", f"from lms.cli import main; main({['signer', *arguments]})"]
    return subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_signer_signs_the_days_checkpoint_and_ends_when_told(parts: Parts, environment: dict[str, str]) -> None:
    write(parts.database, PEOPLE[0], at_ms=1_000, entries=2)
    with parts.database.transaction() as session:
        log.sequence(session)
    process = started(environment)
    try:
        wait_until(lambda: len(notes(parts)) == 1, PATIENCE_SECONDS)
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()
    assert process.returncode == 0
    assert said.strip() == f"LMS_LOG_VKEY={parts.log_vkey}"


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_an_orphaned_signer_ends(parts: Parts, environment: dict[str, str]) -> None:
    write(parts.database, PEOPLE[0], at_ms=1_000)
    process = started(environment, "--parent", "1234567")
    try:
        process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()
    assert process.returncode == 0
    assert notes(parts) == []
