"""The trainer's desk: what is published, how far the videos are, what learners see; and who may not look."""

import uuid
from dataclasses import dataclass, replace

import pytest
from flask.testing import FlaskClient

from lms import clock
from lms.adapters.production import Made, NotMade
from lms.models.jobs import Job
from lms.parts import Parts
from lms.services import courses, jobs, media
from tests.support.browser import post, session_for
from tests.support.cast import NOON, Cast
from tests.support.texts import small_course


@dataclass(frozen=True)
class Published:
    """A version whose video has just been asked for."""

    version_id: uuid.UUID
    media_id: uuid.UUID
    job_id: uuid.UUID

    @property
    def page(self) -> str:
        return f"/trainer/versions/{self.version_id}"

    @property
    def progress(self) -> str:
        return f"/trainer/media/{self.media_id}/progress"

    @property
    def retries(self) -> str:
        return f"/trainer/media/{self.media_id}/retries"

    def lesson(self, slug: str) -> str:
        return f"{self.page}/lessons/{slug}"


@pytest.fixture
def published(parts: Parts, cast: Cast) -> Published:
    """A second version of the cast's course; its first lesson waits for an expert."""
    text = small_course()
    module = text.modules[0]
    first, *others = module.lessons
    first = replace(first, needs_expert_review=True)
    text = replace(text, modules=(replace(module, lessons=(first, *others)),))
    with parts.database.transaction() as session:
        version = courses.publish(session, text, now=NOON)
        media_id = version.lessons[0].media_id
        job = jobs.find(session, f"media:{media_id}")
    assert media_id is not None
    assert job is not None
    return Published(version.id, media_id, job.id)


@pytest.fixture
def wanglei(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    session_for(client, parts, cast.wanglei)
    return client


def put_job(parts: Parts, published: Published, **values: object) -> None:
    with parts.database.transaction() as session:
        job = session.get_one(Job, published.job_id)
        for name, value in values.items():
            setattr(job, name, value)


def settle(parts: Parts, published: Published, outcome: Made | NotMade) -> None:
    put_job(parts, published, state=jobs.DONE)
    with parts.database.transaction() as session:
        media.settle(session, published.media_id, outcome, now=clock.now())


def test_courses_are_listed_with_their_versions(wanglei: FlaskClient, published: Published) -> None:
    page = wanglei.get("/trainer/").text
    assert "小小课程" in page
    assert page.index("第 2 版") < page.index("第 1 版")
    assert published.page in page


def test_without_courses_the_desk_says_so(client: FlaskClient, parts: Parts, cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(courses, "list_versions", lambda _session: [])
    session_for(client, parts, cast.wanglei)
    assert "还没有发布课程" in client.get("/trainer/").text


def test_a_version_shows_its_lessons(wanglei: FlaskClient, published: Published) -> None:
    page = wanglei.get(published.page).text
    for words in ("第一模块", "怎么问好", "视频", "阅读", "小测验", "计划 3 分钟", "从业规范", "待专家审定"):
        assert words in page
    assert page.count("待专家审定") == 1
    assert "还有 1 个视频没有做好" in page
    assert f'data-poll="{published.progress}"' in page
    assert "视频排队等待制作" in page
    assert published.lesson("quiz-hello") in page


def test_progress_goes_on_until_the_video_is_there(wanglei: FlaskClient, parts: Parts, published: Published) -> None:
    put_job(parts, published, state=jobs.RUNNING, progress=37)
    part = wanglei.get(published.progress)
    assert part.status_code == 200
    assert "37%" in part.text
    assert "data-poll-done" not in part.text
    assert "<html" not in part.text
    settle(parts, published, Made("media/x/1", 125_000, 9, True))
    done = wanglei.get(published.progress).text
    assert "视频已做好，2 分 5 秒" in done
    assert "data-poll-done" in done
    assert "还有" not in wanglei.get(published.page).text


def test_a_refused_video_says_why_and_can_be_asked_for_again(
    wanglei: FlaskClient, parts: Parts, published: Published
) -> None:
    settle(parts, published, NotMade("media_took_too_long", {}))
    refused = wanglei.get(published.progress).text
    assert "处理这个视频用的时间太长" in refused
    assert "data-poll-done" in refused
    answer = post(wanglei, published.retries, at=published.page)
    assert (answer.status_code, answer.headers["Location"]) == (303, published.page)
    assert "视频排队等待制作" in wanglei.get(published.progress).text
    assert parts.bell.waiting() == 1


@pytest.mark.parametrize(("problem", "words"), [("voice_missing", "语音合成"), ("OSError: disk", "写在服务器的日志里")])
def test_a_failed_video_can_be_asked_for_again(
    wanglei: FlaskClient, parts: Parts, published: Published, problem: str, words: str
) -> None:
    put_job(parts, published, state=jobs.FAILED, problem=problem)
    page = wanglei.get(published.page).text
    assert words in page
    assert "disk" not in page
    assert post(wanglei, published.retries, at=published.page).status_code == 303
    assert "视频排队等待制作" in wanglei.get(published.progress).text


def test_a_video_nobody_plays_leads_back_to_the_list(wanglei: FlaskClient, parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        payload = {"original_key": "originals/1"}
        made = media.request(session, title="上传", source_hash="ab" * 32, payload=payload, now=NOON)
        media.settle(session, made.id, NotMade("media_codec", {"codec": "?"}), now=NOON)
        job = jobs.find(session, f"media:{made.id}")
        assert job is not None
        job.state = jobs.DONE
    answer = post(wanglei, f"/trainer/media/{made.id}/retries", at="/trainer/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/trainer/")


def test_what_waits_or_is_done_is_not_asked_for_again(wanglei: FlaskClient, parts: Parts, published: Published) -> None:
    assert post(wanglei, published.retries, at=published.page).status_code == 404
    settle(parts, published, Made("media/x/1", 60_000, 9, True))
    assert post(wanglei, published.retries, at=published.page).status_code == 404
    assert wanglei.post(published.retries).status_code == 400, "no form, no change"


def test_a_trainer_sees_what_learners_see(wanglei: FlaskClient, published: Published) -> None:
    slides = wanglei.get(published.lesson("say-hello")).text
    for words in ("1. 走到面前", "先看着他", "见到老人，先走到他面前。", "待专家审定", "测试资料"):
        assert words in slides
    reading = wanglei.get(published.lesson("read-hello")).text
    assert "<h2>进门之前</h2>" in reading
    assert "待专家审定" not in reading
    quiz = wanglei.get(published.lesson("quiz-hello")).text
    for words in ("见到老人，先做什么？", "对，先让他看见您。", "这样会吓到他。", "声音太大他会紧张。"):
        assert words in quiz


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_pages_come_in_both_languages(wanglei: FlaskClient, published: Published, language: str) -> None:
    with wanglei.session_transaction() as cookie:
        cookie["language"] = language
    for page in ("/trainer/", published.page, published.lesson("quiz-hello"), published.progress):
        assert wanglei.get(page).status_code == 200
    title = "A small course" if language == "en" else "小小课程"
    assert title in wanglei.get(published.page).text


def test_what_does_not_exist_is_not_found(wanglei: FlaskClient, published: Published) -> None:
    for path in (
        f"/trainer/versions/{uuid.uuid4()}",
        f"/trainer/versions/{uuid.uuid4()}/lessons/say-hello",
        published.lesson("no-such-lesson"),
        f"/trainer/media/{uuid.uuid4()}/progress",
    ):
        assert wanglei.get(path).status_code == 404
    assert post(wanglei, f"/trainer/media/{uuid.uuid4()}/retries", at="/trainer/").status_code == 404


@pytest.mark.parametrize("who", ["lifang", "chenmo", "zhoumin"])
def test_who_is_no_trainer_stays_outside(
    client: FlaskClient, parts: Parts, cast: Cast, published: Published, who: str
) -> None:
    put_job(parts, published, state=jobs.FAILED)
    session_for(client, parts, getattr(cast, who))
    for path in ("/trainer/", published.page, published.lesson("say-hello"), published.progress):
        assert client.get(path).status_code == 403
    assert post(client, published.retries, at="/learn/").status_code == 403


def test_who_is_not_signed_in_is_asked_to(client: FlaskClient, published: Published) -> None:
    for path in ("/trainer/", published.page, published.lesson("say-hello"), published.progress):
        response = client.get(path)
        assert response.status_code == 302
        assert "/accounts/login" in response.headers["Location"]
    assert post(client, published.retries, at="/accounts/login").status_code == 302
