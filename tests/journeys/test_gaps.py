"""A bad line: what is learned while it is cut is kept on the phone and counted afterwards."""

from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select

from lms.models.study import LessonProgress, StudyHeartbeat
from lms.parts import Parts
from tests.journeys.conftest import VIDEO_SECONDS
from tests.journeys.test_learning import lesson, paused, told, watch_until
from tests.support.cast import PASSWORD, Cast
from tests.support.site import ON_POSTGRESQL, phone, sign_in
from tests.support.waiting import wait_until

API = "**/api/v1/study/**"
CUT_SECONDS = 31
BEFORE_THE_END = VIDEO_SECONDS - 1
KEPT = (
    "Object.keys(localStorage).filter((key) => key.startsWith('study-gap:'))"
    ".map((key) => JSON.parse(localStorage.getItem(key)))"
)

pytestmark = ON_POSTGRESQL


def progress(parts: Parts, cast: Cast, slug: str = "say-hello") -> LessonProgress | None:
    with parts.database.transaction(write=False) as session:
        return session.get(LessonProgress, (cast.enrollment, cast.lessons[slug]))


def credited(parts: Parts, cast: Cast) -> tuple[float, float]:
    """Seconds counted altogether, and of them with the class of a gap."""
    found = progress(parts, cast)
    return (found.credited_ms / 1000, found.by_class.get("gap", 0) / 1000) if found else (0.0, 0.0)


def played(page: Page) -> float:
    return float(page.evaluate("document.querySelector('video').currentTime"))


def cut(place: Page | BrowserContext) -> None:
    """No answer reaches the server any more; what the phone has loaded of the video still plays."""
    place.route(API, lambda route: route.abort("internetdisconnected"))


def mend(place: Page | BrowserContext) -> None:
    place.unroute(API)
    for page in place.pages if isinstance(place, BrowserContext) else [place]:
        page.evaluate("window.dispatchEvent(new Event('online'))")


def started(page: Page, cast: Cast) -> None:
    """Opens the lesson and plays it until a first heartbeat is answered."""
    sign_in(page, cast.phones["lifang"], PASSWORD)
    page.goto(lesson(cast, "say-hello"))
    with page.expect_response(lambda answer: "/study/heartbeats" in answer.url and answer.status == 201):
        page.click(".screen-start")


def test_half_a_minute_without_a_line_is_counted(browser: Browser, address: str, filmed: Cast, parts: Parts) -> None:
    with phone(browser, address) as page:
        started(page, filmed)
        begun = played(page)
        cut(page)
        expect(page.locator("[data-study][data-state=keeping]")).to_contain_text("先记在这部手机里", timeout=40_000)
        cut_until = min(begun + CUT_SECONDS, BEFORE_THE_END)  # the first answer may have been slow to come
        watch_until(page, cut_until)
        page.evaluate("document.querySelector('video').pause()")
        with page.expect_response(lambda answer: "/study/batches" in answer.url and answer.status == 201):
            mend(page)
        expect(page.locator("[data-study-made-up]")).to_contain_text("已补记")
        told(page)
        seen = played(page)
        wait_until(lambda: abs(credited(parts, filmed)[0] - seen) <= 1.5)
        assert credited(parts, filmed)[1] >= cut_until - begun - 25  # all that was not part of the report under way


def test_an_answer_lost_on_its_way_costs_nothing(browser: Browser, address: str, filmed: Cast, parts: Parts) -> None:
    def swallow(route: Route) -> None:
        route.fetch()
        route.abort("internetdisconnected")

    with phone(browser, address) as page:
        started(page, filmed)
        page.route("**/study/heartbeats", swallow)
        page.evaluate("document.querySelector('video').pause()")
        page.click(".keys [data-player-do=toggle]")
        expect(page.locator("[data-study][data-state=keeping]")).to_be_visible()
        watch_until(page, played(page) + 5)
        page.unroute("**/study/heartbeats")
        with page.expect_response(lambda answer: "/study/batches" in answer.url and answer.status == 201):
            mend(page)
        paused(page)
        seen = played(page)
        wait_until(lambda: abs(credited(parts, filmed)[0] - seen) <= 1.5)
        with parts.database.transaction(write=False) as session:
            numbers = session.scalars(select(StudyHeartbeat.seq).order_by(StudyHeartbeat.seq)).all()
        assert list(numbers) == list(range(1, len(numbers) + 1))


def test_an_app_killed_without_a_line_loses_nothing(browser: Browser, address: str, filmed: Cast, parts: Parts) -> None:
    with phone(browser, address) as page:
        context = page.context
        started(page, filmed)
        cut(context)
        begun = played(page)
        watch_until(page, begun + 3)
        page.evaluate("document.querySelector('video').pause()")
        expect(page.locator("[data-study][data-state=keeping]")).to_be_visible()
        page.click(".keys [data-player-do=toggle]")
        watch_until(page, begun + 9)
        seen = played(page)
        page.close()
        assert credited(parts, filmed)[0] <= begun + 1

        again = context.new_page()
        mend(context)
        again.goto(lesson(filmed, "read-hello"))
        expect(again.locator("[data-study-made-up]")).to_contain_text("已补记")
        assert abs(credited(parts, filmed)[0] - seen) <= 4.5  # written down every four seconds
        assert credited(parts, filmed)[1] > 1
        again.wait_for_function(f"() => !({KEPT}).some((one) => one.sealed)")


def test_the_words_after_ten_minutes(browser: Browser, office: str, cast: Cast) -> None:
    with phone(browser, office) as page:
        page.clock.install()
        sign_in(page, cast.phones["lifang"], PASSWORD)
        with page.expect_response("**/study/sessions"):
            page.goto(lesson(cast, "read-hello"))
        expect(page.locator("[data-study][data-state=recording]")).to_be_visible()
        cut(page)
        page.clock.run_for(30_000)
        expect(page.locator("[data-study][data-state=keeping]")).to_be_visible()
        page.clock.run_for(700_000)
        expect(page.locator("[data-study-state]")).to_contain_text("从现在起不记学时")
        assert all(run[3] <= 600_000 for one in page.evaluate(KEPT) for run in one["runs"])
