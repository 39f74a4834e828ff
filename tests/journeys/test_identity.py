"""A number is seen for a reason, a name put right by two, a number of another person joins two. Phone and desk."""

from playwright.sync_api import Browser, Page, expect

from lms.parts import Parts
from tests.support import site
from tests.support.cast import PASSWORD, Cast
from tests.support.identity import CHENMO, LIFANG, NOTE, REASON, Office
from tests.support.site import ON_SQLITE, phone, sign_in

pytestmark = ON_SQLITE


def fits(page: Page) -> None:
    """Nothing of the page is wider than a small phone or a desk."""
    for width, height in ((360, 640), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        site.fits(page)
    page.set_viewport_size({"width": 360, "height": 640})


def reveal(page: Page, cast: Cast) -> None:
    page.goto(f"/institution/learners/{cast.enrollment}")
    page.click("main >> text=身份信息")
    expect(page.locator("main")).to_contain_text("219999********0026")
    fits(page)
    page.click("main a:has-text('看完整号码')")
    page.select_option("select[name=purpose]", "certificate")
    page.fill("textarea[name=reason]", REASON)
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text(LIFANG)
    fits(page)
    page.click("main >> text=看完了")
    expect(page.locator("main")).not_to_contain_text(LIFANG)


def propose(page: Page, kind: str, after: str) -> str:
    page.click(f"main >> text={kind}")
    fits(page)
    page.fill("input[name=after]", after)
    page.fill("textarea[name=reason]", REASON)
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text("等第二个人核对")
    return page.url


def approve(page: Page, address: str, living: str = "") -> None:
    page.goto(address)
    fits(page)
    page.check("input[value=approved]")
    if living:
        page.check(f"input[value='{living}']")
    page.fill("textarea[name=note]", NOTE)
    page.check("input[name=sure]")
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text("已通过")


def test_an_identity_from_reason_to_record(browser: Browser, office: str, parts: Parts, cast: Cast) -> None:
    Office(parts, cast).colleague()
    with phone(browser, office) as page:
        sign_in(page, cast.phones["zhoumin"], PASSWORD)
        reveal(page, cast)
        name = propose(page, "更正姓名", "李方")
        page.goto(f"/institution/learners/{cast.enrollment}/identity")
        number = propose(page, "增加一种证件", CHENMO)
    with phone(browser, office) as page:
        sign_in(page, cast.phones["wanglei"], PASSWORD)
        approve(page, name)
    with phone(browser, office) as page:
        sign_in(page, cast.phones["admin"], PASSWORD)
        approve(page, number.replace("/institution/", "/platform/"), str(cast.lifang.person_id))
    with phone(browser, office) as page:
        sign_in(page, cast.phones["lifang"], PASSWORD)
        page.goto("/accounts/me")
        page.click("main >> text=我的身份信息")
        for words in (REASON, "周敏", "李芳 → 李方", "您登记过不止一份"):
            expect(page.locator("main")).to_contain_text(words)
