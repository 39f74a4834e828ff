"""From a number down to the interval, on a small phone, without scripts; and an inspector who leaves a trace."""

from datetime import timedelta

from playwright.sync_api import Browser, expect

from lms import clock
from lms.parts import Parts
from tests.support.cast import PASSWORD, Cast
from tests.support.ledger import Scribe
from tests.support.site import ON_SQLITE, phone, sign_in

pytestmark = ON_SQLITE


def study(parts: Parts, cast: Cast) -> None:
    """Two minutes around the midnight before last, so that two days have their part and neither is to come."""
    local = clock.now().astimezone(clock.CHINA) - timedelta(days=1)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    scribe = Scribe(parts, cast)
    scribe.study("say-hello", (0, 60_000), midnight - timedelta(seconds=45))
    scribe.refuse("say-hello", (60_000, 80_000), midnight + timedelta(minutes=2), "lease_lost")
    scribe.settle()


def test_each_minute_is_understood_without_scripts(browser: Browser, office: str, cast: Cast, parts: Parts) -> None:
    study(parts, cast)
    view = {"width": 360, "height": 640}
    context = browser.new_context(base_url=office, viewport=view, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    sign_in(page, cast.phones["lifang"], PASSWORD)
    page.click(".phone-nav >> text=我的学时")
    page.click("main >> text=按天看")
    page.click("main tbody tr:last-child th a")
    expect(page.locator("main")).to_contain_text("23:59–24:00")
    expect(page.locator("main")).to_contain_text("计入 45 秒")
    expect(page.locator("main")).to_contain_text("跨过半夜 12 点")
    page.go_back()
    page.click("main tbody tr:first-child th a")
    expect(page.locator("main")).to_contain_text("计入 15 秒")
    expect(page.locator("main")).to_contain_text("怎么办：只用一部手机学")
    context.close()


def test_an_inspector_looks_and_the_learner_reads_it(browser: Browser, office: str, cast: Cast, parts: Parts) -> None:
    study(parts, cast)
    with phone(browser, office) as page:
        sign_in(page, cast.phones["wujian"], PASSWORD)
        for words in ("康宁养老服务中心", "2026年冬季一班", "李芳"):
            page.click(f"main >> text={words}")
        expect(page.locator("main")).to_contain_text("每次查看都会留下记录")
        page.click("main .stat a >> nth=0")
        expect(page.locator("main")).to_contain_text("合计：计入 1 分钟")
    with phone(browser, office, "en-US") as page:
        sign_in(page, cast.phones["lifang"], PASSWORD)
        page.goto("/learn/time")
        expect(page.locator("main")).to_contain_text("an inspector of the authority looked at your study record")
