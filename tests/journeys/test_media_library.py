"""A trainer uploads a phone video over a line that breaks, sees it made, watches it and gives it captions."""

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from lms.models.uploads import LibraryFile
from lms.parts import Parts
from tests.support.cast import PASSWORD, Cast
from tests.support.films import make_film
from tests.support.site import MADE_MS, ON_SQLITE, phone, sign_in

pytestmark = ON_SQLITE

MEGABYTE = 1024 * 1024
LIBRARY = "/trainer/library"
KEPT_PAUSED = """() => new Promise((done) => {
  const asked = indexedDB.open("kangxue-uploads");
  asked.onsuccess = () => {
    const rows = asked.result.transaction("files").objectStore("files").getAll();
    rows.onsuccess = () => (asked.result.close(), done(rows.result.some((row) => row.paused)));
  };
})"""


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A short film in a large file: three parts of five megabytes. What follows its end is empty (a `free` box)."""
    path = make_film(tmp_path / "手机录像.mp4", seconds=4, size="320x180")
    air = 12 * MEGABYTE
    with path.open("ab") as file:
        file.write(air.to_bytes(4, "big") + b"free" + bytes(air - 8))
    return path


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "LMS_UPLOAD_PART_MB": "5"}


def open_library(page: Page) -> None:
    page.goto(LIBRARY)
    page.wait_for_selector("[data-uploads][data-ready]")


def test_a_phone_video_over_a_broken_line(browser: Browser, studio: str, cast: Cast, parts: Parts, film: Path) -> None:
    sent: list[str] = []

    def break_off(route: Route) -> None:
        """The first part needs two tries; the others never arrive while the line is down."""
        number = route.request.url.rpartition("/")[2]
        sent.append(number)
        if number == "1" and sent.count("1") == 2:
            route.continue_()
        else:
            route.abort("connectionreset")

    with phone(browser, studio) as page:
        sign_in(page, cast.phones["wanglei"], PASSWORD)
        open_library(page)
        page.route("**/parts/*", break_off)
        with page.expect_response(lambda answer: answer.url.endswith("/parts/1"), timeout=MADE_MS) as first:
            page.set_input_files("#f-file", film)
        assert first.value.ok, "the server has the first part"
        row = page.locator(".upload")
        expect(row).to_have_attribute("data-state", "waiting")
        expect(row).to_contain_text("网络不好，已传的部分都在")
        expect(page.locator("[data-upload-said]")).to_contain_text("手机录像.mp4")
        page.wait_for_function("() => document.querySelector('[data-upload-bar]').value > 0.3")
        page.click("[data-upload-do=pause]")
        expect(row).to_have_attribute("data-state", "paused")
        page.wait_for_function(KEPT_PAUSED)

        page.unroute("**/parts/*")
        open_library(page)
        expect(row).to_have_attribute("data-state", "paused")
        expect(page.locator("[data-coming]")).to_contain_text("已收到 33%")
        page.click("[data-upload-do=resume]")
        expect(row).to_have_attribute("data-state", "done", timeout=120_000)
        assert sent.count("1") == 2, "the part that had arrived was not sent again"
        expect(page.locator("[data-library]")).to_contain_text("可以播放", timeout=MADE_MS)

        page.click("[data-library] >> text=手机录像")
        page.click("[data-preview-play]")
        page.wait_for_function("() => document.querySelector('video').currentTime > 0.5")

        page.click("text=添加字幕")
        page.click("text=加一条")
        page.fill("textarea[name=text]", "先洗手，再开门")
        page.click("main >> text=保存字幕")
        expect(page.locator(".flashes")).to_contain_text("字幕已保存")

    with parts.database.transaction(write=False) as session:
        file = session.query(LibraryFile).one()
    assert file.content_hash == hashlib.sha256(film.read_bytes()).hexdigest()


def test_a_disguised_playlist_is_refused_in_words(browser: Browser, studio: str, cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "课程.mp4"
    path.write_text("#EXTM3U\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")
    with phone(browser, studio) as page:
        sign_in(page, cast.phones["wanglei"], PASSWORD)
        open_library(page)
        page.set_input_files("#f-file", path)
        listed = page.locator("[data-library]")
        expect(listed).to_contain_text("这个文件不能用", timeout=120_000)
        expect(listed).to_contain_text("这是一个播放列表，不是视频本身")


def test_the_library_works_without_javascript(browser: Browser, studio: str, cast: Cast, tmp_path: Path) -> None:
    film = make_film(tmp_path / "小视频.mp4")
    context = browser.new_context(base_url=studio, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    sign_in(page, cast.phones["wanglei"], PASSWORD)
    page.goto(LIBRARY)
    page.set_input_files("#f-file", film)
    page.click("main >> text=上传 >> nth=-1")
    expect(page.locator(".flashes")).to_contain_text("已上传，正在处理")
    expect(page.locator("[data-library]")).to_contain_text("小视频")
    context.close()
