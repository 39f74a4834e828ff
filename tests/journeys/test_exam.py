"""An exam: the network dies in the middle, another phone finishes it."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from lms.parts import Parts
from tests.support.cast import PASSWORD, Cast
from tests.support.exams import QUESTIONS, Hall, stage
from tests.support.site import ON_POSTGRESQL, phone, sign_in

pytestmark = ON_POSTGRESQL

KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('exam:')).length"


@pytest.fixture
def hall(parts: Parts, cast: Cast) -> Hall:
    with parts.database.transaction() as session:
        return stage(session, cast)


def answer(page: Page) -> None:
    """Answers the question that is on the screen, somehow but wholly."""
    here = page.locator("[data-exam-question]:not([hidden])")
    for fieldset in here.locator("fieldset").all():
        if fieldset.locator("input[type=radio], input[type=checkbox]").count():
            fieldset.locator(".choice").first.click()
        for place, select in enumerate(fieldset.locator("select").all()):
            select.select_option(index=place + 1)
        for field in fieldset.locator("input[type=text]").all():
            field.fill("37.3")
            field.blur()


def opened(page: Page, cast: Cast, hall: Hall) -> str:
    """Signs in and goes by the outline through the door; the sitting's id."""
    sign_in(page, cast.phones["lifang"], PASSWORD)
    page.goto(f"/learn/courses/{hall.enrollment}")
    page.get_by_role("link", name="理论考试").click()
    page.wait_for_url("**/exam")
    page.click("main .button.main")
    expect(page.locator("[data-exam-plain]")).to_be_hidden()  # the script is there
    return str(page.get_attribute("[data-exam]", "data-sitting"))


def test_the_line_dies_and_another_phone_finishes(browser: Browser, office: str, cast: Cast, hall: Hall) -> None:
    with phone(browser, office) as first, phone(browser, office) as second:
        sitting = opened(first, cast, hall)
        state = first.locator("[data-exam-state]")
        answer(first)
        expect(state).to_have_text("已存好")
        first.context.set_offline(True)
        first.click("[data-exam-go='1']")
        answer(first)
        expect(state).to_contain_text("没有网，已经记在手机里，有网了自动交")
        first.click("[data-exam-hand-in]")
        expect(state).to_contain_text("等有网了再交卷")
        with first.expect_event("requestfailed"):
            pass  # the next try, without a line still
        expect(state).to_contain_text("等有网了再交卷")

        assert opened(second, cast, hall) == sitting
        expect(second.locator("[data-exam-question='0']")).to_have_attribute("data-answered", "")
        expect(second.locator("[data-exam-question='1']")).to_be_visible()  # the first that the server does not have
        first.context.set_offline(False)
        first.evaluate("window.dispatchEvent(new Event('online'))")
        expect(state).to_have_text("已存好")
        assert first.evaluate(KEPT) == 0

        second.reload()
        for place in range(2, QUESTIONS):
            expect(second.locator(f"[data-exam-question='{place}']")).to_be_visible()
            answer(second)
            expect(second.locator("[data-exam-state]")).to_have_text("已存好")
            if place + 1 < QUESTIONS:
                second.click("[data-exam-go='1']")
        second.click("[data-exam-hand-in]")
        expect(second.locator("main")).to_contain_text("7 题都答了")
        second.click("text=现在交卷")
        expect(second.locator("h1")).to_have_text("考试成绩")
        expect(second.locator("main")).to_contain_text(re.compile(r"\d+ 分，"))


def test_saved_is_said_of_every_answer_or_not_at_all(browser: Browser, office: str, cast: Cast, hall: Hall) -> None:
    with phone(browser, office) as page:
        opened(page, cast, hall)
        state = page.locator("[data-exam-state]")
        answer(page)
        expect(state).to_have_text("已存好")
        held: list[Route] = []
        page.route("**/answers", lambda route: held.append(route), times=1)
        page.click("[data-exam-go='1']")
        with page.expect_request("**/answers"):
            answer(page)
        assert state.text_content() == "正在保存…"
        held[0].continue_()
        expect(state).to_have_text("已存好")


def test_the_last_word_counts_however_slow_the_first_was(browser: Browser, office: str, cast: Cast, hall: Hall) -> None:
    """The first of two fields is on its way for a quarter of a minute; the other is given meanwhile."""
    with phone(browser, office) as page:
        page.clock.install()
        opened(page, cast, hall)
        fill = page.locator("[data-exam-question]:has(input[type=text]):not(:has(.choice))")
        while not fill.is_visible():
            page.click("[data-exam-go='1']")
        held: list[Route] = []
        page.route("**/answers", lambda route: held.append(route), times=1)
        first, second = fill.locator("input[type=text]").all()
        first.fill("37.3")
        with page.expect_request("**/answers"):
            second.fill("发热")
        second.blur()
        page.clock.fast_forward(15_000)
        held[0].continue_()
        expect(page.locator("[data-exam-state]")).to_have_text("已存好")
        page.reload()
        expect(second).to_have_value("发热")
        expect(fill).to_have_attribute("data-answered", "")


def test_what_is_given_before_the_script_is_there_is_saved(
    browser: Browser, office: str, cast: Cast, hall: Hall
) -> None:
    with phone(browser, office) as page:
        held: list[Route] = []
        page.route("**/js/exam.js*", lambda route: held.append(route), times=1)
        sign_in(page, cast.phones["lifang"], PASSWORD)
        page.goto(f"/learn/courses/{hall.enrollment}/exam")
        with page.expect_request("**/js/exam.js*"):
            page.click("main .button.main")
        page.locator("[data-exam-question] .choice").first.click()
        held[0].continue_()
        expect(page.locator("[data-exam-state]")).to_have_text("已存好")
        page.reload()
        expect(page.locator("[data-exam-question] .choice input").first).to_be_checked()


def test_handing_in_waits_for_an_answer_on_its_way(browser: Browser, office: str, cast: Cast, hall: Hall) -> None:
    with phone(browser, office) as page:
        opened(page, cast, hall)
        held: list[Route] = []
        page.route("**/answers", lambda route: held.append(route), times=1)
        with page.expect_request("**/answers"):
            answer(page)
        page.click("[data-exam-hand-in]")
        held[0].continue_()
        expect(page.locator("main")).to_contain_text("现在交卷")
