"""From an empty course to a released one that a learner studies: a filmed video, captions, a quiz, a second person."""

from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select

from lms.models.base import new_id
from lms.models.courses import CourseVersion, Lesson
from lms.models.enrollments import Cohort, Enrollment
from lms.parts import Parts
from tests.support.cast import NOON, PASSWORD, Cast
from tests.support.films import make_film
from tests.support.site import MADE_MS, ON_SQLITE, phone, sign_in

pytestmark = ON_SQLITE

TOPICS = ("law", "ethics", "conduct", "safety", "health", "epidemic", "psychology", "nutrition")


def save(page: Page) -> None:
    page.click("[data-editor-form] button:has-text('保存')")
    expect(page.locator("main")).to_contain_text("已保存")


def upload_film(page: Page, film: Path) -> None:
    page.goto("/trainer/library")
    page.wait_for_selector("[data-uploads][data-ready]")
    page.set_input_files("#f-file", film)
    expect(page.locator("[data-library]")).to_contain_text("可以播放", timeout=MADE_MS)
    page.click("[data-library] >> text=洗手录像")
    page.click("text=添加字幕")
    page.click("text=加一条")
    page.fill("textarea[name=text]", "先用水打湿双手")
    page.click("main >> text=保存字幕")
    expect(page.locator(".flashes")).to_contain_text("字幕已保存")


def begin_course(page: Page) -> str:
    page.goto("/trainer/drafts/")
    page.click("text=新建课程")
    page.fill("#f-title", "七步洗手")
    page.fill("#f-title_en", "Washing hands")
    page.click("main button:has-text('开始写')")
    page.click("text=加一个模块")
    page.fill("#f-title", "洗手")
    page.fill("#f-title_en", "Washing")
    page.fill("#f-class_hours_online", "0")
    page.fill("[name=goal-1] >> nth=0", "能按步骤洗手")
    page.fill("[name=goal-2] >> nth=0", "Can wash hands step by step")
    page.click("main button:has-text('保存')")
    page.click("text=课程信息和资料来源")
    page.fill("#f-summary", "写给护理员，学会洗干净手")
    page.fill("#f-summary_en", "For carers: washing hands well")
    page.fill("[name=source-1] >> nth=0", "国家卫生健康委《医务人员手卫生规范》WS/T 313—2019")
    page.click("main button:has-text('保存')")
    expect(page.get_by_text("加一节").first).to_be_visible()
    return page.url


AIKEN = "搓手要搓多久？第 {number} 次问\nA. 五秒\nB. 二十秒\nC. 两分钟\nANSWER: B\n\n"


def fill_bank(page: Page, place: Path, course: str) -> None:
    """Six questions from a file somebody had, and a paper that draws two of them."""
    file = place / "washing.txt"
    file.write_text("".join(AIKEN.format(number=number) + "" for number in ("一", "三", "五", "七", "九", "十")))
    page.goto("/trainer/bank/")
    page.click("main >> text=七步洗手")
    page.click("nav[aria-label=题库] >> text=导入")
    page.click("text=导入一个文件")
    page.set_input_files("[name=file]", file)
    page.click("main button:has-text('检查')")
    page.wait_for_selector("text=按这些重新检查")
    page.select_option("[name=objective]", index=1)
    page.click("text=按这些重新检查")
    page.click("main button:has-text('道题')")
    page.wait_for_selector("text=已导入")
    page.goto(course)
    page.click("text=课程信息和资料来源")
    page.fill("[name=exam-m1-1]", "2")
    page.click("main button:has-text('保存')")


def add_lesson(page: Page, course: str, kind: str, title: str, title_en: str) -> None:
    page.goto(course)
    page.click("text=加一节")
    page.check(f"input[name=kind][value={kind}]")
    page.fill("#f-title", title)
    page.fill("#f-title_en", title_en)
    page.click("main button:has-text('接着写内容')")
    page.wait_for_selector("[data-editor-form]")


def write_video(page: Page, course: str) -> None:
    add_lesson(page, course, "video", "看一遍怎么洗", "Watch how")
    page.click("summary >> text=学习目标")
    for topic in TOPICS:
        page.check(f"input[name=topics][value={topic}]")
    page.check("input[name=sources] >> nth=0")
    page.select_option("#f-upload", label="洗手录像.mp4")
    page.fill("#f-body", "先用水打湿双手，再抹肥皂，搓够二十秒。")
    expect(page.locator("[data-editor-said]")).to_have_text("已自动保存")
    expect(page.frame_locator("[data-preview]").locator("article")).to_contain_text("先用水打湿双手")
    save(page)


def write_quiz(page: Page, course: str) -> None:
    add_lesson(page, course, "quiz", "小测验：洗手", "Quiz on washing")
    page.click("summary >> text=学习目标")
    page.check("input[name=topics][value=health]")
    page.fill("[name=q0-stem]", "搓手要搓多久？")
    for place, (text, feedback) in enumerate(
        (("五秒", "太短，洗不干净。"), ("二十秒", "对。"), ("两分钟", "不用这么久。"))
    ):
        page.fill(f"[name=q0-text-{place}]", text)
        page.fill(f"[name=q0-feedback-{place}]", feedback)
    page.check("[name=q0-correct][value='1']")
    save(page)


def test_a_course_from_nothing_to_a_learner(
    browser: Browser, studio: str, cast: Cast, parts: Parts, tmp_path: Path
) -> None:
    film = make_film(tmp_path / "洗手录像.mp4", seconds=20, size="320x180")
    with phone(browser, studio) as page:
        sign_in(page, cast.phones["wanglei"], PASSWORD)
        upload_film(page, film)
        course = begin_course(page)
        write_video(page, course)
        write_quiz(page, course)
        fill_bank(page, tmp_path, course)
        page.goto(course)
        expect(page.locator("main")).to_contain_text("没有要改的地方")
        page.click("main >> a:has-text('送审')")
        page.fill("#f-words", "请对照手卫生规范看一看步骤")
        page.click("main >> button:has-text('送审')")
        expect(page.locator("main")).to_contain_text("等待审核")

    with phone(browser, studio) as page:
        sign_in(page, cast.phones["liuyang"], PASSWORD)
        page.goto("/trainer/drafts/")
        page.click("main >> text=七步洗手")
        page.click("text=写审核结论")
        page.check("input[name=decision][value=approve]")
        page.fill("#f-words", "步骤和规范对得上，可以发布")
        page.click("main button:has-text('提交结论')")
        expect(page.locator(".flashes")).to_contain_text("已发布新版本")

    lesson = enrol(parts, cast)
    with phone(browser, studio) as page:
        sign_in(page, cast.phones["lifang"], PASSWORD)
        page.goto(lesson)
        page.click("[data-player-do=toggle] >> nth=0")
        page.wait_for_function("() => document.querySelector('video').currentTime > 2")
        track = page.get_attribute("track", "src") or ""
        assert "先用水打湿双手" in page.request.get(track).text()
        expect(page.locator("[data-study-total]")).not_to_have_text("0 秒", timeout=120_000)


def enrol(parts: Parts, cast: Cast) -> str:
    """李芳 in a cohort of the new version; where its video lesson is."""
    with parts.database.transaction() as session:
        version = session.scalars(select(CourseVersion).where(CourseVersion.title == "七步洗手")).one()
        days = {"opens_on": date(2026, 11, 1), "closes_on": date(2099, 12, 31)}
        cohort = Cohort(
            organisation_id=cast.kangning,
            course_version_id=version.id,
            name="洗手班",
            policy_code="base-2023",
            created_at=NOON,
            **days,
        )
        session.add(cohort)
        session.flush()
        mine = new_id()
        ids = {"cohort_id": cohort.id, "person_id": cast.lifang.person_id, "course_version_id": version.id}
        session.add(Enrollment(id=mine, created_at=NOON, **ids))
        lesson = session.scalars(
            select(Lesson).where(Lesson.course_version_id == version.id, Lesson.kind == "video")
        ).one()
        return f"/learn/courses/{mine}/lessons/{lesson.id}"


def test_what_is_typed_before_the_script_and_while_it_saves_is_kept(browser: Browser, office: str, cast: Cast) -> None:
    held: list[Route] = []
    with phone(browser, office) as page:
        sign_in(page, cast.phones["wanglei"], PASSWORD)
        course = begin_course(page)
        page.route("**/js/editor.js*", lambda route: held.append(route), times=1)
        with page.expect_request("**/js/editor.js*"):
            add_lesson(page, course, "reading", "第一节", "First")
        page.fill("#f-body", "先写的话")
        page.route("**/drafts/**", lambda route: held.append(route), times=1)
        with page.expect_request(lambda asked: asked.method == "POST" and asked.resource_type == "fetch"):
            held[0].continue_()
        page.fill("#f-body", "后写的话")
        page.click("[data-editor-form] button:has-text('保存')")
        held[1].continue_()
        expect(page.locator("main")).to_contain_text("已保存")
        expect(page.locator("#f-body")).to_have_value("后写的话")


def test_a_lesson_is_dragged_and_moved_by_keyboard(browser: Browser, studio: str, cast: Cast) -> None:
    with phone(browser, studio) as page:
        sign_in(page, cast.phones["wanglei"], PASSWORD)
        course = begin_course(page)
        for title in ("第一节", "第二节", "第三节"):
            add_lesson(page, course, "reading", title, title)
        page.goto(course)
        names = page.locator(".outline-name")
        page.set_viewport_size({"width": 1280, "height": 800})
        with page.expect_event("load"):  # it is told, and the page comes anew
            page.drag_and_drop(".outline-row >> nth=2", ".outline-row >> nth=0", target_position={"x": 20, "y": 2})
        expect(names.first).to_contain_text("第三节")
        page.get_by_label("下移“第三节”").focus()
        page.keyboard.press("Enter")
        expect(names.first).to_contain_text("第一节")
