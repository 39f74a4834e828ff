"""The canary at every desk of one browser: what stays in it, and where its addresses lead (ASVS 14.3.1–14.3.3)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, Request, Response, expect
from sqlalchemy import select

from lms import clock
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.enrollments import Enrollment
from lms.models.people import Person
from lms.models.rights import MonthlyStatement
from lms.parts import Parts
from tests.support.canaries import ENGLISH, NAME, NUMBER, PHONE, WORDS, Watch, opened
from tests.support.canary_flows import LOUD, work
from tests.support.cast import PASSWORD, Cast
from tests.support.filing import Office
from tests.support.identity import REASON
from tests.support.rosters import PLAIN_TITLES, comma
from tests.support.site import ON_POSTGRESQL, phone, sign_in

pytestmark = ON_POSTGRESQL

STORED = """async () => {
  const told = [document.cookie, JSON.stringify(history.state)];
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


class Walk:
    """One browser, and everybody who sits down at it."""

    def __init__(self, page: Page, watch: Watch) -> None:
        self.page, self.watch, self.main = page, watch, page.locator("main")
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _asked(self, request: Request) -> None:
        self.watch.lines += [request.url, request.headers.get("referer", "")]

    def _answered(self, response: Response) -> None:
        is_page = response.request.resource_type in ("document", "fetch", "xhr")
        if is_page and "no-store" not in response.headers.get("cache-control", ""):
            self.watch.kept.append(response.url)

    def open(self, url: str) -> None:
        """A page by its address, and the title that stands in the history for it."""
        self.page.goto(url)
        self.watch.titles.append(self.page.title())

    def fill(self, **told: str) -> None:
        """Fields by their names."""
        for name, value in told.items():
            self.page.locator(f"main [name={name}]").fill(value)

    def press(self, words: str) -> None:
        """A button or a link of the page."""
        button, link = self.main.get_by_role("button", name=words), self.main.get_by_role("link", name=words)
        button.or_(link).first.click()

    def shows(self, words: str) -> None:
        """Waits until it stands there."""
        expect(self.main).to_contain_text(words)
        self.watch.titles.append(self.page.title())

    def fetch(self, words: str) -> bytes:
        """A file."""
        with self.page.expect_download() as coming:
            self.press(words)
        return Path(coming.value.path()).read_bytes()

    def left(self) -> list[str]:
        """All that the browser keeps at this moment."""
        kept: list[str] = self.page.evaluate(STORED)
        return kept + [opened(each.get("value", "")) for each in self.page.context.cookies()]

    @contextmanager
    def sits_down(self, number: str) -> Iterator[None]:
        """Somebody signs in, works, and signs out."""
        sign_in(self.page, number, PASSWORD)
        yield
        self.page.goto("/accounts/me")
        self.press("退出登录")
        self.page.wait_for_url("**/accounts/login")


def enter(walk: Walk, cast: Cast) -> None:
    walk.open(f"/institution/cohorts/{cast.cohort}/learners/new")
    walk.fill(name=NAME, number=NUMBER, phone=PHONE)
    walk.press("加入班期")
    walk.shows(f"{NAME} 已加入班期")


def bring(walk: Walk, parts: Parts, cast: Cast, folder: Path) -> None:
    file = folder / f"{NAME}.csv"
    hers = ["1", NAME, "女", NUMBER, PHONE, "企业在职职工", "初中"]
    file.write_bytes(comma([[*PLAIN_TITLES], hers, [*hers[:3], PHONE, NUMBER, *hers[5:]]]))
    walk.open(f"/institution/cohorts/{cast.cohort}/rosters/")
    walk.page.set_input_files("[name=file]", file)
    walk.press("上传")
    walk.page.wait_for_url("**/institution/rosters/*")
    roster = walk.page.url
    work(parts)
    walk.open(roster)
    walk.press("检查每一行")
    walk.page.wait_for_url("**/institution/rosters/*")
    work(parts)
    walk.open(roster)
    walk.fetch("下载要改的行")


def reveal(walk: Walk, enrollment: str) -> None:
    walk.open(f"/institution/learners/{enrollment}/identity/reveals")
    walk.page.select_option("select[name=field]", "number")
    walk.page.select_option("select[name=purpose]", "claim")
    walk.fill(reason=REASON)
    walk.press("看一次")
    walk.shows(NUMBER)
    walk.press("看完了")
    walk.shows("身份信息")


def file_class(walk: Walk, parts: Parts, cast: Cast) -> None:
    today = clock.civil_day(clock.now())
    days = {"opens_on": today, "closes_on": today + timedelta(days=9)}
    draft = Office(parts, cast, clock.now()).start("补贴二班", **days)
    walk.open(f"/institution/cohorts/{draft}/filing/basics")
    walk.fill(manager=NAME, phone=PHONE, size="9", place="康宁路")
    walk.press("保存，下一步")
    walk.page.wait_for_url("**/filing/training")
    walk.open(f"/institution/cohorts/{draft}/filing")
    walk.shows(NAME)


def report(walk: Walk, cast: Cast) -> None:
    walk.open("/institution/reports/hours")
    walk.page.select_option("select[name=cohort]", str(cast.cohort))
    walk.press("查看")
    walk.page.wait_for_url(lambda url: "cohort=" in url)
    walk.shows(NAME)
    walk.press("存为常用报表")
    walk.fill(name=NUMBER)
    walk.press("保存")
    walk.shows("名字里不要写")
    walk.fill(name=NAME)
    walk.press("保存")
    walk.shows(NAME)
    walk.open("/institution/reports/hours/full")
    walk.fill(purpose="向区人社局申报")
    walk.page.select_option("select[name=file_format]", "csv")
    assert NUMBER in walk.fetch("导出").decode("utf-8-sig")


def come_in(walk: Walk) -> None:
    """She reads, says no, writes that the name is wrong: half of it, with a number in it, and rightly."""
    walk.press("我看过了")
    walk.press("我同意")
    walk.press("这不是我")
    walk.fill(words=LOUD)
    assert walk.watch.hits("half-written", walk.left()) == []
    walk.page.locator("main label.choice").first.click()
    walk.fill(words=f"{LOUD}{NUMBER}")
    walk.press("告诉机构")
    expect(walk.main.locator(".alert.bad")).to_be_visible()
    walk.fill(words=LOUD)
    walk.press("告诉机构")
    expect(walk.page.locator("h1")).to_contain_text(NAME)


def look_after_herself(walk: Walk, parts: Parts) -> None:
    walk.open("/learn/mine/requests/correction")
    walk.fill(words=LOUD)
    walk.press("提交")
    walk.shows(NAME)
    walk.press("给我做一份")
    walk.page.wait_for_url("**/learn/mine/exports/*")
    work(parts)
    walk.open(walk.page.url)
    assert walk.fetch("下载（").startswith(b"PK")
    walk.open("/learn/statements/")
    walk.main.locator("ul.list a").first.click()
    walk.press("不对？")
    walk.fill(words=LOUD)
    walk.press("交给机构")
    walk.shows(WORDS)
    walk.open("/learn/identity")
    walk.shows(REASON)


def herself(parts: Parts, cast: Cast, password_hash: str) -> str:
    """She may come in by the common password, and has a month in writing; her place in the class."""
    with parts.database.transaction() as session:
        person = session.scalars(select(Person).where(Person.name == NAME)).one()
        account = session.scalars(select(Account).where(Account.person_id == person.id)).one()
        account.password_hash = password_hash
        enrollment = str(session.scalars(select(Enrollment.id).where(Enrollment.person_id == person.id)).one())
        line = {"enrollment": enrollment, "organisation": str(cast.kangning), "institution": "康宁", "cohort": "一班"}
        line |= {"course": "问好", "course_en": "", "policy": "base-2023"}
        sums = dict.fromkeys(("days", "credited_ms", "confirmed_ms", "hour_hundredths"), 1)
        month = date(2026, 10, 1)
        session.add(
            MonthlyStatement(id=new_id(), person_id=person.id, month=month, rows=[line | sums], made_at=clock.now())
        )
    return enrollment


def write_a_course(walk: Walk, folder: Path) -> None:
    """Words half written and a film half sent, as the scripts of sheets and uploads keep them until they are sent."""
    walk.page.evaluate(
        "(fields) => localStorage.setItem('form:sheet', JSON.stringify({at: 1e15, fields: [fields]}))", [NAME, WORDS]
    )
    walk.open("/trainer/library")
    film = folder / f"{ENGLISH}.mp4"
    film.write_bytes(b"no film " * 1000)
    walk.page.set_input_files("input[type=file]", str(film))
    walk.shows(ENGLISH)
    assert any(WORDS in each for each in walk.left())


def test_nothing_of_hers_stays_in_a_browser(
    browser: Browser, office: str, parts: Parts, cast: Cast, password_hash: str, tmp_path: Path
) -> None:
    """Staff and she herself leave nothing even before they sign out; a trainer's drafts are gone afterwards."""
    watch = Watch()
    with phone(browser, office) as page:
        walk = Walk(page, watch)
        with walk.sits_down(cast.phones["zhoumin"]):
            enter(walk, cast)
            enrollment = herself(parts, cast, password_hash)
            bring(walk, parts, cast, tmp_path)
            reveal(walk, enrollment)
            file_class(walk, parts, cast)
            report(walk, cast)
            assert watch.hits("at the institution's desk", walk.left()) == []
        with walk.sits_down(PHONE):
            come_in(walk)
            look_after_herself(walk, parts)
            walk.open(f"/learn/no-such-page/{enrollment}")
            assert watch.hits("on her own phone", walk.left()) == []
        with walk.sits_down(cast.phones["wanglei"]):
            write_a_course(walk, tmp_path)
        left = walk.left()
    assert watch.hits("browser storage", left) == []
    assert watch.hits("request line", watch.lines) == []
    assert watch.hits("title in the history", watch.titles) == []
    assert watch.kept == []
    assert any("learners/new" in line for line in watch.lines)
