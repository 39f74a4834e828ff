"""Institution staff open a cohort, enrol a learner and take the report; a stranger finds nothing."""

import csv
import io
from datetime import timedelta
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from lms import clock
from tests.support.cast import PASSWORD, Cast
from tests.support.site import ON_POSTGRESQL, phone, sign_in

pytestmark = ON_POSTGRESQL

RARE_NAME = "翀龑·测试"
NUMBER = "509999199006150033"


def downloaded(page: Page, link: str) -> Path:
    with page.expect_download() as waiting:
        page.click(link)
    return Path(waiting.value.path())


def test_cohort_enrolment_report(browser: Browser, office: str, cast: Cast) -> None:
    today = clock.civil_day(clock.now())
    with phone(browser, office) as page:
        sign_in(page, cast.phones["zhoumin"], PASSWORD)
        page.click("main >> text=新建班期")
        page.fill("input[name=name]", "春季晚班")
        page.fill("input[name=opens_on]", today.isoformat())
        page.fill("input[name=closes_on]", (today + timedelta(days=30)).isoformat())
        page.click("text=建立班期")

        page.click("main >> text=添加学员")
        page.fill("input[name=name]", RARE_NAME)
        page.fill("input[name=number]", NUMBER[:-1] + "4")
        page.fill("input[name=phone]", "199 0000 0099")
        page.click("main button[type=submit]")
        expect(page.locator("main")).to_contain_text("证件号码有一位写错了")
        page.fill("input[name=number]", NUMBER)
        page.click("main button[type=submit]")
        expect(page.locator("main")).to_contain_text(RARE_NAME)

        text = downloaded(page, "text=下载 CSV").read_bytes().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        assert [row[0] for row in rows] == ["姓名", RARE_NAME]
        assert NUMBER not in text
        assert "509999********0033" in text

        sheet = load_workbook(io.BytesIO(downloaded(page, "text=下载 Excel").read_bytes())).active
        assert sheet is not None
        assert sheet["A2"].value == RARE_NAME
        assert sheet["B2"].data_type == "s"

        page.click("main >> text=看结业报表")
        expect(page.locator("main")).to_contain_text(RARE_NAME)


def test_the_stranger_gets_404(browser: Browser, office: str, cast: Cast) -> None:
    with phone(browser, office, "en-US") as page:
        sign_in(page, cast.phones["sunyue"], PASSWORD)
        for place in (
            f"/institution/cohorts/{cast.cohort}",
            f"/institution/cohorts/{cast.cohort}/learners/new",
            f"/institution/reports/completion?cohort={cast.cohort}",
        ):
            answer = page.goto(place)
            assert answer
            assert answer.status == 404, place
        expect(page.locator("main")).to_contain_text("could not find")
