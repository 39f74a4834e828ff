"""`lms simulate` and `lms seed --scale`: what they refuse, what they print."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms.cli.demo import seed
from lms.cli.simulate import simulate


def run(*arguments: object) -> Result:
    return CliRunner().invoke(simulate, [str(each) for each in arguments])


def test_another_machine_is_not_loaded_without_being_told() -> None:
    done = run("--url", "https://study.example.org")
    assert done.exit_code == 1
    assert "--staging" in done.output


def test_too_few_logins_are_told_with_their_number(tmp_path: Path) -> None:
    logins = tmp_path / "logins.csv"
    logins.write_text("phone,password\n19900000001,secret-one\n")
    done = run("--logins", logins, "--learners", 2, "--cheats", 0)
    assert done.exit_code == 1
    assert "2 logins are needed, 1 are there" in done.output


def test_nobody_answers(tmp_path: Path) -> None:
    done = run("--url", "http://127.0.0.1:9", "--learners", 1, "--cheats", 0)
    assert done.exit_code == 1
    assert "http://127.0.0.1:9" in done.output


def test_help_says_what_it_costs() -> None:
    told = " ".join(run("--help").output.split())
    assert "loads the server" in told


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_sample_learners_belong_to_demo_mode(environment: dict[str, str]) -> None:
    done = CliRunner(env={**environment}).invoke(seed, ["--scale", "2", "--seed", "4"])
    assert done.exit_code == 0, done.output
    assert "2 sample learners entered, 0 were there: 19100400000 to 19100400001" in done.output
    again = CliRunner(env={**environment}).invoke(seed, ["--scale", "2", "--seed", "4"])
    assert "0 sample learners entered, 2 were there" in again.output
    assert CliRunner(env={**environment}).invoke(seed, ["--scale", "10001"]).exit_code == 2
