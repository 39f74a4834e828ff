"""A class's dossier from one click to the file, and an inspector samples."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from lms import clock
from lms.parts import Parts
from lms.verifier import dossier
from tests.support import history
from tests.support.cast import PASSWORD, Cast
from tests.support.ledger import Scribe
from tests.support.site import MADE_MS, ON_POSTGRESQL, phone, sign_in
from tests.support.study import Phone, WoundClock

pytestmark = ON_POSTGRESQL


def studied(parts: Parts, cast: Cast) -> None:
    scribe = Scribe(parts, cast)
    began = clock.now() - timedelta(days=1)
    for at in range(3):
        scribe.study("say-hello", (at * 20_000, at * 20_000 + 20_000), began + timedelta(minutes=at))
    scribe.settle()


def beaten(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two heartbeats with their evidence, signed."""
    wound, device = WoundClock(monkeypatch), Phone(parts, cast.lifang, cast.enrollment, cast.lessons["say-hello"])
    device.open()
    for at in (0, 20_000):
        wound.forward(20_000)
        device.beat(at, at + 20_000)
    history.sign(parts)


def test_from_one_click_to_the_file(
    browser: Browser, studio: str, cast: Cast, parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beaten(parts, cast, monkeypatch)
    with phone(browser, studio) as page:
        sign_in(page, cast.phones["zhoumin"], PASSWORD)
        page.goto(f"/institution/cohorts/{cast.cohort}")
        page.click("main >> text=做一期一档")
        link = page.locator("main a:has-text('下载（')")
        expect(link).to_be_visible(timeout=MADE_MS)
        with page.expect_download() as waiting:
            link.click()
        waiting.value.save_as(tmp_path / "dossier.zip")
        assert "一期一档" in waiting.value.suggested_filename
    report = dossier.check(tmp_path / "dossier.zip")
    assert report.findings == []
    assert (report.intervals, report.entries, report.proved) == (2, 3, 3)  # the session has an entry too


def test_an_inspector_samples(browser: Browser, office: str, cast: Cast, parts: Parts) -> None:
    studied(parts, cast)
    with phone(browser, office) as page:
        sign_in(page, cast.phones["wujian"], PASSWORD)
        page.click("main >> text=康宁养老服务中心")
        page.click("main >> text=2026年冬季一班")
        page.click("main >> text=抽查")
        page.locator("label.choice", has_text="学习时段").click()
        page.fill("input[name=wanted]", "2")
        page.click("main button[type=submit]")
        expect(page.locator("main")).to_contain_text("怎么抽的")
        page.click("main >> text=一个一个看")
        page.click("main >> text=看这段学习的证据")
        expect(page.locator("main")).to_contain_text("李芳")
        page.go_back()
        page.locator("label.choice", has_text="有疑问").click()
        page.fill("textarea[name=words]", "夜里学的，要问一问")
        judged = page.url
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: url != judged)  # the next of them
        page.locator("label.choice", has_text="没有问题").click()
        page.click("main button[type=submit]")
        expect(page.locator("main")).to_contain_text("夜里学的，要问一问")
        expect(page.locator("main")).to_contain_text("有疑问")
