"""The library's pages: files without script, their states, what can be done, and who may not look."""

import io
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from lms.adapters.production import Made, NotMade
from lms.models.accounts import Membership
from lms.models.courses import Lesson
from lms.models.jobs import Job
from lms.parts import Parts
from lms.services import jobs, media, uploads
from lms.services.uploads import Asked
from tests.support.browser import csrf_token, post, session_for
from tests.support.cast import NOON, Cast
from tests.support.films import LIMITS, add_file, job_id_of

LIBRARY = "/trainer/library"


@pytest.fixture
def wanglei(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    session_for(client, parts, cast.wanglei)
    return client


@pytest.fixture
def file(parts: Parts, cast: Cast, tmp_path: Path) -> uuid.UUID:
    path = tmp_path / "film"
    path.write_bytes(b"?" * 2_000)
    return add_file(parts, cast.wanglei, path)


def settle(parts: Parts, media_id: uuid.UUID, outcome: Made | NotMade | None = None) -> None:
    made = outcome or Made(f"media/{media_id}/1", 61_000, 5_000, False, width=640, height=360, has_sound=False)
    with parts.database.transaction() as session:
        session.get_one(Job, job_id_of(parts, media_id)).state = jobs.DONE
        media.settle(session, media_id, made, now=NOON)
    for name in ("master.m3u8", "poster.jpg", "sprite.jpg"):
        parts.store.put_bytes(f"media/{media_id}/1/{name}", b"#EXTM3U\n", "text/plain")


def put_job(parts: Parts, media_id: uuid.UUID, **values: object) -> None:
    with parts.database.transaction() as session:
        job = session.get_one(Job, job_id_of(parts, media_id))
        for name, value in values.items():
            setattr(job, name, value)


def send(client: FlaskClient, *files: tuple[bytes, str], **fields: str) -> Any:
    body = {"csrf_token": csrf_token(client, LIBRARY), **fields}
    body["file"] = [(io.BytesIO(content), name) for content, name in files]  # type: ignore[assignment]
    return client.post(f"{LIBRARY}/files", data=body, content_type="multipart/form-data", follow_redirects=True)


def test_an_empty_library_says_what_to_do(wanglei: FlaskClient) -> None:
    page = wanglei.get(LIBRARY)
    assert page.status_code == 200
    for words in ("还没有视频", "上传视频", "每个最大 2048 MB", 'aria-live="polite"', 'data-api="/api/v1/uploads"'):
        assert words in page.text


def test_without_script_small_files_come_by_a_form(wanglei: FlaskClient, parts: Parts) -> None:
    page = send(wanglei, (b"one" * 100, "C:\\录像\\洗手.mp4"), (b"two" * 100, "穿衣.mov"))
    assert page.text.count("已上传，正在处理") == 2
    for words in ("洗手", "穿衣", "排队等待处理", "取消处理", "data-unsettled"):
        assert words in page.text
    assert parts.bell.waiting() == 2
    assert len(list(parts.store.list("originals/"))) == 2


def test_each_bad_file_of_a_form_is_told_by_name(wanglei: FlaskClient, parts: Parts) -> None:
    page = send(wanglei, (b"", "空的.mp4"), (b"one", "好的.mp4"))
    assert "空的.mp4：这个文件是空的" in page.text
    assert page.text.count("视频已上传") == 1
    assert page.status_code == 422
    assert len(list(parts.store.list("originals/"))) == 1


def test_a_form_that_is_too_large_is_refused(wanglei: FlaskClient) -> None:
    answer = wanglei.post(f"{LIBRARY}/files", environ_overrides={"CONTENT_LENGTH": str(70 * 1024 * 1024)})
    assert answer.status_code in (400, 413)


def test_a_foreign_library_takes_no_file(wanglei: FlaskClient, cast: Cast, parts: Parts) -> None:
    assert send(wanglei, (b"one", "a.mp4"), organisation=str(cast.anhe)).status_code == 404
    assert send(wanglei, (b"one", "a.mp4"), organisation="nonsense").status_code == 404
    assert list(parts.store.list("")) == []


def test_who_teaches_for_two_chooses(wanglei: FlaskClient, cast: Cast, parts: Parts) -> None:
    assert "放进哪家机构" not in wanglei.get(LIBRARY).text
    with parts.database.transaction() as session:
        session.add(Membership(account_id=cast.wanglei.account_id, organisation_id=cast.anhe, role="trainer"))
    assert "放进哪家机构" in wanglei.get(LIBRARY).text
    send(wanglei, (b"one", "a.mp4"), organisation=str(cast.anhe))
    with parts.database.transaction(write=False) as session:
        assert uploads.used_bytes(session, cast.anhe) == 3


@pytest.mark.parametrize(
    ("job", "outcome", "words"),
    [
        ({}, None, ("排队等待处理", "取消处理")),
        ({"state": jobs.RUNNING, "progress": 37}, None, ("正在处理，37%", "取消处理")),
        ({"state": jobs.FAILED}, None, ("已隔离", "原文件还在", "再处理一次")),
        ({}, NotMade("media_playlist", {}), ("这个文件不能用", "播放列表", "再处理一次")),
        ({}, NotMade("media_container", {"container": "WMV"}), ("不支持 WMV 格式",)),
    ],
)
def test_every_state_is_told_in_words(
    wanglei: FlaskClient,
    parts: Parts,
    file: uuid.UUID,
    job: dict[str, object],
    outcome: NotMade | None,
    words: tuple[str, ...],
) -> None:
    put_job(parts, file, **job)
    if outcome:
        settle(parts, file, outcome)
    for page in (LIBRARY, f"{LIBRARY}/{file}", f"/trainer/media/{file}/state", "/trainer/media/list"):
        text = wanglei.get(page).text
        for word in words:
            assert word in text, (page, word)


def test_a_finished_video_shows_what_it_is(wanglei: FlaskClient, parts: Parts, file: uuid.UUID) -> None:
    settle(parts, file)
    page = wanglei.get(f"{LIBRARY}/{file}").text
    for words in ("可以播放", "1 分 1 秒", "640×360", "没有声音", "没有字幕", "还没有小节在用", "data-preview"):
        assert words in page
    assert f"/trainer/media/{file}/files/poster.jpg" in wanglei.get(LIBRARY).text
    piece = wanglei.get(f"/trainer/media/{file}/files/master.m3u8")
    assert (piece.status_code, piece.headers["Content-Type"]) == (200, "application/vnd.apple.mpegurl")
    assert wanglei.get(f"/trainer/media/{file}/files/../../originals/x").status_code in (308, 404)
    assert wanglei.get(f"/trainer/media/{file}/files/notes.txt").status_code == 404


def test_processing_can_be_cancelled_and_taken_up_again(wanglei: FlaskClient, file: uuid.UUID) -> None:
    place = f"{LIBRARY}/{file}"
    assert post(wanglei, f"{place}/cancellations", at=place).status_code == 303
    assert "已取消处理" in wanglei.get(place).text
    assert post(wanglei, f"{place}/cancellations", at=place).status_code == 404
    assert post(wanglei, f"{place}/retries", at=place).status_code == 303
    assert "排队等待处理" in wanglei.get(place).text


def test_deleting_asks_first(wanglei: FlaskClient, file: uuid.UUID) -> None:
    place = f"{LIBRARY}/{file}/removal"
    assert "不能恢复" in wanglei.get(place).text
    answer = post(wanglei, place)
    assert (answer.status_code, answer.headers["Location"]) == (303, LIBRARY)
    assert wanglei.get(f"{LIBRARY}/{file}").status_code == 404


def test_what_a_lesson_plays_is_not_deleted(wanglei: FlaskClient, parts: Parts, cast: Cast, file: uuid.UUID) -> None:
    settle(parts, file)
    with parts.database.transaction() as session:
        session.get_one(Lesson, cast.lessons["say-hello"]).media_id = file
    place = f"{LIBRARY}/{file}"
    assert f"/trainer/versions/{cast.version}/lessons/say-hello" in wanglei.get(place).text
    assert "1 个小节在用" in wanglei.get(LIBRARY).text
    page = wanglei.get(f"{place}/removal").text
    assert "有小节正在用这个视频" in page
    assert "不能恢复" not in page
    assert post(wanglei, f"{place}/removal", at=place).status_code == 409


def test_an_unfinished_upload_is_listed_and_can_be_given_up(wanglei: FlaskClient, parts: Parts, cast: Cast) -> None:
    key = uploads.new_key()
    with parts.database.transaction() as session:
        asked = Asked("断了的.mp4", 20, "browser-key-00000001")
        ref = parts.store.begin(key, "video/mp4")
        view = uploads.start(session, cast.wanglei, asked, LIMITS, key=key, ref=ref, now=NOON)
    page = wanglei.get(LIBRARY).text
    assert "断了的.mp4" in page
    assert "已收到 0%" in page
    assert post(wanglei, f"{LIBRARY}/uploads/{view.upload_id}/removal", at=LIBRARY).status_code == 303
    assert "断了的.mp4" not in wanglei.get(LIBRARY).text


def test_courses_do_not_show_other_institutions_files(
    client: FlaskClient, parts: Parts, cast: Cast, file: uuid.UUID
) -> None:
    """The course desk shows any video's progress by its id: not those of a library that is not one's own."""
    put_job(parts, file, state=jobs.FAILED)
    with parts.database.transaction() as session:
        session.add(Membership(account_id=cast.sunyue.account_id, organisation_id=cast.anhe, role="trainer"))
    session_for(client, parts, cast.sunyue)
    assert client.get(f"/trainer/media/{file}/progress").status_code == 404
    assert post(client, f"/trainer/media/{file}/retries", at="/trainer/").status_code == 404
    for page in (f"{LIBRARY}/{file}", f"{LIBRARY}/{file}/removal", f"/trainer/media/{file}/state"):
        assert client.get(page).status_code == 404
    assert client.get(f"/trainer/media/{file}/files/master.m3u8").status_code == 404
    for act in ("retries", "cancellations", "removal"):
        assert post(client, f"{LIBRARY}/{file}/{act}", at="/trainer/").status_code == 404
    assert post(client, f"{LIBRARY}/uploads/{uuid.uuid4()}/removal", at=LIBRARY).status_code == 404
    assert "洗手" not in client.get(LIBRARY).text
    assert "洗手" not in client.get("/trainer/media/list").text


@pytest.mark.parametrize("who", ["lifang", "chenmo", "zhoumin"])
def test_who_is_no_trainer_stays_outside(
    client: FlaskClient, parts: Parts, cast: Cast, file: uuid.UUID, who: str
) -> None:
    session_for(client, parts, getattr(cast, who))
    for page in (LIBRARY, f"{LIBRARY}/{file}", f"{LIBRARY}/{file}/removal", "/trainer/media/list"):
        assert client.get(page).status_code == 403
    assert client.get(f"/trainer/media/{file}/files/master.m3u8").status_code == 403
    for act in ("files", f"{file}/retries", f"{file}/cancellations", f"{file}/removal"):
        assert post(client, f"{LIBRARY}/{act}", at="/learn/").status_code == 403


def test_who_is_not_signed_in_is_asked_to(client: FlaskClient, file: uuid.UUID) -> None:
    for page in (LIBRARY, f"{LIBRARY}/{file}"):
        assert client.get(page).status_code == 302
    assert post(client, f"{LIBRARY}/files", at="/accounts/login").status_code == 302


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_pages_come_in_both_languages(wanglei: FlaskClient, parts: Parts, file: uuid.UUID, language: str) -> None:
    settle(parts, file)
    with wanglei.session_transaction() as cookie:
        cookie["language"] = language
    for page in (LIBRARY, f"{LIBRARY}/{file}", f"{LIBRARY}/{file}/removal", f"{LIBRARY}/{file}/captions"):
        answer = wanglei.get(page)
        assert answer.status_code == 200
        assert ("素材" in answer.text) is (language == "zh_Hans"), page
