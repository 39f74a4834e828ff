"""Problems are told on one line, in Chinese or English, whatever the file held."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.authoring.problems import Notes, Problem, printable
from lms.authoring.wording import WORDING


def test_a_problem_names_path_line_and_sentence() -> None:
    problem = Problem("course.yaml", 7, "key_unknown", {"key": "titel"})
    assert str(problem) == "course.yaml:7: 不认识的项目 titel"
    assert problem.located("en") == "course.yaml:7: unknown key titel"
    assert problem.text() == problem.text("zh_Hans") == "不认识的项目 titel"


def test_problems_can_stand_in_a_set() -> None:
    assert len({Problem("a", 1, "file_missing", {"name": name}) for name in "aab"}) == 2


@pytest.mark.parametrize(("chinese", "english"), WORDING.values(), ids=WORDING)
def test_both_languages_are_filled_by_the_same_values(chinese: str, english: str) -> None:
    assert chinese != english
    assert _blanks(chinese) == _blanks(english)


def _blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (7, 7),
        ("小节", "小节"),
        ("a\nb\x1b[31m", "a\\nb\\x1b[31m"),
        ("\u202eabc", "\\u202eabc"),
        ("字" * 101, "字" * 99 + "…"),
        ("{key}", "{key}"),
    ],
)
def test_values_are_made_printable(value: str | int, shown: str | int) -> None:
    assert printable(value) == shown


@given(st.text(st.characters(), max_size=200))
def test_no_value_breaks_the_line(value: str) -> None:
    notes = Notes("course.yaml", [])
    notes.add(1, "key_unknown", key=value)
    assert str(notes.problems[0]).isprintable()
    assert len(str(notes.problems[0])) < 1200
