"""People at their browsers, from a claim of subsidies to a signed month: what each of them does on the pages.

周敏 tries and makes, 冯燕 files; 林岚 and 高原 review; a stranger reads the notice; 钱进 and 何对 pay, one payment
comes back, the account of its payee is corrected by two, and it is paid again.
"""

import csv
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.support import site
from tests.support.cast import PASSWORD, Cast
from tests.support.finished import Office
from tests.support.site import MADE_MS, fits

MONEY = "10,000.00"
ANSWER = "业务参考号,金额,状态,银行回单号,交易日期,退票原因"
STATEMENT = "交易日期,摘要,收入,支出,对方户名,回单号"
OLD, NEW = "6222000000000001", "6222000000000019"
REVIEWS = (("linlan", "初审完成", "请另一位审核人复审"), ("gaoyuan", "复审完成，转入公示", "复审完成"))


@dataclass
class Town:
    """Who has a browser open at one address."""

    office: Office
    pages: Mapping[str, Page]
    today: date

    def __getitem__(self, who: str) -> Page:
        return self.pages[who]


@contextmanager
def town(browser: Browser, address: str, office: Office, today: date, people: Sequence[str]) -> Iterator[Town]:
    """These people, each signed in on a phone of her own."""
    with ExitStack() as stack:
        pages = {who: stack.enter_context(site.phone(browser, address)) for who in people}
        for who, page in pages.items():
            site.sign_in(page, office.phones[who], PASSWORD)
        yield Town(office, pages, today)


def press(page: Page, button: str, says: str) -> None:
    """Presses a button and waits for what follows."""
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("body")).to_contain_text(says)
    fits(page)


def fill(page: Page, **told: str) -> None:
    for name, value in told.items():
        page.locator(f"main [name={name}]").fill(value)


def claim(town: Town) -> None:
    """Tried and made by one, filed by a second, reviewed by two others."""
    page = town["zhoumin"]
    page.goto("/institution/subsidies/claims/")
    page.locator("main").get_by_role("link", name="2026年冬季一班").click()
    expect(page.locator("main")).to_contain_text("3,703.71 元")
    assert page.locator(".tabs ul").evaluate("tabs => tabs.scrollWidth <= tabs.clientWidth")
    press(page, "汇总成申请", "已汇总")
    place = page.url
    page = town["fengyan"]
    page.goto(place)
    page.check("input[name=committed]")
    press(page, "承诺属实并提交", "已提交")
    for who, button, says in REVIEWS:
        page = town[who]
        page.goto("/inspect/subsidies/claims/")
        if who == "gaoyuan":
            page.locator("main").get_by_role("link", name="初审完，等复审").click()
        page.locator("main").get_by_role("link", name="康宁养老服务中心").click()
        press(page, button, says)


def show(town: Town, stranger: Page) -> None:
    """Opened by an officer, read by anybody."""
    page = town["linlan"]
    page.goto("/inspect/subsidies/notices/")
    page.locator("main").get_by_role("link", name="康宁养老服务中心").click()
    expect(page.locator("main")).to_contain_text("5 个工作日")
    fill(page, phone="024-12333")
    press(page, "开始公示", "任何人都看得到")
    stranger.goto("/notices/")
    stranger.locator("main").get_by_role("link", name="康宁养老服务中心").click()
    expect(stranger.locator("main")).to_contain_text("古丽·测试")
    expect(stranger.locator("main")).not_to_contain_text("509999198501010101")
    fits(stranger)


def change_account(town: Town, makes: str, confirms: str, number: str) -> None:
    """One enters where the money goes, another holds it against the licence."""
    page = town[makes]
    page.goto("/institution/payees/new")
    fill(page, holder="康宁养老服务中心", bank="云川银行东湖支行", account=number)
    press(page, "填好了", "请另一位同事来确认")
    page = town[confirms]
    page.goto("/institution/payees/")
    press(page, "和开户许可证一致，确认", "已记下")


def owe(town: Town) -> None:
    """The notice is over."""
    page = town["gaoyuan"]
    page.goto("/inspect/subsidies/claims/")
    page.locator("main").get_by_role("link", name="复审通过，公示中").click()
    page.locator("main").get_by_role("link", name="康宁养老服务中心").click()
    press(page, "公示结束，转入待拨付", "已转入待拨付")


def fund(town: Town) -> str:
    """A book is opened and money comes in; the address of the book."""
    page = town["qian"]
    page.goto("/authority/funds/")
    page.select_option("[name=fund]", "employment")
    press(page, "建账", "还没有拨入")
    place = page.url
    page.locator("summary", has_text="登记拨入").click()
    fill(page, amount=MONEY, received_on=town.today.isoformat(), document="云财社〔2026〕1号", receipt="IN1")
    press(page, "登记", "请另一位资金经办核对")
    page = town["he"]
    page.goto(place)
    press(page, "核对无误，入账", "已入账")
    return place


def send(town: Town, book: str, makes: str, checks: str) -> list[dict[str, str]]:
    """A batch of all that is owed, checked by the other, taken to the bank as a file: its rows."""
    page = town[makes]
    page.goto(f"{book}/owed")
    press(page, "用勾选的生成批次", "请另一位资金经办复核")
    place = page.url
    page = town[checks]
    page.goto(place)
    press(page, "复核通过", "可以生成代发文件了")
    page = town[makes]
    page.goto(place)
    with page.expect_download() as waiting:
        page.click("main >> text=代发文件 CSV（UTF-8）")
    told = waiting.value.path().read_text("utf-8-sig")
    press(page, "已送交银行", "已记为送交银行")
    rows = list(csv.DictReader(StringIO(told)))
    assert rows[-1]["业务参考号"] == f"{sum(fen(row['金额(元)']) for row in rows[:-2]) / 100:.2f}"
    return rows[:-2]


def fen(yuan: str) -> int:
    """1234.57 as whole fen."""
    whole, part = yuan.replace(",", "").split(".")
    return int(whole) * 100 + int(part)


def answer(town: Town, brings: str, books: str, rows: Sequence[str]) -> None:
    """The bank's answer, brought by the one who made the batch, looked at and booked by the other."""
    page = town[brings]
    upload(page, "回单.csv", [ANSWER, *rows])
    page.get_by_role("button", name="导入并检查").click()
    expect(page.locator("main")).to_contain_text("请另一位资金经办入账")
    place = page.url
    page = town[books]
    page.goto(place)
    press(page, "确认入账", "已入账")


def upload(page: Page, name: str, lines: Sequence[str]) -> None:
    told = {"name": name, "mimeType": "text/csv", "buffer": "\r\n".join([*lines, ""]).encode("gb18030")}
    page.set_input_files("main input[name=file]", told)  # type: ignore[arg-type]


def pay(town: Town) -> tuple[str, list[str]]:
    """Paid in a batch, one comes back, its account is corrected, it is paid again; book and rows of the bank."""
    book, day = fund(town), town.today.isoformat()
    first = send(town, book, "qian", "he")
    assert {row["收款账号"] for row in first} == {OLD}
    told = [(row["业务参考号"], row["金额(元)"], f"R{place}") for place, row in enumerate(first, start=1)]
    outcomes = [("成功", "")] * (len(first) - 1) + [("退票", "账户状态异常")]
    lines = [
        f"{key},{yuan},{word},{receipt},{day},{why}"
        for (key, yuan, receipt), (word, why) in zip(told, outcomes, strict=True)
    ]
    answer(town, "qian", "he", lines)
    change_account(town, "fengyan", "zhoumin", NEW)
    page = town["he"]
    page.goto(f"{book}/owed")
    expect(page.locator("main")).to_contain_text("账户状态异常")
    again = send(town, book, "he", "qian")
    assert [row["收款账号"] for row in again] == [NEW]
    key, yuan = again[0]["业务参考号"], again[0]["金额(元)"]
    answer(town, "he", "qian", [f"{key},{yuan},成功,R9,{day},"])
    back = f"{day},退票,{told[-1][1]},,康宁养老服务中心,{told[-1][2]}"
    out = [f"{day},补贴,,{yuan},康宁养老服务中心,{receipt}" for _key, yuan, receipt in [*told, (key, yuan, "R9")]]
    return book, [f"{day},拨入,{MONEY.replace(',', '')},,云川市财政局,IN1", *out, back]


def reconcile(town: Town, month: str, rows: Sequence[str]) -> None:
    """The bank's statement against the ledger, prepared by one and signed by the other."""
    page = town["qian"]
    page.goto("/authority/funds/statements/")
    page.locator("main").get_by_role("link", name="就业补助资金").click()
    upload(page, "流水.csv", [STATEMENT, *rows])
    press(page, "导入流水", "流水已导入")
    page.goto("/authority/funds/reconciliations/")
    page.locator("main").get_by_role("link", name=month).click()
    expect(page.locator("main")).to_contain_text("没有差异")
    press(page, "编制对账表", "请另一位出纳人员复核签认")
    place = page.url
    page = town["he"]
    page.goto(place)
    press(page, "签认并关账", "这个月已关账")


def take_dossier(page: Page, cast: Cast, place: Path) -> None:
    """一期一档 of the class."""
    page.goto(f"/institution/cohorts/{cast.cohort}")
    page.click("main >> text=做一期一档")
    link = page.locator("main a:has-text('下载（')")
    expect(link).to_be_visible(timeout=MADE_MS)
    with page.expect_download() as waiting:
        link.click()
    waiting.value.save_as(place)
    with zipfile.ZipFile(place) as archive:
        assert archive.testzip() is None
