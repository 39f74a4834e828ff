"""A certificate from the phone to a level: entered, its original seen, its issuer filed, verified. Phone and desk."""

from playwright.sync_api import Browser, Page, expect

from lms.domain.assessors import Act
from lms.parts import Parts
from tests.support import site
from tests.support.cast import PASSWORD, Cast
from tests.support.site import ON_SQLITE, phone, sign_in
from tests.support.skills import CODE, NOTE, PAPER, Desk

pytestmark = ON_SQLITE


def fits(page: Page) -> None:
    """Nothing of the page is wider than a small phone or a desk."""
    for width, height in ((1280, 800), (360, 640)):
        page.set_viewport_size({"width": width, "height": height})
        site.fits(page)


def enter(page: Page) -> None:
    page.goto("/learn/records/")
    page.click("main >> text=我的技能等级、证书和学分")
    fits(page)
    page.click("main >> text=录入一份证书")
    fits(page)
    page.fill("input[name=occupation]", "养老护理员")
    page.select_option("select[name=level]", "1")
    page.fill("input[name=number]", PAPER.number)
    page.fill("input[name=issuer]", PAPER.issuer)
    page.fill("input[name=issuer_code]", CODE)
    page.fill("input[name=issued_on]", "2026-03-01")
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text("还没有核实")
    expect(page.locator("main")).not_to_contain_text(PAPER.number)
    fits(page)


def say(page: Page, list_page: str, word: str, way: str) -> None:
    page.goto(list_page)
    fits(page)
    page.click("main >> text=李芳")
    fits(page)
    page.check(f"input[value={word}]")
    page.check(f"input[value={way}]")
    page.fill("textarea[name=note]", NOTE)
    page.click("main form button:has-text('记下结论')")
    expect(page.locator("main")).to_contain_text(NOTE)


def file(page: Page) -> None:
    page.goto("/platform/assessors/")
    page.click("main >> text=录入一份备案")
    fits(page)
    for name, value in (
        ("name", PAPER.issuer), ("code", CODE), ("number", "沈人社评备2026-1"), ("authority", "沈阳市人社局"),
        ("from_on", "2026-01-01"),
    ):  # fmt: skip
        page.fill(f"input[name={name}]", value)
    page.fill("textarea[name=scopes]", "养老护理员 初级工-高级工")
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text("录入的人不能自己核对")
    fits(page)


def compare(page: Page) -> None:
    page.goto("/platform/assessors/")
    page.click("main table a")
    page.check(f"input[value={Act.LIST}]")
    page.fill("textarea[name=note]", NOTE)
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text("在名录里")
    fits(page)


def publish(page: Page) -> None:
    page.goto("/platform/credits/new")
    fits(page)
    for name, value in (
        ("code", "CQ-2026-1"), ("scheme", "某职业学院"), ("source", "某市学分互认办法"), ("from_on", "2026-01-01"),
    ):  # fmt: skip
        page.fill(f"input[name={name}]", value)
    page.fill("textarea[name=rows]", "等级,养老护理员,初级工,3,,老年护理实训")
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text("老年护理实训")
    fits(page)


def test_a_certificate_becomes_a_level_and_credits(browser: Browser, office: str, parts: Parts, cast: Cast) -> None:
    Desk(parts, cast).colleague()
    with phone(browser, office) as page:
        sign_in(page, cast.phones["lifang"], PASSWORD)
        enter(page)
    with phone(browser, office) as page:
        sign_in(page, cast.phones["zhoumin"], PASSWORD)
        say(page, "/institution/certificates/", "seen", "original")
    with phone(browser, office) as page:
        sign_in(page, cast.phones["admin"], PASSWORD)
        file(page)
        publish(page)
        say(page, "/platform/certificates/", "verified", "register")
    with phone(browser, office) as page:
        sign_in(page, cast.phones["wanglei"], PASSWORD)
        compare(page)
    with phone(browser, office) as page:
        sign_in(page, cast.phones["lifang"], PASSWORD)
        page.goto("/learn/skills/")
        for words in ("现在：初级工（五级）", "第一次取得", "另有 3 学分按还没有确认的表计算", "（没有确认）"):
            expect(page.locator("main")).to_contain_text(words)
        fits(page)
        with page.expect_download() as download:
            page.click("main >> text=下载给别的系统用的文件")
        assert download.value.suggested_filename == "skills.json"
