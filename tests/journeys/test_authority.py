"""A city's officer on a small phone and at a desk: down to a learner, and a district of her own making."""

import pytest
from playwright.sync_api import Browser, Page, expect

from lms.parts import Parts
from tests.support.cast import NOON, PASSWORD, Cast
from tests.support.filing import Office as Filer
from tests.support.places import Places, place
from tests.support.site import ON_POSTGRESQL, awake, fits, phone, sign_in

pytestmark = ON_POSTGRESQL
DESK = {"width": 1280, "height": 800}


@pytest.fixture
def places(parts: Parts, cast: Cast, password_hash: str) -> Places:
    with parts.database.transaction() as session:
        return place(session, parts.keyring, cast, password_hash)


def down(page: Page, *names: str) -> None:
    """Follows names down the tables."""
    for name in names:
        page.click(f"main tbody >> text={name}")
        expect(page.locator("h1")).to_contain_text(name)


def test_an_officer_looks_down_and_keeps_the_tree(browser: Browser, office: str, cast: Cast, places: Places) -> None:
    with phone(browser, office) as page:
        sign_in(page, cast.phones["linlan"], PASSWORD)
        down(page, "云川市", "东湖区", "康宁养老服务中心", "2026年冬季一班", "李芳")
        fits(page)
        page.set_viewport_size(DESK)
        page.click(".desk-bar >> text=更多")
        page.click("main >> text=机构设置")
        page.click("main >> text=新增")
        page.fill("[name=name]", "南山区")
        page.select_option("[name=kind]", "district")
        page.select_option("[name=parent_id]", str(places.city))
        page.click("main button[type=submit]")
        expect(page.locator("body")).to_contain_text("已新增")
        page.goto(f"/authority/tree/{cast.kangning}/place")
        page.select_option("[name=parent_id]", label="\u3000南山区")
        page.fill("[name=reason]", "区划调整")
        page.click("main button[type=submit]")
        expect(page.locator("main")).to_contain_text("区划调整")
        page.goto("/inspect/")
        down(page, "云川市", "南山区", "康宁养老服务中心")
        fits(page)


def test_a_district_officer_answers_a_filing_and_rolls_up(
    browser: Browser, office: str, parts: Parts, cast: Cast, places: Places
) -> None:
    opens = NOON.date().replace(year=2099)
    made = Filer(parts, cast)
    made.start(opens_on=opens, closes_on=opens.replace(year=2100))
    made.fill(plan_on=opens)
    made.file()
    with phone(browser, office) as page:
        sign_in(page, cast.phones["gaoyuan"], PASSWORD)
        awake(page)
        page.click("[data-menu]")
        page.click(".desk-bar >> text=开班审核")
        down(page, "补贴一班")
        fits(page)
        page.click("main button:has-text('批准')")
        expect(page.locator("main")).to_contain_text("KX-")
        awake(page)
        page.click("[data-menu]")
        page.click(".desk-bar >> text=报表")
        fits(page)
        with page.expect_download() as file:
            page.click("main >> text=下载 CSV")
        assert file.value.suggested_filename.startswith("分级汇总表")
        down(page, "2026年冬季一班", "李芳")


def test_a_district_officer_sees_her_institutions_and_a_department_no_person(
    browser: Browser, office: str, cast: Cast, places: Places
) -> None:
    with phone(browser, office, "en-US") as page:
        sign_in(page, cast.phones["gaoyuan"], PASSWORD)
        expect(page.locator("main")).to_contain_text("东湖区")
        expect(page.locator("main")).not_to_contain_text("西岭区")
        answer = page.goto(f"/inspect/institutions/{cast.anhe}")
        assert answer is not None
        assert answer.status == 404
    with phone(browser, office) as page:
        sign_in(page, cast.phones["majing"], PASSWORD)
        down(page, "云川市", "东湖区")
        expect(page.locator("main")).to_contain_text("＊")
        expect(page.locator("main")).not_to_contain_text("李芳")
        fits(page)
