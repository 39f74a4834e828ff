"""Her completion ends soon: she sees it, her institution enters her into a class, she finds it. On small phones."""

from dataclasses import replace
from datetime import timedelta

from playwright.sync_api import Browser, expect

from lms import clock
from lms.parts import Parts
from tests.support.cast import PASSWORD, Cast
from tests.support.renewals import FIGURES, Years
from tests.support.site import ON_SQLITE, phone, sign_in

pytestmark = ON_SQLITE


def arrange(parts: Parts, cast: Cast) -> None:
    """The rule of long ago, her completion under it, and a class of the new version."""
    years, now = Years(parts, cast), clock.now()
    long_ago = now - timedelta(days=715)  # two years end in about a fortnight
    years.rule(replace(FIGURES, effective_from=clock.civil_day(long_ago)), now=long_ago)
    years.complete(at=long_ago)
    years.open_class(years.version(), opens=clock.civil_day(now))


def test_a_course_is_taken_again(browser: Browser, office: str, parts: Parts, cast: Cast) -> None:
    arrange(parts, cast)
    with phone(browser, office) as page:
        sign_in(page, cast.phones["lifang"], PASSWORD)
        expect(page.locator("main")).to_contain_text("该复训了")
        page.click("main >> text=看有效期")
        expect(page.locator("main")).to_contain_text("快到期了。请尽快联系您的机构")
    with phone(browser, office) as page:
        sign_in(page, cast.phones["zhoumin"], PASSWORD)
        page.goto("/institution/more/")
        page.click("main >> text=复训")
        expect(page.locator("main")).to_contain_text("李芳")
        page.select_option("select[name=course]", str(Years(parts, cast).course))
        page.click("main >> text=筛选")
        page.wait_for_url("**course=*")
        page.check("input[name=enrollment]")
        page.select_option("select[name=cohort]", label="复训班")
        page.click("main button:has-text('加入班期')")
        expect(page.locator("body")).to_contain_text("已加入 1 人")
    with phone(browser, office) as page:
        sign_in(page, cast.phones["lifang"], PASSWORD)
        page.goto("/learn/renewals/")
        expect(page.locator("main")).to_contain_text("您正在复训：复训班")
        page.click("main >> text=去学习")
        expect(page.locator("main")).to_contain_text("复训班")
