"""A practice quiz with a wrong answer, the notebook, a review at once, and again the next day."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.support import site
from tests.support.cast import PASSWORD, Cast
from tests.support.site import ON_SQLITE, phone, sign_in

pytestmark = ON_SQLITE


def pick(page: Page, words: str) -> None:
    page.locator("label.choice", has_text=words).click()


def take_the_quiz(page: Page, cast: Cast) -> None:
    """Called away in the middle of it, she finds what she had picked; one of three answers is wrong."""
    page.goto(f"/learn/courses/{cast.enrollment}/quizzes/{cast.lessons['quiz-hello']}")
    pick(page, "从背后拍他")
    pick(page, "叫他的名字")
    page.reload()
    expect(page.locator("[data-draft-said]")).to_be_visible()
    expect(page.locator("input:checked")).to_have_count(2)
    pick(page, "等他回应")
    page.check("input[name=q-q3][value='0']")
    page.click("text=交卷")
    expect(page.locator("main")).to_contain_text("答对 2 题，答错 1 题")


def review_one(page: Page, words: str) -> None:
    expect(page.locator("h1")).to_contain_text("第 1 题，共 1 题")
    page.wait_for_load_state()
    for option in page.locator("label.choice").all():
        box = option.bounding_box()
        assert box
        assert box["height"] >= 48
    pick(page, words)
    page.click("text=选好了")


def test_a_miss_is_reviewed_today_and_comes_back_tomorrow(
    browser: Browser, cast: Cast, environment: dict[str, str], tmp_path: Path
) -> None:
    with site.running(environment, tmp_path / "today.log") as today, phone(browser, today) as page:
        sign_in(page, cast.phones["lifang"], PASSWORD)
        take_the_quiz(page, cast)
        page.click("text=现在复习 1 道")
        review_one(page, "大声喊")
        expect(page.locator("h1")).to_have_text("没答对，没关系")
        expect(page.locator("main")).to_contain_text("对，先让他看见您。")
        page.click("text=看结果")
        page.click("text=再复习 1 道")
        review_one(page, "走到他面前")
        expect(page.locator("h1")).to_have_text("答对了")
        page.click("text=看结果")
        expect(page.locator("h1")).to_have_text("今天的错题复习完了")

    tomorrow_log = tmp_path / "tomorrow.log"
    with site.running(environment, tomorrow_log, days_ahead=1) as tomorrow, phone(browser, tomorrow) as page:
        sign_in(page, cast.phones["lifang"], PASSWORD)
        page.goto("/learn/")
        expect(page.locator("main")).to_contain_text("今天有 1 道错题等您复习")
        page.click("text=现在复习")
        review_one(page, "走到他面前")
        expect(page.locator("h1")).to_have_text("答对了")
        page.click("text=看结果")
        expect(page.locator("main")).to_contain_text("今天复习了 1 道，答对 1 道。")
