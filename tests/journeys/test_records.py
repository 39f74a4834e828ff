"""A record is taken back by two people, and whoever checks it sees why. On a small phone."""

from playwright.sync_api import Browser, Page, expect

from lms.domain.roles import Role
from lms.models.accounts import Membership
from lms.parts import Parts
from tests.support.cast import PASSWORD, Cast
from tests.support.records import NOTE, WORDS, shelve
from tests.support.site import ON_SQLITE, phone, sign_in

pytestmark = ON_SQLITE


def propose(page: Page, code: str) -> None:
    page.goto("/institution/records/")
    page.fill("input[name=code]", code.lower())
    page.click("main button[type=submit]")
    page.check("input[value=revoke]")
    page.check("input[value=identity]")
    page.fill("textarea[name=words]", WORDS)
    page.click("main form[action$=proposals] button[type=submit]")
    expect(page.locator("main")).to_contain_text("提出的人不能自己核对")


def agree(page: Page) -> None:
    page.goto("/institution/records/")
    page.click("main >> text=李芳")
    page.check("input[value=approved]")
    page.fill("textarea[name=note]", NOTE)
    page.check("input[name=sure]")
    page.click("main form[action$=decision] button[type=submit]")
    expect(page.locator("main")).to_contain_text("记录已撤销")


def test_a_record_is_taken_back(browser: Browser, office: str, parts: Parts, cast: Cast) -> None:
    shelf = shelve(parts, cast)
    with parts.database.transaction() as session:
        place = {"account_id": cast.wanglei.account_id, "organisation_id": cast.kangning}
        session.add(Membership(**place, role=Role.INSTITUTION.value))
    with phone(browser, office) as page:
        page.goto(f"/v/{shelf.code}")
        expect(page.locator("main")).to_contain_text("内容没有改动")
        sign_in(page, cast.phones["zhoumin"], PASSWORD)
        propose(page, shelf.code)
    with phone(browser, office) as page:
        sign_in(page, cast.phones["wanglei"], PASSWORD)
        agree(page)
    with phone(browser, office) as page:
        page.goto(f"/v/{shelf.code}")
        expect(page.locator("main")).to_contain_text("不是本人学的，或者身份不符")
    with phone(browser, office, "en-GB") as page:
        page.goto(f"/v/{shelf.code}")
        expect(page.locator("main")).to_contain_text("Record revoked")
