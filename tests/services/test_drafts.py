"""Drafts: nobody's words are lost, every act can be taken back, what comes from outside comes whole or not at all."""

import io
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.authoring.archive import pack
from lms.authoring.manifest import FILE
from lms.domain.courses import LessonKind
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.models.drafts import Draft, DraftChange
from lms.parts import Parts
from lms.services import assets, courses, drafts
from lms.services.drafts import Write
from tests.authoring.packages import L1, L2, RELEASABLE, SOUND
from tests.support.cast import NOON, Cast
from tests.support.humans import one_human
from tests.support.texts import small_course


@pytest.fixture
def session(parts: Parts) -> Iterator[Session]:
    """One transaction for the whole test: what it says of keeping and losing is about rows, not commits."""
    with parts.database.transaction() as opened:
        yield opened


def begin(session: Session, cast: Cast, title_en: str = "Washing hands") -> Draft:
    return drafts.begin(session, cast.wanglei, cast.kangning, title="洗手", title_en=title_en, now=NOON)


def whole(session: Session, cast: Cast) -> Draft:
    """A draft without fault."""
    draft = begin(session, cast)
    write(session, cast, draft, {FILE: RELEASABLE[FILE].replace("slug: small", "slug: washing-hands")})
    write(session, cast, draft, {path: text for path, text in RELEASABLE.items() if path != FILE})
    return draft


def write(session: Session, cast: Cast, draft: Draft, texts: dict[str, str | None], **more: dict[str, int]) -> int:
    writes = [Write(path, text) for path, text in texts.items()]
    return drafts.change(session, draft, writes, act="save", account_id=cast.wanglei.account_id, now=NOON, **more)


def picture(size: tuple[int, int] = (30, 20), kind: str = "PNG", **more: bytes) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "red").save(made, kind, **more)
    return made.getvalue()


def test_a_new_course_is_empty_and_says_what_it_lacks(session: Session, cast: Cast, parts: Parts) -> None:
    draft = begin(session, cast)
    checked = drafts.check(session, parts.store, draft)
    assert (draft.slug, draft.title, draft.revision) == ("washing-hands", "洗手", 1)
    assert checked.course is None
    assert "list_empty" in {problem.code for problem in checked.about(FILE)}


def test_slugs_are_free_ones(session: Session, cast: Cast) -> None:
    assert begin(session, cast).slug == "washing-hands"
    assert begin(session, cast).slug == "washing-hands-2"
    assert begin(session, cast, "课程").slug == "course"
    assert begin(session, cast, small_course().slug).slug == f"{small_course().slug}-2"


def test_a_whole_draft_is_a_course(session: Session, cast: Cast, parts: Parts) -> None:
    checked = drafts.check(session, parts.store, whole(session, cast))
    assert checked.problems == ()
    assert checked.course
    assert [lesson.slug for lesson in checked.course.lessons] == ["hello", "again", "quiz-hello", "quiz-wash"]


def test_two_writers_see_a_conflict_and_nothing_is_lost(session: Session, cast: Cast) -> None:
    draft = whole(session, cast)
    begun = drafts.get_file(session, draft, L1).revision
    write(session, cast, draft, {L1: "我先写的"}, begun_with={L1: begun})
    with pytest.raises(Conflict, match="draft_changed") as told:
        write(session, cast, draft, {L1: "我后写的", L2: "也写"}, begun_with={L1: begun})
    assert told.value.values == {"path": L1, "name": "王磊"}
    assert drafts.get_file(session, draft, L1).text == "我先写的"
    assert drafts.get_file(session, draft, L2).text == RELEASABLE[L2]
    with pytest.raises(Conflict, match="draft_changed"):
        write(session, cast, draft, {L1: "新的"}, begun_with={L1: 0})


def test_saving_the_same_again_is_no_change(session: Session, cast: Cast) -> None:
    draft = whole(session, cast)
    before = draft.revision
    assert write(session, cast, draft, {L1: SOUND[L1].replace("\n", "\r\n"), "lessons/99-gone.md": None}) == before
    assert session.scalar(select(func.count()).select_from(DraftChange)) == 1 + len(SOUND)


def test_an_act_is_taken_back_whole_and_can_be_done_again(session: Session, cast: Cast) -> None:
    draft = whole(session, cast)
    acted = write(session, cast, draft, {L1: None, L2: "改了"})
    assert drafts.find_file(session, draft, L1) is None
    undone = drafts.undo(session, draft, acted, account_id=cast.wanglei.account_id, now=NOON)
    assert (drafts.get_file(session, draft, L1).text, drafts.get_file(session, draft, L2).text) == (
        RELEASABLE[L1],
        RELEASABLE[L2],
    )
    drafts.undo(session, draft, undone, account_id=cast.wanglei.account_id, now=NOON)
    assert drafts.find_file(session, draft, L1) is None
    assert drafts.get_file(session, draft, L2).text == "改了"


def test_an_act_that_others_built_upon_is_not_taken_back(session: Session, cast: Cast) -> None:
    draft = whole(session, cast)
    acted = write(session, cast, draft, {L1: "一"})
    write(session, cast, draft, {L1: "二"})
    with pytest.raises(Conflict, match="draft_changed_since"):
        drafts.undo(session, draft, acted, account_id=cast.wanglei.account_id, now=NOON)
    with pytest.raises(NotFound):
        drafts.undo(session, draft, 99, account_id=cast.wanglei.account_id, now=NOON)


def test_history_tells_who_did_what(session: Session, cast: Cast) -> None:
    draft = whole(session, cast)
    write(session, cast, draft, {L1: None})
    rows = drafts.history(session, draft)
    assert [(row.revision, row.by, row.is_removal) for row in rows][:2] == [(4, "王磊", True), (3, "王磊", False)]
    assert [row.revision for row in drafts.history(session, draft, L2)] == [3]


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("../course.yaml", "x", "draft_path"),
        ("lessons/01-a.exe", "x", "draft_path"),
        ("assets/a.png", "x", "draft_path"),
        ("lessons/01-a.md", "字" * 400_000, "draft_text_too_long"),
        ("lessons/01-a.md", "a\u202eb", "draft_text_unclean"),
    ],
)
def test_what_is_no_course_text_is_refused(session: Session, cast: Cast, path: str, text: str, code: str) -> None:
    draft = begin(session, cast)
    with pytest.raises(Refused, match=code):
        write(session, cast, draft, {path: text})


def test_the_title_follows_the_manifest(session: Session, cast: Cast) -> None:
    draft = begin(session, cast)
    text = str(drafts.get_file(session, draft, FILE).text)
    write(session, cast, draft, {FILE: text.replace("洗手", "洗手和消毒")})
    assert draft.title == "洗手和消毒"
    write(session, cast, draft, {FILE: "title: ["})
    assert draft.title == "洗手和消毒"


def test_strangers_find_nothing(session: Session, cast: Cast) -> None:
    draft = begin(session, cast)
    for stranger in (cast.zhaoqin, cast.zhoumin, cast.lifang, cast.admin):
        assert drafts.list_drafts(session, stranger) == []
        with pytest.raises(NotFound):
            drafts.get_draft(session, stranger, draft.id)
    assert [row.draft_id for row in drafts.list_drafts(session, cast.liuyang)] == [draft.id]
    with pytest.raises(Forbidden):
        drafts.begin(session, cast.zhaoqin, cast.kangning, title="x", title_en="x", now=NOON)


def test_a_zip_becomes_a_draft_and_the_same_zip_again(session: Session, cast: Cast, parts: Parts) -> None:
    lesson = SOUND[L2].replace("今天早上", "![床](assets/bed.png)今天早上")
    packed = pack({path: text.encode() for path, text in {**SOUND, L2: lesson}.items()} | {"assets/bed.png": picture()})
    made = drafts.begin_from_archive(session, parts.store, cast.wanglei, cast.kangning, packed, now=NOON)
    assert made.problems == ()
    assert made.draft
    checked = drafts.check(session, parts.store, made.draft)
    assert checked.problems == ()
    assert (made.draft.slug, made.draft.title) == ("small", "小课")
    again = drafts.export(made.draft, parts.store)
    twin = drafts.begin_from_archive(session, parts.store, cast.wanglei, cast.kangning, again, now=NOON).draft
    assert twin
    assert twin.slug == "small-2"
    assert {file.path: file.sha256 for file in twin.files if file.sha256} == {
        file.path: file.sha256 for file in made.draft.files if file.sha256
    }


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"lessons/01-a.md": b"x"}, "file_missing"),
        ({FILE: b"\xff"}, "file_not_utf8"),
        ({FILE: b"x", "a.exe": b"x"}, "archive_entry_unwelcome"),
    ],
)
def test_a_zip_with_strange_things_leaves_nothing(
    session: Session, cast: Cast, parts: Parts, files: dict[str, bytes], code: str
) -> None:
    made = drafts.begin_from_archive(session, parts.store, cast.wanglei, cast.kangning, pack(files), now=NOON)
    assert made.draft is None
    assert code in {problem.code for problem in made.problems}
    assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_course_with_faults_may_come_in_to_be_mended(session: Session, cast: Cast, parts: Parts) -> None:
    broken = pack({FILE: SOUND[FILE].replace("title: 小课", "titel: 小课").encode()})
    made = drafts.begin_from_archive(session, parts.store, cast.wanglei, cast.kangning, broken, now=NOON)
    assert made.draft
    assert {problem.code for problem in drafts.check(session, parts.store, made.draft).problems} >= {
        "key_unknown",
        "file_missing",
    }


def test_pictures_are_written_anew_without_what_cameras_add(parts: Parts) -> None:
    exif = Image.Exif()
    exif[0x010F] = "secret camera"
    data = picture((3000, 100), "JPEG", exif=exif.tobytes())
    assert b"secret camera" in data
    kept = assets.keep(parts.store, "assets/bed.jpg", data)
    with assets.open_bytes(parts.store, kept) as body:
        stored = body.read()
    assert b"secret camera" not in stored
    with Image.open(io.BytesIO(stored)) as shown:
        assert shown.size == (1600, 53)


@pytest.mark.parametrize(
    ("path", "data", "code"),
    [
        ("assets/a.png", b"<svg onload=alert(1)>", "asset_kind"),
        ("assets/a.png", picture(kind="JPEG"), "asset_kind"),
        ("assets/a.png", picture()[:40], "picture_broken"),
        ("assets/a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 5_000_000, "asset_too_big"),
        ("assets/a.png", picture((8000, 6000)), "picture_too_large"),
    ],
)
def test_what_is_no_picture_is_refused(parts: Parts, path: str, data: bytes, code: str) -> None:
    with pytest.raises(Refused, match=code):
        assets.keep(parts.store, path, data)


def test_a_copy_of_a_shipped_course_gets_another_name(session: Session, cast: Cast, parts: Parts) -> None:
    draft = drafts.begin_from_version(session, cast.wanglei, cast.kangning, cast.version, now=NOON)
    course = drafts.check(session, parts.store, draft).course
    assert course
    assert course.slug == f"{small_course().slug}-2"
    assert course.modules == small_course().modules


def ask(session: Session, cast: Cast, parts: Parts, draft: Draft) -> uuid.UUID:
    words = "请看看第二节的说法对不对"
    return drafts.ask_review(session, parts.store, cast.wanglei, draft.id, words, now=NOON)


def test_a_second_person_releases_what_she_read(session: Session, cast: Cast, parts: Parts) -> None:
    draft = whole(session, cast)
    ask(session, cast, parts, draft)
    with pytest.raises(Conflict, match="draft_in_review"):
        write(session, cast, draft, {L1: "偷偷改"})
    with pytest.raises(Forbidden, match="review_own"):
        drafts.decide(session, parts.store, cast.wanglei, draft.id, approve=True, words="我自己看过了没问题", now=NOON)
    later = NOON + timedelta(hours=1)
    words = "内容都核对过，可以发布"
    review = drafts.decide(session, parts.store, cast.liuyang, draft.id, approve=True, words=words, now=later)
    row, _ = drafts.get_review(session, draft)
    assert row
    assert (row.state, row.decided_by, row.version_id) == ("approved", "刘洋", review.version_id)
    assert draft.state == "open"


def test_what_is_given_back_can_be_written_on(session: Session, cast: Cast, parts: Parts) -> None:
    draft = whole(session, cast)
    ask(session, cast, parts, draft)
    said = drafts.comment(session, cast.liuyang, draft.id, L1, "这句话太长了，老人听不懂", now=NOON)
    words = "第一节要改，别的都好了"
    drafts.decide(session, parts.store, cast.liuyang, draft.id, approve=False, words=words, now=NOON)
    write(session, cast, draft, {L1: SOUND[L1].replace("走近", "慢慢走近")})
    drafts.settle_comment(session, cast.wanglei, draft.id, said, now=NOON)
    row, comments = drafts.get_review(session, draft)
    assert row
    assert (row.state, row.version_id) == ("returned", None)
    assert [(each.path, each.by, each.settled_by) for each in comments] == [(L1, "刘洋", "王磊")]
    ask(session, cast, parts, draft)
    assert [each.state for each in drafts.list_reviews(session, draft)] == ["open", "returned"]


def test_the_question_can_be_taken_back(session: Session, cast: Cast, parts: Parts) -> None:
    draft = whole(session, cast)
    ask(session, cast, parts, draft)
    with pytest.raises(Conflict, match="draft_in_review"):
        ask(session, cast, parts, draft)
    drafts.withdraw(session, cast.wanglei, draft.id, now=NOON)
    assert draft.state == "open"
    with pytest.raises(NotFound):
        drafts.withdraw(session, cast.wanglei, draft.id, now=NOON)


def test_a_draft_with_faults_is_not_read(session: Session, cast: Cast, parts: Parts) -> None:
    with pytest.raises(Refused, match="draft_has_problems"):
        ask(session, cast, parts, begin(session, cast))


def test_what_the_lint_blocks_is_not_read(session: Session, cast: Cast, parts: Parts) -> None:
    draft = whole(session, cast)
    write(session, cast, draft, {L2: RELEASABLE[L2].replace("epidemic, ", "")})
    checked = drafts.check(session, parts.store, draft)
    assert checked.course
    linted = drafts.lint_course(session, draft, checked.course)
    assert [(each.code, each.blocks) for each in linted.findings if each.blocks] == [("topic_missing", True)]
    with pytest.raises(Refused, match="draft_not_ready"):
        ask(session, cast, parts, draft)


def test_strangers_neither_read_nor_decide(session: Session, cast: Cast, parts: Parts) -> None:
    draft = whole(session, cast)
    ask(session, cast, parts, draft)
    with pytest.raises(NotFound):
        drafts.comment(session, cast.zhaoqin, draft.id, L1, "我不是这家机构的老师", now=NOON)
    with pytest.raises(NotFound):
        drafts.decide(
            session, parts.store, cast.zhaoqin, draft.id, approve=True, words="我不是这家的老师也来", now=NOON
        )


def test_the_next_edition_is_the_next_version_of_the_same_course(session: Session, cast: Cast, parts: Parts) -> None:
    draft = whole(session, cast)
    ask(session, cast, parts, draft)
    first = drafts.decide(
        session, parts.store, cast.liuyang, draft.id, approve=True, words="第一版，都仔细核对过了", now=NOON
    )
    write(session, cast, draft, {L1: SOUND[L1].replace("走近", "慢慢走近")})
    ask(session, cast, parts, draft)
    second = drafts.decide(
        session, parts.store, cast.liuyang, draft.id, approve=True, words="第二版，只改了第一节的话", now=NOON
    )
    assert first.version_id != second.version_id
    versions = courses.list_versions(session, "washing-hands")
    assert [(each.number, each.version_id) for each in versions] == [(2, second.version_id), (1, first.version_id)]


HELLO = drafts.ModuleWords("问好", "Greeting", 2, (("", "能问好", "Can greet"), ("kept", "能等", "Can wait")))


def test_the_outline_grows_is_rearranged_and_comes_back(session: Session, cast: Cast, parts: Parts) -> None:
    draft, who = begin(session, cast), cast.wanglei
    first = drafts.add_module(session, draft, who, HELLO, now=NOON)
    second = drafts.add_module(session, draft, who, drafts.ModuleWords("洗手", "Washing", 0), now=NOON)
    module = drafts.get_outline(session, draft).shelf(first).module
    assert [objective.id for objective in module.objectives] == ["m1-1", "kept"]
    video = drafts.add_lesson(session, draft, who, first, LessonKind.VIDEO, "先问好", "Say hello", now=NOON)
    again = drafts.add_lesson(session, draft, who, first, LessonKind.QUIZ, "先问好", "Say hello", now=NOON)
    assert (video, again) == ("lessons/01-say-hello.md", "quizzes/02-say-hello-2.yaml")
    assert "body_empty" in {each.code for each in drafts.check(session, parts.store, draft).about(video)}
    drafts.move_lesson(session, draft, who, video, second, 0, now=NOON)
    drafts.move_module(session, draft, who, second, 0, now=NOON)
    assert [(shelf.module.slug, shelf.paths) for shelf in drafts.get_outline(session, draft).shelves] == [
        (second, (video,)),
        (first, (again,)),
    ]
    with pytest.raises(Refused, match="module_not_empty"):
        drafts.remove_module(session, draft, who, second, now=NOON)
    removed = drafts.remove_lesson(session, draft, who, video, now=NOON)
    assert drafts.find_file(session, draft, video) is None
    drafts.undo(session, draft, removed, account_id=who.account_id, now=NOON)
    assert drafts.find_file(session, draft, video)
    assert video in drafts.get_outline(session, draft).paths
    drafts.remove_lesson(session, draft, who, video, now=NOON)
    drafts.remove_module(session, draft, who, second, now=NOON)
    assert [shelf.module.slug for shelf in drafts.get_outline(session, draft).shelves] == [first]


def test_a_module_keeps_its_objectives_ids(session: Session, cast: Cast) -> None:
    draft, who = begin(session, cast), cast.wanglei
    slug = drafts.add_module(session, draft, who, HELLO, now=NOON)
    words = drafts.ModuleWords("问好", "Greeting", 1, (("kept", "能等一等", "Can wait"), ("", "能道别", "Can part")))
    drafts.change_module(session, draft, who, slug, words, now=NOON)
    module = drafts.get_outline(session, draft).shelf(slug).module
    assert [(each.id, each.text) for each in module.objectives] == [("kept", "能等一等"), ("m1-2", "能道别")]


def test_the_words_of_the_course_change_and_its_slug_does_not(session: Session, cast: Cast) -> None:
    draft, who = begin(session, cast), cast.wanglei
    drafts.add_module(session, draft, who, HELLO, now=NOON)
    course = replace(drafts.get_outline(session, draft).course, slug="other", title="洗手和消毒", summary="写给护理员")
    drafts.change_course(session, draft, who, course, ["shared-core"], now=NOON)
    found = drafts.get_outline(session, draft)
    assert (found.course.slug, found.course.title, found.includes) == ("washing-hands", "洗手和消毒", ("shared-core",))
    assert len(found.shelves) == 1


def test_a_broken_manifest_is_not_written_over(session: Session, cast: Cast) -> None:
    draft = begin(session, cast)
    write(session, cast, draft, {FILE: "title: ["})
    with pytest.raises(Refused, match="draft_outline_broken"):
        drafts.add_module(session, draft, cast.wanglei, HELLO, now=NOON)
    assert drafts.get_file(session, draft, FILE).text == "title: ["


def test_two_accounts_of_one_human_are_not_two_people(cast: Cast, parts: Parts) -> None:
    _, again = one_human(parts, cast, [cast.wanglei, cast.liuyang])
    with parts.database.transaction() as session:
        draft = whole(session, cast)
        ask(session, cast, parts, draft)
        with pytest.raises(Forbidden, match="review_own"):
            drafts.decide(session, parts.store, again, draft.id, approve=True, words="内容都核对过，可以发布", now=NOON)
