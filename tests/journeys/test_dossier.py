"""A class's dossier from one click to the file; an inspector samples; what is left in a browser after logout."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from lms import clock
from lms.parts import Parts
from lms.verifier import dossier
from tests.support import history
from tests.support.canaries import ENGLISH, NAME, NUMBER, PHONE, WORDS, Watch
from tests.support.cast import PASSWORD, Cast
from tests.support.ledger import Scribe
from tests.support.site import ON_POSTGRESQL, phone, sign_in
from tests.support.study import Phone, WoundClock

pytestmark = ON_POSTGRESQL

STORED = """async () => {
  const told = [document.cookie];
  for (const shelf of [localStorage, sessionStorage])
    for (let at = 0; at < shelf.length; at += 1) told.push(shelf.key(at) + "=" + shelf.getItem(shelf.key(at)));
  for (const { name, version } of await indexedDB.databases()) {
    const base = await new Promise((done) => {
      const asked = indexedDB.open(name, version);
      asked.onsuccess = () => done(asked.result);
    });
    for (const shelf of Array.from(base.objectStoreNames)) {
      const rows = await new Promise((done) => {
        const asked = base.transaction(shelf).objectStore(shelf).getAll();
        asked.onsuccess = () => done(asked.result);
      });
      told.push(name + "/" + shelf + " " + JSON.stringify(rows));
    }
    base.close();
  }
  for (const name of await caches.keys())
    for (const asked of await (await caches.open(name)).keys()) told.push(name + " " + asked.url);
  return told;
}"""


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


def log_out(page: Page) -> None:
    page.goto("/accounts/me")
    page.click("main >> text=退出登录")
    page.wait_for_url("**/accounts/login")


def test_from_one_click_to_the_file(
    browser: Browser, studio: str, cast: Cast, parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beaten(parts, cast, monkeypatch)
    with phone(browser, studio) as page:
        sign_in(page, cast.phones["zhoumin"], PASSWORD)
        page.goto(f"/institution/cohorts/{cast.cohort}")
        page.click("main >> text=做一期一档")
        link = page.locator("main a:has-text('下载（')")
        expect(link).to_be_visible()
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
        page.click("main button[type=submit]")
        page.locator("label.choice", has_text="没有问题").click()
        page.click("main button[type=submit]")
        expect(page.locator("main")).to_contain_text("夜里学的，要问一问")
        expect(page.locator("main")).to_contain_text("有疑问")


def test_nothing_of_hers_stays_in_a_browser_after_logout(
    browser: Browser, office: str, cast: Cast, tmp_path: Path
) -> None:
    """Enrolled at one desk, words half written and a film half sent at others; then everybody signs out."""
    watch = Watch()
    with phone(browser, office) as page:
        page.on("request", lambda asked: watch.lines.append(asked.url))
        sign_in(page, cast.phones["zhoumin"], PASSWORD)
        page.goto(f"/institution/cohorts/{cast.cohort}/learners/new")
        for name, value in (("name", NAME), ("number", NUMBER), ("phone", PHONE)):
            page.fill(f"input[name={name}]", value)
        page.click("main button[type=submit]")
        expect(page.locator("main")).to_contain_text(NAME)
        log_out(page)
        sign_in(page, cast.phones["wanglei"], PASSWORD)
        page.evaluate(
            "(fields) => localStorage.setItem('form:sheet', JSON.stringify({at: 1e15, fields: [fields]}))",
            [NAME, WORDS],
        )
        page.goto("/trainer/library")
        film = tmp_path / f"{ENGLISH}.mp4"
        film.write_bytes(b"no film " * 1000)
        page.set_input_files("input[type=file]", str(film))
        expect(page.locator("main")).to_contain_text(ENGLISH)
        kept = page.evaluate(STORED)
        assert any(WORDS in each for each in kept)
        log_out(page)
        left = page.evaluate(STORED) + [str(each) for each in page.context.cookies()]
    assert watch.hits("browser storage", left) == []
    assert watch.hits("request line", watch.lines) == []
    assert any(re.search("learners/new", line) for line in watch.lines)
