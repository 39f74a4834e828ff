"""A blended class on a phone: the institution opens it, both sides read what is missing, the score book is taken."""

import csv
import io
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from lms import clock
from lms.parts import Parts
from tests.support.cast import PASSWORD, Cast
from tests.support.site import ON_SQLITE, phone, sign_in
from tests.support.training import stage

pytestmark = ON_SQLITE

LACKS = "理论考试还没有考"
NEXT = "学完以后参加理论考试，最多可以考 3 次。"


def told(page: Page) -> None:
    """Opens 还差什么 and finds the exam in it, with what to do next."""
    page.locator("main summary:has-text('还差什么')").first.click()
    expect(page.locator("main .missing").first).to_contain_text(LACKS)
    expect(page.locator("main .missing").first).to_contain_text(NEXT)


def test_a_blended_class(browser: Browser, office: str, cast: Cast, parts: Parts) -> None:
    today = clock.civil_day(clock.now())
    with parts.database.transaction() as session:
        made = stage(session, cast)
        made.study()
        made.show(1, [80, 71], [cast.wanglei.account_id, cast.liuyang.account_id])

    with phone(browser, office) as page:
        sign_in(page, cast.phones["lifang"], PASSWORD)
        page.goto(f"/learn/courses/{made.enrollment}")
        told(page)

    with phone(browser, office) as page:
        sign_in(page, cast.phones["zhoumin"], PASSWORD)
        page.click("main >> text=新建班期")
        page.select_option("select[name=course_version_id]", str(made.version))
        page.fill("input[name=name]", "春季线上线下班")
        page.check("input[value=blended]")
        page.fill("input[name=opens_on]", today.isoformat())
        page.fill("input[name=closes_on]", (today + timedelta(days=30)).isoformat())
        page.click("text=建立班期")
        expect(page.locator("main")).to_contain_text("线上+线下（理论、实操考核）")

        page.goto(f"/institution/cohorts/{made.cohort}")
        told(page)
        page.click("main >> text=结业考核成绩册")
        expect(page.locator("main")).to_contain_text("还没有考完")
        with page.expect_download() as waiting:
            page.click("main >> text=下载 CSV")
        text = Path(waiting.value.path()).read_bytes().decode("utf-8-sig")
        _heads, row = csv.reader(io.StringIO(text))
        assert row[2:7] == ["李芳", "219999********0026", "", "75", "还没有考完"]
        assert row[10:12] == ["王磊", "刘洋"]
