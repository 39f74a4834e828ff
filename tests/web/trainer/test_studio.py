"""The studio's pages: a course from nothing to release by two people; and what a stranger finds."""

import io
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.authoring.archive import pack
from lms.models.courses import CourseVersion
from lms.models.drafts import Draft, DraftFile
from lms.parts import Parts
from lms.services import drafts
from tests.authoring.packages import L1, L2, RELEASABLE, Q
from tests.services.test_drafts import picture
from tests.support.browser import csrf_token, session_for
from tests.support.cast import NOON, Cast

MODULE = {
    "title": "问好",
    "title_en": "Greeting",
    "class_hours_online": "1",
    "goal-0": "",
    "goal-1": "能问好",
    "goal-2": "Can greet",
}
LESSON = {"title": "先问好", "title_en": "Say hello", "kind": "video"}


@pytest.fixture
def wanglei(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    session_for(client, parts, cast.wanglei)
    return client


@pytest.fixture
def draft(parts: Parts, cast: Cast) -> uuid.UUID:
    """A sound draft of 王磊's, as an import brings it."""
    packed = pack({path: text.encode() for path, text in RELEASABLE.items()})
    with parts.database.transaction() as session:
        made = drafts.begin_from_archive(session, parts.store, cast.wanglei, cast.kangning, packed, now=NOON)
        assert made.draft
        return made.draft.id


def post(client: FlaskClient, url: str, form: dict[str, Any] | None = None, **more: Any) -> TestResponse:
    """Posts a form with the token of the page that lists the drafts."""
    return client.post(url, data={"csrf_token": csrf_token(client, "/trainer/drafts/"), **(form or {})}, **more)


def at(draft: uuid.UUID, rest: str = "") -> str:
    return f"/trainer/drafts/{draft}{rest}"


def file_of(parts: Parts, draft: uuid.UUID, path: str) -> tuple[str, int]:
    with parts.database.transaction(write=False) as session:
        found = session.get_one(DraftFile, (draft, path))
        return str(found.text), found.revision


def test_a_course_begins_empty_and_grows(wanglei: FlaskClient, parts: Parts) -> None:
    assert "还没有在写的课程" in wanglei.get("/trainer/drafts/").text
    form = wanglei.get("/trainer/drafts/new").text
    organisation = form.split('name="organisation_id" value="')[1][:36]
    bad = post(wanglei, "/trainer/drafts/new", {"organisation_id": organisation, "title": "", "title_en": ""})
    assert bad.status_code == 422
    words = {"organisation_id": organisation, "title": "洗手", "title_en": "Washing"}
    made = post(wanglei, "/trainer/drafts/new", words)
    place = made.location
    assert "先加一个模块" in wanglei.get(place).text
    assert post(wanglei, f"{place}/modules/new", MODULE).status_code == 303
    assert "能问好" in wanglei.get(f"{place}/modules/m1").text
    made = post(wanglei, f"{place}/modules/m1/lessons/new", LESSON)
    assert made.location.endswith("/files/lessons/01-say-hello.md")
    page = wanglei.get(made.location).text
    assert "幻灯片：标题、要点、旁白" in page
    assert "正文是空的" in page
    outline = wanglei.get(place).text
    assert "先问好" in outline
    assert "处要改" in outline


def test_a_lesson_is_saved_from_its_form(wanglei: FlaskClient, parts: Parts, draft: uuid.UUID) -> None:
    text, revision = file_of(parts, draft, L2)
    body = text.split("---\n", 2)[2].strip()
    form = {
        "revision": str(revision), "title": "再来一次", "title_en": "Again", "minutes": "3",
        "objectives": "greet", "topics": ["conduct", "safety"], "sources": "house", "expert_review": "1",
        "body": body.replace("看着他", "望着他"),
    }  # fmt: skip
    assert post(wanglei, at(draft, f"/files/{L2}"), form).status_code == 303
    saved, _ = file_of(parts, draft, L2)
    assert "title: 再来一次" in saved
    assert "expert_review: pending" in saved
    assert "望着他" in saved
    assert "还要改的地方" not in wanglei.get(at(draft)).text
    assert "望着他" in wanglei.get(at(draft, f"/preview/{L2}")).text


def test_a_script_saves_while_she_types_and_learns_what_is_wrong(
    wanglei: FlaskClient, parts: Parts, draft: uuid.UUID
) -> None:
    text, revision = file_of(parts, draft, L1)
    form = {"revision": str(revision), "text": text.replace("minutes: 3", "minutes: 8")}
    answer = post(wanglei, at(draft, f"/files/{L1}"), form, headers={"Accept": "application/json"})
    assert answer.json["revision"] > revision
    assert [each["line"] for each in answer.json["problems"]] == [5]
    late = post(wanglei, at(draft, f"/files/{L1}"), form | {"text": "x"}, headers={"Accept": "application/json"})
    assert (late.status_code, late.json["code"]) == (409, "draft_changed")


def test_two_writers_see_both_texts(wanglei: FlaskClient, parts: Parts, draft: uuid.UUID) -> None:
    text, revision = file_of(parts, draft, L1)
    first = {"revision": str(revision), "text": text.replace("走近", "先写的")}
    assert post(wanglei, at(draft, f"/files/{L1}"), first).status_code == 303
    second = {"revision": str(revision), "text": text.replace("走近", "后写的")}
    answer = post(wanglei, at(draft, f"/files/{L1}"), second)
    assert answer.status_code == 409
    assert "先写的" in answer.text
    assert "后写的" in answer.text
    assert "王磊 改过这一部分" in answer.text


def test_a_quiz_is_written_in_a_form(wanglei: FlaskClient, parts: Parts, draft: uuid.UUID) -> None:
    page = wanglei.get(at(draft, f"/files/{Q}")).text
    assert 'name="questions" value="4"' in page
    _, revision = file_of(parts, draft, Q)
    form = {
        "revision": str(revision), "title": "小测验", "title_en": "Quiz", "objectives": "greet", "topics": "conduct",
        "questions": "2", "q0-id": "q1", "q0-type": "single", "q0-objective": "greet", "q0-stem": "先做什么？",
        "q0-options": "3", "q0-correct": "1", "q0-text-0": "拍他", "q0-feedback-0": "会吓到他。", "q0-text-1": "走近",
        "q0-feedback-1": "对。", "q0-text-2": "喊他", "q0-feedback-2": "他会怕。",
        "q1-id": "", "q1-type": "true_false", "q1-objective": "greet", "q1-stem": "先问再碰。", "q1-options": "2",
        "q1-correct": "0", "q1-text-0": "对", "q1-feedback-0": "对。", "q1-text-1": "错", "q1-feedback-1": "他会怕。",
    }  # fmt: skip
    assert post(wanglei, at(draft, f"/files/{Q}"), form).status_code == 303
    saved, _ = file_of(parts, draft, Q)
    assert saved.count("- id:") == 2
    assert "id: q2" in saved
    assert "还要改的地方" not in wanglei.get(at(draft)).text
    _, revision = file_of(parts, draft, Q)
    removed = form | {"revision": str(revision), "remove": "q1", "q1-id": "q2"}
    assert post(wanglei, at(draft, f"/files/{Q}"), removed).status_code == 303
    assert file_of(parts, draft, Q)[0].count("- id:") == 1


def test_a_practice_list_is_written_in_a_form(wanglei: FlaskClient, parts: Parts, draft: uuid.UUID) -> None:
    form = {"title": "练问好", "title_en": "Practise greeting", "kind": "practice"}
    place = post(wanglei, at(draft, "/modules/m1/lessons/new"), form).location
    path = place.partition("/files/")[2]
    _, revision = file_of(parts, draft, path)
    form = {
        "revision": str(revision), "title": "练问好", "title_en": "Practise",
        "objectives": "greet", "topics": "conduct", "sources": "house", "prepare": ["一把椅子", ""], "steps": "4",
        "step-0": "走近",
        "points-0": "50", "critical-0": "1",
        "step-1": "叫名字", "points-1": "30", "step-2": "等一等", "points-2": "20", "step-3": "", "pass_points": "80",
    }  # fmt: skip
    assert post(wanglei, place, form).status_code == 303
    saved, _ = file_of(parts, draft, path)
    assert "critical: true" in saved
    assert "还要改的地方" not in wanglei.get(at(draft)).text


def test_what_no_form_can_show_is_edited_as_text(wanglei: FlaskClient, parts: Parts, draft: uuid.UUID) -> None:
    text, revision = file_of(parts, draft, L1)
    form = {"revision": str(revision), "text": text.replace("title:", "titel:")}
    post(wanglei, at(draft, f"/files/{L1}"), form)
    page = wanglei.get(at(draft, f"/files/{L1}")).text
    assert "先用文本方式改" in page
    assert "titel:" in page
    assert "还不能预览" in wanglei.get(at(draft, f"/preview/{L1}")).text


def test_lessons_move_and_go_and_come_back(wanglei: FlaskClient, parts: Parts, draft: uuid.UUID) -> None:
    post(wanglei, at(draft, f"/places/{L1}"), {"module": "m2", "place": "0"})
    page = wanglei.get(at(draft)).text
    assert page.index(f"lesson-{L2}") < page.index(f"lesson-{L1}")
    gone = post(wanglei, at(draft, f"/removals/{L1}"))
    page = wanglei.get(gone.location).text
    assert "撤销刚才的删除" in page
    revision = gone.location.partition("undo=")[2]
    assert post(wanglei, at(draft, f"/undos/{revision}")).status_code == 303
    assert f"lesson-{L1}" in wanglei.get(at(draft)).text
    assert "删除小节" in wanglei.get(at(draft, "/history")).text


def test_modules_move_and_empty_ones_go(wanglei: FlaskClient, parts: Parts, draft: uuid.UUID) -> None:
    post(wanglei, at(draft, "/modules/new"), MODULE | {"title": "道别"})
    post(wanglei, at(draft, "/modules/m3/places"), {"place": "0"})
    page = wanglei.get(at(draft)).text
    assert page.index('id="module-m3"') < page.index('id="module-m1"')
    assert post(wanglei, at(draft, "/modules/m1/removals")).status_code == 422
    assert post(wanglei, at(draft, "/modules/m3/removals")).status_code == 303
    assert 'id="module-m3"' not in wanglei.get(at(draft)).text


def test_course_words_and_sources_are_kept_by_their_ids(wanglei: FlaskClient, parts: Parts, draft: uuid.UUID) -> None:
    form = {
        "title": "问好", "title_en": "Hello", "summary": "写给护理员", "summary_en": "For carers",
        "licence": "CC-BY-4.0",
        "includes": "", "source-0": ["house", "paper", ""], "source-1": ["家里的新资料", "只有纸本", "民政部规范"],
        "source-2": ["https://example.org/new", "", ""],
    }  # fmt: skip
    assert post(wanglei, at(draft, "/course"), form).status_code == 303
    text, _ = file_of(parts, draft, "course.yaml")
    assert "id: house" in text
    assert "id: s1" in text
    assert "exam:" not in text
    drawn = form | {"exam-greet": "2", "exam-wash": "0", "exam_minutes": "30", "exam_percent": "80"}
    assert post(wanglei, at(draft, "/course"), drawn).status_code == 303
    text, _ = file_of(parts, draft, "course.yaml")
    assert "pass_percent: 80" in text
    assert text.partition("exam:")[2].count("objective:") == 1
    assert "目标 greet 有 0 题，至少要 6 题" in wanglei.get(at(draft)).text
    assert post(wanglei, at(draft, "/course"), drawn | {"exam_minutes": "3"}).status_code == 422
    assert "还要改的地方" not in wanglei.get(at(draft)).text


def test_a_picture_comes_into_the_course(wanglei: FlaskClient, parts: Parts, draft: uuid.UUID) -> None:
    sent = {"name": "Chair", "back": L2, "asset": (io.BytesIO(picture()), "IMG 01.png")}
    answer = post(wanglei, at(draft, "/assets"), sent, content_type="multipart/form-data")
    assert "assets/chair.png" in answer.location
    assert wanglei.get(at(draft, "/shown/assets/chair.png")).content_type == "image/png"
    sent = {"name": "Chair", "back": L2, "asset": (io.BytesIO(b"<svg/>"), "x.png")}
    answer = post(wanglei, at(draft, "/assets"), sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "只能用 PNG" in answer.text


def test_a_zip_goes_out_and_a_hostile_one_stays_out(wanglei: FlaskClient, parts: Parts, draft: uuid.UUID) -> None:
    packed = wanglei.get(at(draft, "/package.zip"))
    assert packed.content_type == "application/zip"
    form = wanglei.get("/trainer/drafts/imports/new").text
    organisation = form.split('name="organisation_id" value="')[1][:36]
    for data, status in ((packed.data, 303), (pack({"course.yaml": b"x", "../x": b"x"}), 422), (b"PK", 422)):
        sent = {"organisation_id": organisation, "archive": (io.BytesIO(data), "course.zip")}
        answer = post(wanglei, "/trainer/drafts/imports/new", sent, content_type="multipart/form-data")
        assert answer.status_code == status
    assert "这个 zip 没有导入" in answer.text


def test_the_lint_is_told_with_its_places(wanglei: FlaskClient, parts: Parts, draft: uuid.UUID) -> None:
    text, revision = file_of(parts, draft, L2)
    changed = text.replace("epidemic, ", "").replace("今天早上", "急救和止血。今天早上")
    post(wanglei, at(draft, f"/files/{L2}"), {"revision": str(revision), "text": changed})
    page = wanglei.get(at(draft)).text
    assert "1 处必须改" in page
    assert "没有一节讲到“疫情防控”" in page
    assert "讲到了急救、止血" in page
    assert "送审" not in page.split('id="lint"')[0].split("<main")[1]


def test_two_people_release_a_course(client: FlaskClient, parts: Parts, cast: Cast, draft: uuid.UUID) -> None:
    session_for(client, parts, cast.wanglei)
    assert post(client, at(draft, "/reviews/new"), {"words": "短"}).status_code == 422
    assert post(client, at(draft, "/reviews/new"), {"words": "请看看第一节的说法对不对"}).status_code == 303
    assert "撤回，接着改" in client.get(at(draft)).text
    own = post(client, at(draft, "/reviews/decision"), {"decision": "approve", "words": "我自己看过了觉得很好"})
    assert own.status_code == 403
    session_for(client, parts, cast.liuyang)
    assert "写审核结论" in client.get(at(draft)).text
    said = {"path": L1, "words": "这句话太长了，老人听不懂"}
    assert post(client, at(draft, "/comments"), said).status_code == 303
    assert "老人听不懂" in client.get(at(draft, f"/files/{L1}")).text
    answer = post(
        client, at(draft, "/reviews/decision"), {"decision": "approve", "words": "都对照资料核对过，可以发布"}
    )
    assert "/trainer/versions/" in answer.location
    assert "写下一版" in client.get(answer.location).text
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(CourseVersion).where(CourseVersion.title == "小课"))


def test_the_next_edition_begins_from_a_version(wanglei: FlaskClient, parts: Parts, cast: Cast) -> None:
    place = f"/trainer/drafts/editions/new/{cast.version}"
    assert "复制成一份草稿" in wanglei.get(place).text
    answer = post(wanglei, place, {"organisation_id": str(cast.kangning)})
    assert answer.status_code == 303
    assert "还要改的地方" not in wanglei.get(answer.location).text


def test_a_stranger_finds_nothing(client: FlaskClient, parts: Parts, cast: Cast, draft: uuid.UUID) -> None:
    session_for(client, parts, cast.zhaoqin)
    with parts.database.transaction(write=False) as session:
        assert session.get(Draft, draft)
    nowhere = uuid.uuid4()
    for rest in (
        "", "/package.zip", "/history", "/course", "/modules/new", "/modules/m1", "/modules/m1/lessons/new",
        f"/files/{L1}", f"/preview/{L1}", "/shown/assets/a.png", "/reviews/new", "/reviews/decision",
    ):  # fmt: skip
        assert client.get(at(draft, rest)).status_code == 404, rest
    for rest in (
        "/undos/1", "/modules/m1/places", "/modules/m1/removals", f"/places/{L1}", f"/removals/{L1}", f"/files/{L1}",
        "/assets", "/reviews/withdrawals", "/comments", f"/comments/{nowhere}/settlements",
    ):  # fmt: skip
        form = {"words": "我不是这家机构的老师", "path": L1, "place": "0"}
        assert post(client, at(draft, rest), form).status_code == 404, rest
