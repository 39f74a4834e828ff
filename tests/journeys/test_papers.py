"""An institution chooses how its certificates look, makes those of a class; a learner takes hers on her phone."""

import zipfile
from io import BytesIO
from pathlib import Path

from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from lms import clock
from lms.parts import Parts
from tests.support.cast import PASSWORD, Cast
from tests.support.papered import issue
from tests.support.site import MADE_MS, ON_SQLITE, phone, sign_in

pytestmark = ON_SQLITE


def words_of(pdf: bytes) -> str:
    return "".join(str(page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages).replace("\n", "")


def test_from_the_template_to_her_own_file(
    browser: Browser, studio: str, cast: Cast, parts: Parts, tmp_path: Path
) -> None:
    issue(parts, cast.enrollment, clock.now())
    with phone(browser, studio) as page:
        sign_in(page, cast.phones["zhoumin"], PASSWORD)
        page.goto(f"/institution/cohorts/{cast.cohort}")
        page.click("main >> text=全班的证书")
        page.click("main >> text=看证书样式")
        page.fill("input[name=note]", "遗失不补")
        page.click("main form.form button.main")
        expect(page.locator("body")).to_contain_text("以后发的证书用这个样式")
        page.goto(f"/institution/cohorts/{cast.cohort}/papers")
        page.click("main >> text=做全班的证书")
        link = page.locator("main a:has-text('下载（')")
        expect(link).to_be_visible(timeout=MADE_MS)
        with page.expect_download() as waiting:
            link.click()
        waiting.value.save_as(tmp_path / "papers.zip")
        page.goto("/accounts/me")
        page.click("main >> text=退出登录")
        page.wait_for_url("**/accounts/login")
    with zipfile.ZipFile(tmp_path / "papers.zip") as archive:
        (name,) = (each for each in archive.namelist() if each.endswith(".pdf"))
        assert "遗失不补" in words_of(archive.read(name))
    with phone(browser, studio) as page:
        sign_in(page, cast.phones["lifang"], PASSWORD)
        page.goto("/learn/records/")
        with page.expect_download() as waiting:
            page.click("main >> text=下载证书（PDF）")
        waiting.value.save_as(tmp_path / "own.pdf")
    assert "李芳" in words_of((tmp_path / "own.pdf").read_bytes())
