"""She shows her records to an employer on her phone; he checks one; she takes the link back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from lms.parts import Parts
from tests.support import site
from tests.support.cast import PASSWORD, Cast
from tests.support.certified import CODES, certify
from tests.support.site import ON_POSTGRESQL, fits, phone, sign_in

pytestmark = ON_POSTGRESQL


@pytest.fixture
def served(cast: Cast, parts: Parts, environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """Where the site answers; 李芳 has a record."""
    certify(parts, cast.enrollment)
    with site.running(environment, tmp_path / "server.log") as found:
        yield found


def test_she_shares_a_record_and_takes_it_back(browser: Browser, served: str, cast: Cast) -> None:
    with phone(browser, served) as hers, phone(browser, served) as his:
        sign_in(hers, cast.phones["lifang"], PASSWORD)
        hers.goto("/learn/records/")
        fits(hers)
        hers.click("text=给别人看我的记录")
        fits(hers)
        hers.click("text=给用人单位")
        hers.click("text=做好链接")
        expect(hers.locator("h1")).to_have_text("给用人单位")
        fits(hers)
        link = hers.locator("a", has_text="看看对方看到什么").get_attribute("href")
        assert link

        his.goto(link)
        expect(his.locator("h1")).to_have_text("李* 的培训记录")
        fits(his)
        his.click("text=查验这份记录")
        expect(his.locator("main")).to_contain_text("记录真实")
        expect(his.locator("main")).to_contain_text(CODES[0])
        fits(his)

        hers.reload()
        expect(hers.locator("main")).to_contain_text("打开过几次")
        hers.click("text=收回这个链接")
        hers.locator("dialog").get_by_role("button", name="收回", exact=True).click()
        expect(hers.locator(".flashes, .alert").first).to_contain_text("已收回")
        fits(hers)
        his.goto(link)
        expect(his.locator("h1")).to_have_text("这个链接打不开")
        fits(his)
