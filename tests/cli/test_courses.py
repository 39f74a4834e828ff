"""`lms courses`: problems by path and line, exit codes, versions that count up."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms.cli.courses import group
from lms.db import Database
from lms.parts import Parts
from lms.services import courses
from tests.support.texts import SMALL


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the small course that may be spoiled."""
    folder = tmp_path / "course"
    shutil.copytree(SMALL, folder)
    return folder


def spoil(package: Path) -> None:
    manifest = package / "course.yaml"
    manifest.write_text(manifest.read_text().replace("licence: CC-BY-4.0", "licence:"))


def run(*arguments: object, **environment: str) -> Result:
    return CliRunner(env={"LC_ALL": "C", **environment}).invoke(group, [str(part) for part in arguments])


def test_a_course_without_fault_passes(package: Path) -> None:
    result = run("check", package)
    assert (result.exit_code, result.output) == (
        0,
        "1 courses, 3 lessons in those without fault, 0 problems\n",
    )


def test_all_shipped_courses_are_checked_when_none_is_named() -> None:
    result = run("check")
    assert " 0 problems" in result.output
    assert result.exit_code == 0
    assert not result.output.startswith("0 courses")


@pytest.mark.parametrize(
    ("environment", "arguments"),
    [
        ({"LC_ALL": "zh_CN.UTF-8"}, []),
        ({"LC_ALL": "C"}, ["--language", "zh_Hans"]),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, []),
    ],
)
def test_problems_come_with_path_and_line(package: Path, environment: dict[str, str], arguments: list[str]) -> None:
    spoil(package)
    english, chinese = run("check", package), run("check", package, *arguments, **environment)
    assert (english.exit_code, chinese.exit_code) == (1, 1)
    for result in (english, chinese):
        first, *_, last = result.output.splitlines()
        assert first.startswith(f"{package}/course.yaml:8: ")
        assert last.endswith(" problems")
        assert not last.endswith(" 0 problems")
    assert english.output.splitlines()[0] != chinese.output.splitlines()[0]
    assert english.output.isascii()


def test_paths_are_shown_as_seen_from_here(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(package)
    monkeypatch.chdir(package.parent)
    assert run("check", package).output.startswith("course/course.yaml:8: ")


def test_a_folder_that_is_none_is_a_usage_error(tmp_path: Path) -> None:
    assert run("check", tmp_path / "none").exit_code == 2
    assert run("check", tmp_path).exit_code == 1, "an empty folder is a course with a problem"


def published(database: Database) -> list[int]:
    with database.transaction(write=False) as session:
        return [row.number for row in courses.list_versions(session)]


def test_publishing_counts_versions_and_rings_for_videos(
    parts: Parts, environment: dict[str, str], package: Path
) -> None:
    first = run("publish", package, **environment)
    assert first.exit_code == 0, first.output
    words, videos = first.output.splitlines()
    assert words.startswith("small-course version 1 ")
    assert len(words.split()[-1]) == 64
    assert videos == "1 videos queued"
    assert parts.bell.waiting() == 1
    again = run("publish", package, **environment)
    assert again.output.splitlines() == [words, "0 videos queued"]
    lesson = package / "lessons" / "02-read-hello.md"
    lesson.write_text(lesson.read_text().replace("再读一遍", "再读两遍"))
    assert "version 2" in run("publish", package, **environment).output
    assert published(parts.database) == [2, 1]


def test_a_course_with_problems_is_not_published(parts: Parts, environment: dict[str, str], package: Path) -> None:
    spoil(package)
    result = run("publish", package, **environment)
    assert result.exit_code == 1
    assert "course.yaml:8: " in result.output
    assert "not published" in result.output
    assert published(parts.database) == []
