"""From the menu of reports to a figure, its evidence, a file and a paper for signature, at a desk and on a phone."""

from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from lms import clock
from lms.parts import Parts
from tests.support.cast import PASSWORD, Cast
from tests.support.ledger import Scribe
from tests.support.site import ON_POSTGRESQL, phone, sign_in

pytestmark = ON_POSTGRESQL


def study(parts: Parts, cast: Cast) -> None:
    scribe = Scribe(parts, cast)
    scribe.study("say-hello", (0, 120_000), clock.now() - timedelta(minutes=5))
    scribe.settle()


def fetched(page: Page, words: str) -> bytes:
    with page.expect_download() as coming:
        page.get_by_role("link", name=words).click()
    return Path(coming.value.path()).read_bytes()


def test_an_institution_pulls_a_report(browser: Browser, office: str, cast: Cast, parts: Parts) -> None:
    study(parts, cast)
    with phone(browser, office) as page:
        sign_in(page, cast.phones["zhoumin"], PASSWORD)
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto("/institution/reports")
        page.get_by_role("link", name="学时统计表").click()
        expect(page.locator("main tbody tr")).to_have_count(1)
        assert fetched(page, "下载 PDF（签字用）").startswith(b"%PDF-")
        assert "李芳" in fetched(page, "下载 CSV").decode("utf-8-sig")
        page.get_by_role("link", name="存为常用报表").click()
        page.fill("[name=name]", "冬季班学时")
        page.get_by_role("button", name="保存").click()
        page.get_by_role("link", name="冬季班学时").click()
        page.locator("main tbody td a").first.click()
        expect(page.locator("main")).to_contain_text("计入 2 分钟")
