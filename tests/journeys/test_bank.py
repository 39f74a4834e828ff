"""A trainer with a small phone: writes a question, brings the file she has, takes it back."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from lms.adapters.banks import excel
from tests.domain.bank_entries import ENTRIES
from tests.support.cast import PASSWORD, Cast
from tests.support.site import ON_SQLITE, fits, phone, sign_in

pytestmark = ON_SQLITE


def test_a_trainer_fills_her_bank(browser: Browser, office: str, cast: Cast, tmp_path: Path) -> None:
    excel.write(ENTRIES, tmp_path / "bank.xlsx")
    with phone(browser, office) as page:
        sign_in(page, cast.phones["wanglei"], PASSWORD)
        page.goto("/trainer/bank/")
        page.click("text=小小课程")
        page.click("summary:has-text('写一道新题')")
        page.click("text=多选题 >> nth=0")
        page.fill("[name=stem]", "哪些要报告？")
        for number, words in enumerate(("摔倒", "发热", "吃得香")):
            page.fill(f"[name=option] >> nth={number}", words)
        page.check("[name=right] >> nth=0")
        page.check("[name=right] >> nth=1")
        page.select_option("[name=objective]", index=1)
        fits(page)
        page.click("main button:has-text('保存')")
        page.wait_for_selector("text=题目已保存")

        page.click("main nav >> text=小小课程")
        page.click("nav[aria-label=题库] >> text=导入")
        page.click("text=导入一个文件")
        page.set_input_files("[name=file]", tmp_path / "bank.xlsx")
        page.click("main button:has-text('检查')")
        page.wait_for_selector("text=课程里没有这个知识点：wash")
        expect(page.locator("main")).to_contain_text("已经有")
        page.select_option("[name=mapped]", index=1)
        page.click("text=按这些重新检查")
        page.click("main button:has-text('导入 6 道题')")
        page.wait_for_selector("text=已导入 6 道题")
        fits(page)
        page.click("text=撤销这一批")
        page.wait_for_selector("text=撤销了 6 道题")
