"""A small course for tests: one video, one reading, one quiz."""

from pathlib import Path

from lms.authoring.package import read_package
from lms.domain.courses import Course

SMALL = Path(__file__).parent / "small-course"


def small_course() -> Course:
    """The course in `tests/support/small-course`, which must be without fault."""
    course, problems = read_package(SMALL)
    assert course is not None, problems
    assert problems == []
    return course
