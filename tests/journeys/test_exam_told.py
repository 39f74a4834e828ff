"""A closed exam: the day from which each question can be read, then all of them, as she saw them."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from lms import clock
from lms.models.enrollments import Cohort
from lms.parts import Parts
from tests.support.cast import PASSWORD, Cast
from tests.support.exams import Hall, Sitter, stage
from tests.support.site import phone, sign_in

TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SMALLEST = (
    "Math.min(...[...document.querySelectorAll('.choice-words')].map((e) => parseFloat(getComputedStyle(e).fontSize)))"
)


@pytest.fixture
def hall(parts: Parts, cast: Cast) -> Hall:
    with parts.database.transaction() as session:
        return stage(session, cast)


def closes(parts: Parts, hall: Hall, days_from_today: int) -> None:
    with parts.database.transaction() as session:
        day = clock.civil_day(clock.now()) + timedelta(days=days_from_today)
        session.get_one(Cohort, hall.cohort).closes_on = day


def test_each_question_is_read_once_the_class_has_closed(
    browser: Browser, office: str, parts: Parts, cast: Cast, hall: Hall
) -> None:
    Sitter(parts, cast.lifang, hall.enrollment).sit(right=3)
    closes(parts, hall, 0)
    with phone(browser, office) as page:
        sign_in(page, cast.phones["lifang"], PASSWORD)
        page.goto(f"/learn/courses/{hall.enrollment}/exam")
        page.click("text=第 1 次")
        expect(page.locator("main")).to_contain_text("起，可以看每一题")
        expect(page.locator("[id^=told-]")).to_have_count(0)
        closes(parts, hall, -1)
        page.reload()
        expect(page.locator("[id^=told-]")).to_have_count(7)
        wrong = page.locator(".stack > [id^=told-]").first
        expect(wrong).to_contain_text("没有得分")
        page.click("text=满分的题（3 题）")
        expect(page.locator("details [id^=told-]").first).to_be_visible()
        expect(page.locator("details [id^=told-]").first).to_contain_text("满分")
        assert not page.evaluate(TOO_WIDE)
        assert page.evaluate(SMALLEST) >= 16
