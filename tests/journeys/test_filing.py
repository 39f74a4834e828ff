"""A class is filed, returned, mended, approved, runs, changes its roster by two people, and is closed."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from lms import clock
from lms.domain.roles import Role
from lms.parts import Parts
from tests.support import site
from tests.support.cast import PASSWORD, Cast, Stage
from tests.support.filing import NEW, REASON, WANGHONG
from tests.support.site import ON_SQLITE, fits

pytestmark = ON_SQLITE

DAYS = 2


@pytest.fixture
def second(parts: Parts, cast: Cast, password_hash: str) -> str:
    """The phone of a second person in 康宁's office."""
    with parts.database.transaction() as session:
        on = Stage(session, parts.keyring, password_hash)
        on.account("fengyan", "冯燕", role=Role.INSTITUTION, organisation_id=cast.kangning)
    return cast.phones["fengyan"]


def fill(page: Page, **told: str) -> None:
    for name, value in told.items():
        page.locator(f"[name={name}]").fill(value)


def write(page: Page, opens_on: date) -> None:
    page.click("main >> text=新建班期")
    fill(page, name="补贴一班", opens_on=opens_on.isoformat(), closes_on=(opens_on + timedelta(days=DAYS)).isoformat())
    page.check("input[name=filed][value=yes]")
    page.click("text=建立班期")
    fill(page, size="20", place="康宁路 12 号", manager="周敏", phone="19900000044")
    page.click("text=保存，下一步")
    page.select_option("[name=kind]", "LN-2021:upgrade")
    fill(page, occupation="养老护理员")
    page.select_option("[name=level]", "5")
    page.select_option("[name=certificate]", "skill_level")
    page.click("text=保存，下一步")
    fill(page, subject="翻身与拍背", hours="8", place="三楼", held_on=opens_on.isoformat())
    page.select_option("[name=content]", "practice")
    page.select_option("[name=mode]", "in_person")
    page.select_option("[name=teacher_id]", label="王磊")
    page.click("main >> text=加进计划")
    expect(page.locator("body")).to_contain_text("已加进计划")
    page.get_by_role("link", name="下一步").click()
    fill(page, materials="平台课程", resources="教室一间", exam_plan="理论和实操各考一次")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("h1")).to_have_text("开班申请")
    page.get_by_role("link", name="学员花名册").first.click()
    page.get_by_role("link", name="添加学员").click()
    enter(page, WANGHONG)
    page.click("main >> text=加入班期")
    expect(page.locator("body")).to_contain_text("已加入班期")
    page.get_by_role("link", name="开班申请").click()
    page.click("text=提交审核")
    expect(page.locator("main")).to_contain_text("已申报，等审核")
    fits(page)


def enter(page: Page, told: dict[str, object]) -> None:
    page.select_option("[name=document_type]", str(told["document_type"]))
    fill(page, name=str(told["name"]), number=str(told["number"]), phone=str(told["phone"]))


def review(page: Page) -> None:
    page.goto("/platform/filings/")
    page.get_by_role("link", name="补贴一班").click()


def test_from_filing_to_closing(
    browser: Browser, office: str, cast: Cast, environment: dict[str, str], second: str, tmp_path: Path
) -> None:
    with site.phone(browser, office) as desk, site.phone(browser, office) as other:
        site.sign_in(desk, cast.phones["zhoumin"], PASSWORD)
        write(desk, clock.civil_day(clock.now()))
        site.sign_in(other, cast.phones["admin"], PASSWORD)
        review(other)
        other.locator("summary", has_text="退回修改").click()
        fill(other, **{"remark-place": "请写门牌号和楼层"})
        other.get_by_role("button", name="退回修改").click()
        expect(other.get_by_text("已退回，机构看得到原因")).to_be_visible()
        desk.reload()
        expect(desk.locator("main")).to_contain_text("请写门牌号和楼层")
        desk.get_by_role("link", name="培训地点").click()
        fill(desk, place="康宁路 12 号二楼")
        desk.click("text=先保存")
        desk.click("text=提交审核")
        expect(desk.locator("main")).to_contain_text("已申报，等审核")
        review(other)
        expect(other.locator("main")).to_contain_text("改过")
        other.get_by_role("button", name="批准").click()
        expect(other.locator("main")).to_contain_text("培训中")
        desk.reload()
        expect(desk.locator("main")).to_contain_text("KX-")
        desk.get_by_role("link", name="名单版本和变更").click()
        desk.get_by_role("link", name="加入一位学员").click()
        enter(desk, NEW)
        fill(desk, reason=REASON)
        desk.click("text=提交变更")
        expect(desk.locator("main")).to_contain_text("等另一位工作人员核对")
        place = desk.url
    with site.phone(browser, office) as other:
        site.sign_in(other, second, PASSWORD)
        other.goto(place)
        other.get_by_role("button", name="同意", exact=True).click()
        expect(other.locator("main")).to_contain_text("第 2 版：2 人")
        fits(other)
    with (
        site.running(environment, tmp_path / "later.log", days_ahead=DAYS + 1) as later,
        site.phone(browser, later) as desk,
    ):
        site.sign_in(desk, cast.phones["zhoumin"], PASSWORD)
        desk.goto(place.replace(office, later).removesuffix("/roster") + "/filing")
        desk.get_by_role("button", name="结课").click()
        expect(desk.locator("main")).to_contain_text("归档，以后只能看")
