"""An employer checks a record without network: by the QR code's text, on the page, and in the file she kept."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from lms.crypto import Signer
from lms.parts import Parts
from tests.support.cast import Cast
from tests.support.credentials import CODE, another_seed, certified, forged_tokens
from tests.support.renewals import LAST, OVER, Years, noon_of
from tests.support.site import ON_SQLITE, phone

pytestmark = ON_SQLITE

READ_ALL = """async (texts) => {
  const script = document.querySelector("script[src$='js/offline.js']").src;
  const { read } = await import(script.replace("offline.js", "credential-qr.js"));
  const keys = JSON.parse(document.querySelector("[data-offline]").getAttribute("data-keys"));
  return texts.filter((text) => read(text, keys, window.nacl).facts);
}"""
GOOD, BAD = "[data-offline-good]", "[data-offline-bad]"


def enter(page: Page, text: str) -> None:
    page.fill("textarea", text)
    page.click("main button[type=submit]")


@pytest.fixture
def address(browser: Browser, office: str, parts: Parts, cast: Cast) -> str:
    """What the QR code of a record holds."""
    certified(parts, cast)
    return read_code(browser, office)


def read_code(browser: Browser, office: str) -> str:
    with phone(browser, office) as page:
        page.goto(f"/v/{CODE}")
        page.click("main >> text=离线查验码")
        found = page.get_attribute("[data-copy]", "data-copy")
    assert found is not None
    return found


def test_a_record_is_checked_with_the_network_off(browser: Browser, office: str, address: str) -> None:
    compact = address.partition("#")[2]
    with phone(browser, office) as page:
        page.goto("/verify")
        page.context.set_offline(True)
        enter(page, address)
        expect(page.locator(GOOD)).to_contain_text("李*")
        expect(page.locator(GOOD)).to_contain_text("12.50")
        expect(page.locator(GOOD)).to_contain_text("2026-11-23")
        enter(page, Signer(another_seed()).sign({"v": 1, "n": "王*", "c": CODE}))
        expect(page.locator(BAD)).to_contain_text("不是本平台的密钥")
        expect(page.locator(GOOD)).to_be_hidden()
        enter(page, "你好")
        expect(page.locator(BAD)).to_contain_text("不是完整的")
        forged = list(forged_tokens(compact, 1_000, seed=17))
        assert page.evaluate(READ_ALL, forged) == []


@pytest.mark.parametrize(("day", "over"), [(LAST, False), (OVER, True)])
def test_an_expired_code_is_told_as_expired_with_its_day(
    browser: Browser, office: str, parts: Parts, cast: Cast, day: date, over: bool
) -> None:
    certified(parts, cast)
    years = Years(parts, cast)
    years.rule()
    years.complete()
    address = read_code(browser, office)
    with phone(browser, office) as page:
        page.clock.set_fixed_time(noon_of(day))
        page.goto("/verify")
        page.context.set_offline(True)
        enter(page, address)
        expect(page.locator(GOOD)).to_contain_text("有效期至")
        expect(page.locator(GOOD)).to_contain_text(LAST.isoformat())
        expect(page.locator("[data-offline-expired]")).to_be_visible(visible=over)
        expect(page.locator(BAD)).to_be_hidden()


def test_the_code_opens_the_page_by_itself(browser: Browser, office: str, address: str) -> None:
    with phone(browser, office, "en-US") as page:
        page.goto(address)
        expect(page.locator(GOOD)).to_contain_text("李*")
        page.click(f"{GOOD} >> text=Check online")
        expect(page.locator("main")).to_contain_text(CODE)


def test_the_kept_file_needs_no_network(browser: Browser, office: str, address: str, tmp_path: Path) -> None:
    with phone(browser, office) as page:
        page.goto("/verify")
        with page.expect_download() as kept:
            page.click("main >> text=下载查验页")
        place = tmp_path / "kangxue-verify.html"
        kept.value.save_as(place)
    context = browser.new_context(offline=True, viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(place.as_uri())
    enter(page, address)
    expect(page.locator(GOOD)).to_contain_text("李*")
    changed = address[:-20] + ("A" if address[-20] != "A" else "B") + address[-19:]
    enter(page, changed)
    expect(page.locator(BAD)).to_contain_text("对不上")
    context.close()
