"""A caregiver learns on her phone, takes the quiz, gets her record; anybody verifies it."""

import re

from playwright.sync_api import Browser, Page, expect

from lms.models.study import LessonProgress
from lms.parts import Parts
from tests.support.cast import PASSWORD, Cast
from tests.support.site import ON_POSTGRESQL, ON_SQLITE, phone, sign_in
from tests.support.waiting import wait_until

CODE = re.compile(r"[0-9A-Z]{5}(-[0-9A-Z]{5}){3}")


def watch_until(page: Page, seconds: float) -> None:
    """Waits until the video itself says it has got that far."""
    page.wait_for_function(
        f"() => document.querySelector('video').currentTime >= {seconds}", timeout=(seconds + 40) * 1000
    )


def credited_ms(parts: Parts, cast: Cast, slug: str = "say-hello") -> int:
    with parts.database.transaction(write=False) as session:
        row = session.get(LessonProgress, (cast.enrollment, cast.lessons[slug]))
        return row.credited_ms if row else 0


def lesson(cast: Cast, slug: str) -> str:
    return f"/learn/courses/{cast.enrollment}/lessons/{cast.lessons[slug]}"


def told(page: Page) -> None:
    """Waits until the video stands and the phone keeps nothing that the server has not answered."""
    page.wait_for_selector("[data-player-box][data-playing=false]")
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('study-gap:'))")


def paused(page: Page) -> None:
    """Pauses, and waits for the answer to the report of what was played."""
    page.click(".keys [data-player-do=toggle]")
    told(page)


def test_learn_quiz_record_verify(browser: Browser, address: str, filmed: Cast, parts: Parts) -> None:
    with phone(browser, address) as page:
        sign_in(page, filmed.phones["lifang"], PASSWORD)
        page.click("text=开始")
        page.click(".screen-start")
        watch_until(page, 25)
        paused(page)
        watched = page.evaluate("document.querySelector('video').currentTime")
        wait_until(lambda: abs(credited_ms(parts, filmed) / 1000 - watched) <= 2)

        page.evaluate("document.querySelector('video').currentTime = 5")
        page.click(".keys [data-player-do=toggle]")
        watch_until(page, 8)
        paused(page)
        assert abs(credited_ms(parts, filmed) / 1000 - watched) <= 2  # what was seen twice counts once

        page.evaluate(f"document.querySelector('video').currentTime = {watched}")
        page.click(".keys [data-player-do=toggle]")
        page.wait_for_selector("[data-study][data-state=done]", timeout=120_000)

        page.goto(lesson(filmed, "read-hello"))
        page.wait_for_selector("[data-study][data-state=done]", timeout=120_000)

        page.goto(lesson(filmed, "quiz-hello"))
        for field, choices in (("q-q1", ["0"]), ("q-q2", ["0", "1"]), ("q-q3", ["0"])):
            for choice in choices:
                page.check(f"input[name={field}][value='{choice}']")
        page.click("text=交卷")
        expect(page.locator("main")).to_contain_text("100 分")
        page.click("text=看结业记录")
        expect(page.locator("main")).to_contain_text(CODE)
        code = CODE.search(page.inner_text("main"))
        assert code

    with phone(browser, address, "en-US") as verifier:
        verifier.goto("/v/")
        verifier.fill("input[name=code]", code[0].lower())
        verifier.click("main button[type=submit]")
        expect(verifier.locator("main")).to_contain_text("李*")
        expect(verifier.locator("main")).to_contain_text(code[0])


@ON_POSTGRESQL
def test_another_phone_goes_on_at_the_same_second(browser: Browser, address: str, filmed: Cast, parts: Parts) -> None:
    with phone(browser, address) as first, phone(browser, address) as second:
        for page in (first, second):
            sign_in(page, filmed.phones["lifang"], PASSWORD)
            page.goto(lesson(filmed, "say-hello"))
        first.click(".screen-start")
        watch_until(first, 6)
        paused(first)
        stopped_at = first.evaluate("document.querySelector('video').currentTime")
        second.reload()
        second.click(".screen-start")
        watch_until(second, stopped_at + 2)
        started_at = float(second.get_attribute("video", "data-position-ms") or 0) / 1000
        assert abs(started_at - stopped_at) <= 1
        first.click(".keys [data-player-do=toggle]")
        paused_by_server = first.locator("[data-study][data-state=elsewhere], [data-study][data-state=recording]")
        expect(paused_by_server).to_have_count(1)


@ON_SQLITE
def test_sixteen_times_the_speed_earns_elapsed_time_only(
    browser: Browser, address: str, filmed: Cast, parts: Parts
) -> None:
    with phone(browser, address) as page:
        sign_in(page, filmed.phones["lifang"], PASSWORD)
        page.goto(lesson(filmed, "say-hello"))
        page.click(".screen-start")
        page.wait_for_function("() => document.querySelector('video').currentTime > 0.2")
        began = page.evaluate("performance.now()")
        page.evaluate("document.querySelector('video').playbackRate = 16")
        watch_until(page, 38)
        page.evaluate("document.querySelector('video').pause()")
        told(page)  # by the pause, or by the end it has come to meanwhile
        elapsed = page.evaluate("performance.now()") - began
        assert 0 < credited_ms(parts, filmed) <= elapsed + 4_000


@ON_SQLITE
def test_a_stranger_gets_404(browser: Browser, office: str, cast: Cast) -> None:
    with phone(browser, office) as page:
        sign_in(page, cast.phones["chenmo"], PASSWORD)
        for slug in ("say-hello", "read-hello"):
            answer = page.goto(lesson(cast, slug))
            assert answer
            assert answer.status == 404
        expect(page.locator("main")).to_contain_text("没有找到")


@ON_POSTGRESQL
def test_the_first_page_of_a_learner_is_light(browser: Browser, office: str, cast: Cast) -> None:
    with phone(browser, office) as page:
        sign_in(page, cast.phones["lifang"], PASSWORD)
        cookies = page.context.cookies()
        fresh = browser.new_context(base_url=office, viewport={"width": 360, "height": 640})
        fresh.add_cookies(cookies)
        first = fresh.new_page()
        client = fresh.new_cdp_session(first)
        client.send("Network.enable")
        sizes: list[float] = []
        client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        first.goto("/learn/", wait_until="networkidle")
        fresh.close()
    assert len(sizes) <= 8, sizes
    assert sum(sizes) <= 60_000, sizes


@ON_SQLITE
def test_pages_work_without_javascript(browser: Browser, office: str, cast: Cast) -> None:
    context = browser.new_context(base_url=office, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    sign_in(page, cast.phones["lifang"], PASSWORD)
    page.click("text=看全部小节")
    page.click(".list a >> text=小测验：问好")
    page.check("input[name=q-q1][value='0']")
    page.check("input[name=q-q3][value='0']")
    page.click("text=交卷")
    expect(page.locator("main")).to_contain_text("第 2 题还没有选")
    page.check("input[name=q-q2][value='2']")
    page.click("text=交卷")
    expect(page.locator("main")).to_contain_text("66 分")
    page.goto("/learn/time")
    expect(page.locator("main")).to_contain_text("还差")
    context.close()
