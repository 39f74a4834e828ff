"""A video that never passes through the site: from the trainer's phone to the S3 service, and back to a player."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.adapters.test_storage import LINUX_ONLY
from tests.support.cast import PASSWORD, Cast
from tests.support.films import make_film
from tests.support.site import MADE_MS, ON_SQLITE, phone, sign_in
from tests.support.swift import Swift

pytestmark = [LINUX_ONLY, ON_SQLITE]


@pytest.fixture
def environment(environment: dict[str, str], swift: Swift) -> dict[str, str]:
    direct = {"LMS_UPLOAD_DIRECT": "yes", "LMS_MEDIA_DIRECT": "yes"}
    return {**environment, **swift.environment(swift.new_bucket()), **direct}


def test_a_video_goes_up_and_plays_without_the_site(
    browser: Browser, studio: str, cast: Cast, swift: Swift, tmp_path: Path
) -> None:
    film = make_film(tmp_path / "手机录像.mp4", seconds=4, size="320x180")
    with phone(browser, studio) as page:
        sign_in(page, cast.phones["wanglei"], PASSWORD)
        page.goto("/trainer/library")
        page.wait_for_selector("[data-uploads][data-ready]")
        asked: list[tuple[str, str]] = []
        page.on("requestfinished", lambda request: asked.append((request.method, request.url)))
        page.set_input_files("#f-file", film)
        expect(page.locator(".upload")).to_have_attribute("data-state", "done", timeout=120_000)
        expect(page.locator("[data-library]")).to_contain_text("可以播放", timeout=MADE_MS)
        page.click("[data-library] >> text=手机录像")
        page.click("[data-preview-play]")
        page.wait_for_function("() => document.querySelector('video').currentTime > 0.5")
    assert any(method == "PUT" and url.startswith(swift.endpoint) for method, url in asked)
    assert any(method == "GET" and url.startswith(swift.endpoint) and ".m4s?" in url for method, url in asked)
