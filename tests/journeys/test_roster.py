"""An institution imports the messy roster it has: 500 rows, mended, imported, and taken back."""

import io
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from tests.support.cast import PASSWORD, Cast
from tests.support.rosters import MESSY_BAD, MESSY_GOOD, messy, messy_text
from tests.support.site import MADE_MS, ON_POSTGRESQL, awake, fits, phone, sign_in

pytestmark = ON_POSTGRESQL


def wait(page: Page, words: str) -> None:
    """Until the work is done, as the page itself tells, or was done before the page came."""
    done, there = page.locator("[data-poll-done]"), page.locator("main").get_by_text(words)
    done.or_(there).first.wait_for(timeout=MADE_MS)
    if done.count():
        page.click("main >> text=接着做")
    expect(there.first).to_be_visible()
    awake(page)


def bring(page: Page, file: Path) -> None:
    page.set_input_files("[name=file]", file)
    page.click("main button:has-text('上传')")
    wait(page, "表头在第 5 行")


def test_a_messy_roster_is_imported(browser: Browser, studio: str, cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "花名册.xlsx").write_bytes(messy())
    (tmp_path / "花名册.csv").write_bytes(messy_text())
    with phone(browser, studio) as page:
        sign_in(page, cast.phones["zhoumin"], PASSWORD)
        page.goto(f"/institution/cohorts/{cast.cohort}")
        page.click("main >> text=导入花名册")
        bring(page, tmp_path / "花名册.xlsx")
        assert page.input_value("[name=column-4]") == "number"
        fits(page)
        page.click("text=检查每一行")
        wait(page, "后面几位已经丢了")
        fits(page)
        page.set_viewport_size({"width": 1280, "height": 800})
        fits(page)
        with page.expect_download() as waiting:
            page.click("text=下载要改的行")
        sheet = load_workbook(io.BytesIO(Path(waiting.value.path()).read_bytes())).active
        assert sheet is not None
        assert sheet.max_row == 5 + len(MESSY_BAD)
        assert sheet["K5"].value == "原因"
        page.check("[name=mode][value=good]")
        page.click("text=确认导入")
        wait(page, "看班期")
        expect(page.locator(".stats")).to_contain_text(str(MESSY_GOOD))
        page.click("text=撤销这一批")
        page.click("dialog >> button:has-text('撤销')")
        wait(page, "已撤销")
        page.goto(f"/institution/cohorts/{cast.cohort}/rosters/")
        bring(page, tmp_path / "花名册.csv")
        page.click("text=检查每一行")
        wait(page, "后面几位已经丢了")
        expect(page.locator("main")).to_contain_text(f"导入没有问题的 {MESSY_GOOD} 人")
