"""A practical judged by two examiners on two small phones, one without a line for a while; the learner reads it."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from lms.parts import Parts
from tests.support.cast import PASSWORD, Cast
from tests.support.practicals import Practicals, open_class
from tests.support.site import ON_SQLITE, fits, phone, sign_in

pytestmark = ON_SQLITE


@pytest.fixture
def place(parts: Parts, cast: Cast, password_hash: str) -> Practicals:
    with parts.database.transaction() as session:
        return open_class(session, parts.keyring, cast, password_hash)


def mark(page: Page, step: int, answer: str) -> None:
    page.click(f"fieldset >> nth={step - 1} >> text=/^{answer}$/")


def test_two_examiners_judge_and_the_learner_reads_it(
    browser: Browser, place: Practicals, office: str, cast: Cast
) -> None:
    with phone(browser, office) as first, phone(browser, office) as second:
        sign_in(first, cast.phones["heping"], PASSWORD)
        first.click("main >> text=实操一班")
        first.click("main >> text=李芳")
        first.click("main >> text=给老人洗脸")
        held: list[Route] = []
        first.route("**/js/score-sheet.js*", lambda route: held.append(route), times=1)
        with first.expect_request("**/js/score-sheet.js*"):
            first.click("main >> text=开始考核")
        mark(first, 1, "做到")
        mark(first, 2, "没做到")
        held[0].continue_()  # what was marked before the script came is kept as well
        expect(first.locator("[data-tally]")).to_have_text("已打 2 / 3 步，现在 30 分")
        fits(first)

        first.reload()
        expect(first.locator("[data-tally]")).to_have_text("已打 2 / 3 步，现在 30 分")
        mark(first, 3, "做到")
        first.context.set_offline(True)
        first.click("main >> text=看一遍再提交")
        expect(first.locator("[data-sheet-offline]")).to_be_visible()
        first.context.set_offline(False)
        first.click("main >> text=看一遍再提交")
        expect(first.locator("main")).to_contain_text("请再看一遍")
        expect(first.locator("main")).to_contain_text("70 分")
        fits(first)
        first.context.set_offline(True)
        first.click("main >> text=确认提交")
        expect(first.locator("[data-sheet-offline]")).to_be_visible()
        first.context.set_offline(False)
        first.click("main >> text=确认提交")
        first.wait_for_selector("text=打分单已提交")
        first.wait_for_function("() => localStorage.length === 0")

        sign_in(second, cast.phones["hanmei"], PASSWORD)
        second.click("main >> text=实操一班")
        expect(second.locator("main")).to_contain_text("已有 1 位打分")
        second.click("main >> text=李芳 · 给老人洗脸")
        expect(second.locator("main")).not_to_contain_text("70 分")
        for step in (1, 2, 3):
            mark(second, step, "做到")
        second.click("main >> text=看一遍再提交")
        second.click("main >> text=确认提交")
        expect(second.locator("main")).to_contain_text("合格 85 分")

    with phone(browser, office) as hers:
        sign_in(hers, cast.phones["lifang"], PASSWORD)
        hers.goto(f"/learn/courses/{place.enrollment}")
        hers.click("main >> text=考核合格，85 分")
        hers.click("summary:has-text('第 1 位考评员')")
        expect(hers.locator("main")).to_contain_text("没做到")
        fits(hers)
