"""A class day on two small phones: the rotating code, signing in and out, the time it earns, the attendance book."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from lms import clock
from lms.domain.attendance import ClassContent
from lms.models.attendance import ClassMeeting
from lms.parts import Parts
from lms.services import attendance
from lms.services.attendance import Plan
from tests.support import site
from tests.support.cast import PASSWORD, Cast
from tests.support.site import ON_POSTGRESQL, fits

pytestmark = ON_POSTGRESQL

LENGTH = timedelta(minutes=12)


@pytest.fixture
def classroom(parts: Parts, cast: Cast) -> ClassMeeting:
    """A class of 王磊 that is on now: a test cannot wait, and nothing begins that was not in the timetable before."""
    now = clock.now()
    tomorrow = now.astimezone(clock.CHINA).date() + timedelta(days=1)
    begin = datetime.combine(tomorrow, datetime.min.time()).replace(hour=9)
    with parts.database.transaction() as session:
        plan = Plan(
            title="翻身与拍背",
            content=ClassContent.PRACTICE,
            place="三楼实训室",
            teacher_id=cast.wanglei.account_id,
            day=tomorrow,
            starts=begin.time(),
            ends=(begin + LENGTH).time(),
        )
        made = session.get_one(ClassMeeting, attendance.add(session, cast.zhoumin, cast.cohort, plan, now=now))
        made.held_on = now.astimezone(clock.CHINA).date()
        made.starts_at, made.ends_at = around(now)
    return made


def around(now: datetime) -> tuple[datetime, datetime]:
    """Begin and end of a class that is on now and, as every class, within one day of China."""
    midnight = now.astimezone(clock.CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = max(now - LENGTH / 2, midnight)
    return starts, min(starts + LENGTH, midnight + timedelta(days=1, seconds=-1))


def sign(page: Page, code: str, kind: str) -> None:
    """What a scan of the code does: it opens the address."""
    page.goto(code)
    page.get_by_role("button", name=f"我在教室，{kind}").click()
    page.wait_for_url("**/learn/classes/**")


def code_of(page: Page) -> str:
    """What the code says at this moment."""
    return page.locator("[data-class-code]").get_attribute("data-class-code") or ""


def another(page: Page, code: str) -> str:
    """The next code, by itself; it holds for half a minute from now, and one found on the page perhaps for less."""
    expect(page.locator(f"[data-class-code]:not([data-class-code='{code}'])")).to_be_visible(timeout=120_000)
    return code_of(page)


def test_a_class_day_from_the_code_to_the_attendance_book(
    browser: Browser, office: str, cast: Cast, classroom: ClassMeeting
) -> None:
    with site.phone(browser, office) as teacher, site.phone(browser, office) as learner:
        site.sign_in(learner, cast.phones["lifang"], PASSWORD)
        site.sign_in(teacher, cast.phones["wanglei"], PASSWORD)
        teacher.goto("/trainer/classes")
        teacher.get_by_role("link", name="上课签到").click()
        sign(learner, another(teacher, code_of(teacher)), "签到")
        expect(learner.get_by_text("签到成功")).to_be_visible()
        expect(teacher.get_by_text("李芳")).to_be_visible()  # by itself, within seconds
        teacher.get_by_role("link", name="签退").click()
        expect(teacher.locator("h1")).to_contain_text("下课签退")
        sign(learner, another(teacher, code_of(teacher)), "签退")
        expect(learner.get_by_text("签退成功")).to_be_visible()
        learner.get_by_role("link", name="看我的学时").click()
        expect(learner.locator("main")).to_contain_text("已确认")
    with site.phone(browser, office) as desk:
        site.sign_in(desk, cast.phones["zhoumin"], PASSWORD)
        desk.get_by_role("link", name="2026年冬季一班").click()
        desk.get_by_role("link", name="出勤簿").click()
        row = desk.locator("tbody tr")
        expect(row).to_contain_text("李芳")
        expect(row).to_contain_text("扫码")
        expect(row).to_contain_text("退")
        fits(desk)
        with desk.expect_download() as sent:
            desk.get_by_role("link", name="下载 CSV").click()
        assert "李芳" in Path(sent.value.path()).read_text("utf-8-sig")


def test_a_leave_is_asked_and_taken_back(browser: Browser, office: str, cast: Cast, classroom: ClassMeeting) -> None:
    with site.phone(browser, office) as learner:
        site.sign_in(learner, cast.phones["lifang"], PASSWORD)
        learner.goto(f"/learn/classes/{classroom.id}")
        learner.get_by_text("来不了，要请假").click()
        learner.fill("input[name=reason]", "孩子发烧")
        learner.get_by_role("button", name="请假", exact=True).click()
        learner.get_by_role("link", name="收回请假").click()
        asked = learner.locator(".confirm:visible")  # the dialog, or the page where the script is not there yet
        expect(asked).to_contain_text("可以再请一次")
        asked.get_by_role("button", name="收回请假").click()
        expect(learner.get_by_text("请假已收回")).to_be_visible()
        expect(learner.get_by_text("来不了，要请假")).to_be_visible()
