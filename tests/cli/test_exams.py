"""`lms exams bots`: it sits real exams, and fails when the bar is too low."""

import pytest
from click.testing import CliRunner

from lms.cli import exam_world, main

FEW = ["exams", "bots", "--persons", "2", "--pool", "20", "--questions", "10"]


def test_bots_that_know_nothing_do_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    # Luck passes a paper of ten at 60 % now and then; the command's own hundred persons sit twenty.
    monkeypatch.setattr(exam_world, "PASS_PERCENT", 100)
    done = CliRunner().invoke(main, FEW)
    assert done.exit_code == 0, done.output
    for name in ("cycling", "tick-all", "guessing", "parsing"):
        assert f"{name}: 0 of 2 passed (0.00 %), 6 tries" in done.output
    assert "worst: 0.00 %" in done.output


def test_bots_that_pass_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exam_world, "PASS_PERCENT", 1)
    done = CliRunner().invoke(main, FEW)
    assert done.exit_code == 1
    assert "bots pass too often" in done.output


def test_a_paper_is_not_larger_than_its_bank() -> None:
    assert CliRunner().invoke(main, [*FEW[:4], "--pool", "20", "--questions", "21"]).exit_code == 1
