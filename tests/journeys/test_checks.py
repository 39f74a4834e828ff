"""Presence checks on the phone: answered right, called away, in large letters, in English, made up for later."""

from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select, update

from lms.models.presence import PresenceCheck
from lms.models.study import LessonProgress, StudyLease
from lms.parts import Parts
from tests.journeys.test_learning import lesson, watch_until
from tests.support.cast import PASSWORD, Cast
from tests.support.site import ON_SQLITE, fits, phone, sign_in
from tests.support.waiting import wait_until

pytestmark = ON_SQLITE

SHEET = "[data-check-sheet]"
ALL_TOLD = """() => document.querySelector("[data-study]").dataset.state !== "recording"
  && !Object.keys(localStorage).some((key) => key.startsWith("study-gap:"))"""


def check_soon(page: Page, parts: Parts) -> None:
    """Stands for the draw of the server: the first heartbeat to come finds that a check is due."""

    def draw(route: Route) -> None:
        wait_until(lambda: drawn(parts))
        route.continue_()

    page.route("**/study/heartbeats", draw, times=1)


def drawn(parts: Parts) -> bool:
    with parts.database.transaction() as session:
        leases = session.execute(update(StudyLease).values(check_in_ms=1).returning(StudyLease.person_id))
        return leases.first() is not None


def right_option(parts: Parts) -> int:
    with parts.database.transaction(write=False) as session:
        newest = select(PresenceCheck.right_option).order_by(PresenceCheck.issued_ms.desc()).limit(1)
        return session.scalars(newest).one()


def confirmed_ms(parts: Parts, cast: Cast) -> int:
    with parts.database.transaction(write=False) as session:
        return session.get_one(LessonProgress, (cast.enrollment, cast.lessons["say-hello"])).confirmed_ms


def asked(page: Page, cast: Cast, parts: Parts) -> float:
    """Plays the video until the question comes; where it stopped."""
    sign_in(page, cast.phones["lifang"], PASSWORD)
    page.goto(lesson(cast, "say-hello"))
    check_soon(page, parts)
    page.click(".screen-start")
    page.wait_for_selector(SHEET)
    return float(page.evaluate("document.querySelector('video').currentTime"))


def is_paused(page: Page) -> bool:
    return bool(page.evaluate("document.querySelector('video').paused"))


def test_a_right_answer_confirms_and_the_video_goes_on(
    browser: Browser, address: str, filmed: Cast, parts: Parts
) -> None:
    with phone(browser, address) as page:
        stopped = asked(page, filmed, parts)
        assert is_paused(page)
        heights = [box["height"] for each in page.locator(".check-option").all() if (box := each.bounding_box())]
        assert len(heights) >= 2
        assert min(heights) >= 56
        assert page.evaluate(f"document.querySelector('{SHEET}').contains(document.activeElement)")
        expect(page.locator("[data-check-left]")).to_contain_text("秒")
        page.locator(".check-option").nth(right_option(parts)).click()
        expect(page.locator("[data-check-result]")).to_contain_text("这段时间已确认")
        expect(page.locator(SHEET)).to_be_hidden()
        watch_until(page, stopped + 0.5)
        assert confirmed_ms(parts, filmed) > 0


def test_called_away_and_back_at_the_same_second(browser: Browser, address: str, filmed: Cast, parts: Parts) -> None:
    with phone(browser, address, "en-US") as page:
        stopped = asked(page, filmed, parts)
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")  # the last button is the honest one
        result = page.locator("[data-check-result]")
        expect(result).to_contain_text("Nothing is lost")
        assert is_paused(page)
        assert abs(float(page.evaluate("document.querySelector('video').currentTime")) - stopped) < 0.1
        assert confirmed_ms(parts, filmed) == 0
        page.keyboard.press("Enter")  # the focus stands on the button that goes on
        watch_until(page, stopped + 0.5)
        expect(result).to_be_empty()


def test_a_wrong_answer_in_large_letters_is_made_up_for(
    browser: Browser, address: str, filmed: Cast, parts: Parts
) -> None:
    with phone(browser, address) as page:
        sign_in(page, filmed.phones["lifang"], PASSWORD)
        page.click("[data-text-size]")
        check_soon(page, parts)
        page.goto(lesson(filmed, "read-hello"))
        page.wait_for_selector(SHEET)
        box = page.locator(SHEET).bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["height"] <= 640
        fits(page)
        page.locator("[data-check-busy]").scroll_into_view_if_needed()
        options = page.locator(".check-option")
        options.nth((right_option(parts) + 1) % options.count()).click()
        result = page.locator("[data-check-result]")
        expect(result).to_contain_text("学时还在")
        page.wait_for_function(
            ALL_TOLD
        )  # what is told later would not be asked about by the check that makes up for it
        result.locator("a").click()
        expect(page.locator("main")).to_contain_text("没有确认")
        page.click("text=现在补答")
        expect(page.locator(".choice input").first).to_be_attached()  # and with it the check that was drawn for it
        page.locator(".choice input").nth(right_option(parts)).check()
        page.click("text=选好了")
        expect(page.locator(".flashes")).to_contain_text("这段时间已确认")
        expect(page.locator("main")).to_contain_text("都确认了")


def test_an_answer_that_finds_no_line_is_sent_again(browser: Browser, office: str, cast: Cast, parts: Parts) -> None:
    with phone(browser, office) as page:
        sign_in(page, cast.phones["lifang"], PASSWORD)
        check_soon(page, parts)
        page.goto(lesson(cast, "read-hello"))
        page.wait_for_selector(SHEET)
        page.route("**/study/challenges/**", lambda route: route.abort("internetdisconnected"))
        page.locator(".check-option").nth(right_option(parts)).click()
        expect(page.locator("[data-check-trouble]")).to_be_visible()
        page.unroute("**/study/challenges/**")
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(page.locator("[data-check-result]")).to_contain_text("这段时间已确认")
        expect(page.locator("[data-study][data-state=recording]")).to_be_visible()
