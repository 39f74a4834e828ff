"""What frozen facts say in every format they ever had."""

from typing import Any

import pytest

from lms.domain.credentials import claims_of
from lms.domain.frozen import by_class_ms, credited_ms, hour_hundredths, title
from tests.support.cast import NOON

FIRST: dict[str, Any] = {"class_hour_hundredths": 1250, "credited_ms": {"online": 60_000, "attended": 30_000}}
SECOND: dict[str, Any] = {
    **FIRST,
    "by_class_ms": {"online": 50_000, "gap": 10_000, "offline": 0},
    "hours_hundredths": {"total": 1900},
}


@pytest.mark.parametrize(
    ("facts", "hours"),
    [(FIRST, 1250), (SECOND, 1900), ({"hours_hundredths": None, **FIRST}, 1250), ({"course": "翻身"}, 0)],
)
def test_class_hours_are_all_that_were_counted(facts: dict[str, Any], hours: int) -> None:
    assert hour_hundredths(facts) == hours
    assert claims_of("A", facts, "00", NOON).hundredths == hours


def test_a_title_is_chinese_where_there_is_no_english_one() -> None:
    both, one = {"course": "翻身", "course_en": "Turning"}, {"course": "翻身", "course_en": ""}
    assert [title(each, english=way) for each in (both, one) for way in (True, False)] == ["Turning", *["翻身"] * 3]


def test_time_is_told_by_class_of_evidence() -> None:
    assert by_class_ms(SECOND) == {"online": 50_000, "gap": 10_000}
    assert (credited_ms(FIRST), credited_ms(SECOND)) == (90_000, 60_000)
