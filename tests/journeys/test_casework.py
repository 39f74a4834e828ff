"""One proposes time by hand with a photograph, another approves; a learner answers a suspicion. On a small phone."""

from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from lms import clock
from lms.domain.flags import FlagKind
from lms.domain.roles import Role
from lms.models.accounts import Membership
from lms.parts import Parts
from lms.services import cases
from lms.services.cases import Suspicion
from tests.support.cast import PASSWORD, Cast
from tests.support.site import ON_POSTGRESQL, phone, sign_in

pytestmark = ON_POSTGRESQL

NOTE = "签到表上有她的名字，讲师也确认了"


def propose(page: Page, cast: Cast, photograph: Path) -> None:
    page.goto(f"/institution/learners/{cast.enrollment}")
    page.click("main >> text=提出更正")
    page.click("main >> text=怎么问好")
    page.click("main >> text=补记学时")
    page.fill("input[name=to_at]", "1:30")
    page.fill("input[name=day]", (clock.civil_day(clock.now()) - timedelta(days=1)).isoformat())
    page.fill("input[name=starts]", "09:00")
    page.fill("input[name=ends]", "09:45")
    page.fill("textarea[name=reason]", "停网，这一节改为当面上课")
    page.set_input_files("input[name=file]", photograph)
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text("请让另一位工作人员来")


def approve(page: Page) -> None:
    page.goto("/institution/corrections/")
    page.click("main >> text=李芳")
    expect(page.locator("main")).to_contain_text("1 分 30 秒")
    with page.expect_download() as waiting:
        page.click("main >> text=下载材料")
    assert Path(waiting.value.path()).read_bytes().startswith(b"\x89PNG")
    page.check("input[value=approved]")
    page.fill("textarea[name=note]", NOTE)
    page.check("input[name=sure]")
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text("已通过")


def test_time_by_hand(browser: Browser, office: str, parts: Parts, cast: Cast, tmp_path: Path) -> None:
    photograph = tmp_path / "签到表.png"
    photograph.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2 * 1024 * 1024))
    with parts.database.transaction() as session:
        place = {"account_id": cast.wanglei.account_id, "organisation_id": cast.kangning}
        session.add(Membership(**place, role=Role.INSTITUTION.value))
    with phone(browser, office) as page:
        sign_in(page, cast.phones["zhoumin"], PASSWORD)
        propose(page, cast, photograph)
    with phone(browser, office) as page:
        sign_in(page, cast.phones["wanglei"], PASSWORD)
        approve(page)
    with phone(browser, office) as page:
        sign_in(page, cast.phones["lifang"], PASSWORD)
        page.goto("/learn/time")
        page.click("text=您的学时有更正")
        expect(page.locator("main")).to_contain_text("0 秒 → 1 分 30 秒")
        expect(page.locator("main")).to_contain_text(NOTE)


def test_a_suspicion_is_answered(browser: Browser, office: str, parts: Parts, cast: Cast) -> None:
    assert cast.lifang.person_id
    with parts.database.transaction() as session:
        found = Suspicion(FlagKind.TAKEOVER_STORM, cast.lifang.person_id, cast.kangning, "k", {"openings": 12})
        cases.raise_flag(session, found, now=clock.now())
    with phone(browser, office) as page:
        sign_in(page, cast.phones["lifang"], PASSWORD)
        page.goto("/learn/time")
        page.click("text=去看看")
        expect(page.locator("main")).to_contain_text("这不影响您的学时")
        page.fill("textarea[name=words]", "那天手机一直断网，重开了很多次")
        page.click("main button[type=submit]")
        expect(page.locator("main")).to_contain_text("重开了很多次")
    with phone(browser, office, "en-GB") as page:
        sign_in(page, cast.phones["zhoumin"], PASSWORD)
        page.goto("/institution/cases/")
        page.click("main >> text=李芳")
        expect(page.locator("main")).to_contain_text("Study was opened 12 times in 10 minutes.")
        page.check("input[value=unfounded]")
        page.fill("textarea[name=note]", "Called her: a bad line that day.")
        page.click("main button[type=submit]")
        expect(page.locator("main")).to_contain_text("Decision: Nothing wrong")
