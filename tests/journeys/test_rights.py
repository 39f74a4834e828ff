"""Her first minutes on a small phone, her own page, and the file with everything about her."""

import zipfile

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete

from lms.models.practice import Consent
from lms.models.rights import Activation
from lms.parts import Parts
from tests.support import edits
from tests.support.cast import PASSWORD, Cast
from tests.support.site import MADE_MS, ON_SQLITE, awake, fits, phone, sign_in

pytestmark = ON_SQLITE


def forget(parts: Parts) -> None:
    """As if nobody had ever signed in before."""
    with parts.database.engine.begin() as connection:
        edits.unguarded(connection)
        for table in (Consent, Activation):
            connection.execute(delete(table))


def big(page: Page, words: str) -> None:
    """Taps a button that is as large as a thumb."""
    button = page.locator("main .button", has_text=words).first
    button.wait_for()
    awake(page)
    box = button.bounding_box()
    assert box
    assert box["height"] >= 48
    button.click()


def test_she_reads_agrees_activates_and_fetches_her_file(
    browser: Browser, studio: str, cast: Cast, parts: Parts
) -> None:
    forget(parts)
    with phone(browser, studio) as page:
        sign_in(page, cast.phones["lifang"], PASSWORD)
        expect(page.locator("h1")).to_have_text("告知书：您的信息怎么用")
        big(page, "我看过了")
        expect(page.locator("h1")).to_have_text("单独问您：证件号码")
        big(page, "我不同意")
        expect(page.locator("main")).to_contain_text("219999********0026")
        big(page, "对，是我")
        expect(page.locator("h1")).to_contain_text("李芳")
        page.goto("/accounts/me")
        big(page, "打开我的信息")
        expect(page.locator("main")).to_contain_text("保存多少年没有查到规定")
        fits(page)
        big(page, "给我做一份")
        expect(page.locator("main")).to_contain_text("做好了", timeout=MADE_MS)
        with page.expect_download() as fetched:
            big(page, "下载（")
        with zipfile.ZipFile(fetched.value.path()) as archive:
            assert sorted(archive.namelist()) == ["data.html", "data.json"]
