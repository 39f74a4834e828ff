"""`lms policies check` tells problems by line; `load` publishes once."""

from pathlib import Path

from click.testing import CliRunner

from lms import resources
from lms.cli import main
from lms.parts import Parts


def test_what_ships_is_sound_and_its_tension_is_told() -> None:
    done = CliRunner().invoke(main, ["policies", "check", "--language", "zh_Hans"])
    assert done.exit_code == 0, done.output
    assert "LN-2021.yaml" in done.output
    assert "allowed_groups 比 CN-2023 宽" in done.output
    assert "4 policies, 4 without fault of their own, 0 problems" in done.output


def test_problems_are_told_by_line_and_fail(tmp_path: Path) -> None:
    path = tmp_path / "LN-2026.yaml"
    text = (resources.find("subsidies") / "LN-2023.yaml").read_text().replace("LN-2023\n", "LN-2026\n", 1)
    path.write_text(text + "户籍: 本市\n")
    done = CliRunner().invoke(main, ["policies", "check", str(path), "--language", "zh_Hans"])
    assert done.exit_code == 1
    assert f"LN-2026.yaml:{text.count(chr(10)) + 1}: “户籍”" in done.output
    assert "不得以地域、户籍、年龄、社保设前提" in done.output


def test_loading_twice_is_loading_once(environment: dict[str, str], parts: Parts, tmp_path: Path) -> None:
    runner = CliRunner(env={"LC_ALL": "C", **environment})
    first = runner.invoke(main, ["policies", "load"])
    assert first.exit_code == 0, first.output
    assert "4 new, 0 known" in first.output
    assert "0 new, 4 known" in runner.invoke(main, ["policies", "load"]).output
    path = tmp_path / "LN-2021.yaml"
    path.write_text((resources.find("subsidies") / "LN-2021.yaml").read_text() + "\n# 改过\n")
    edited = runner.invoke(main, ["policies", "load", str(path)])
    assert edited.exit_code == 1
    assert "a code of its own" in edited.output
