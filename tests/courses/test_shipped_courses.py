"""Every course that ships passes the check and fits its folder."""

from pathlib import Path

import pytest

from lms.authoring.package import read_package

COURSES = Path(__file__).parents[2] / "courses"
SHIPPED = sorted(folder for folder in COURSES.iterdir() if folder.is_dir())


def test_there_are_courses() -> None:
    assert SHIPPED


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_a_shipped_course_is_without_fault(folder: Path) -> None:
    _, problems = read_package(folder)
    assert [str(problem) for problem in problems] == []


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_a_shipped_course_has_its_folders_name(folder: Path) -> None:
    course, _ = read_package(folder)
    assert course
    assert course.slug == folder.name
