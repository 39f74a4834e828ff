"""A trainer finds where her lesson loses people, on a small phone and by keyboard alone."""

from playwright.sync_api import Browser, expect

from lms.parts import Parts
from tests.support.cast import PASSWORD, Cast
from tests.support.classroom import Classroom
from tests.support.site import ON_POSTGRESQL, fits, phone, sign_in

pytestmark = ON_POSTGRESQL

VIDEO = "say-hello"


def study(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        room = Classroom(session, cast)
        everybody = room.learners(8)
        for number, who in enumerate(everybody):
            room.anew(who, VIDEO)
            room.play(who, VIDEO, 0, 75 if number < 6 else 120)
        room.settle(everybody)


def test_from_the_version_to_the_ten_seconds_that_lose_people(
    browser: Browser, office: str, cast: Cast, parts: Parts
) -> None:
    study(parts, cast)
    with phone(browser, office) as page:
        sign_in(page, cast.phones["wanglei"], PASSWORD)
        page.goto(f"/trainer/versions/{cast.version}")
        page.click("main >> text=学习情况")
        page.click("main .chart-rows a >> nth=0")
        expect(page.locator("main")).to_contain_text("最多的地方：1:10–1:20：6 人")
        expect(page.get_by_role("img", name="停在哪里")).to_be_visible()
        fits(page)
        numbers = page.locator("tr", has=page.get_by_role("rowheader", name="1:10–1:20"))
        expect(numbers).to_be_hidden()
        page.locator("summary", has_text="每 10 秒的数字").focus()
        page.keyboard.press("Enter")
        expect(numbers).to_contain_text("6")
        expect(page.get_by_role("rowheader", name="1:20–1:30").locator("xpath=..")).to_contain_text("不到 5 人")
