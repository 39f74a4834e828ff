"""Publishing: the same content is the same version, lengths are the server's, videos are asked for once."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.adapters.production import Made
from lms.authoring.frozen import content_hash, freeze
from lms.authoring.markdown import to_plain
from lms.db import Database
from lms.domain.courses import Course as CourseText
from lms.domain.courses import LessonKind, reading_budget_ms
from lms.domain.errors import NotFound
from lms.models.audit import AuditEvent
from lms.models.courses import Course, CourseVersion, Lesson
from lms.models.media import Media
from lms.services import courses, jobs, media
from tests.support.cast import NOON, Cast
from tests.support.texts import small_course

LATER = NOON + timedelta(days=1)
TEXT = small_course()


def publish(database: Database, text: CourseText = TEXT) -> CourseVersion:
    with database.transaction() as session:
        return courses.publish(session, text, now=NOON)


def changed(text: CourseText, **values: object) -> CourseText:
    """The course with another first lesson."""
    module = text.modules[0]
    first, *others = module.lessons
    return replace(text, modules=(replace(module, lessons=(replace(first, **values), *others)),))


def lessons(database: Database, version: CourseVersion) -> list[Lesson]:
    with database.transaction(write=False) as session:
        return list(session.get_one(CourseVersion, version.id).lessons)


def count(database: Database, table: type) -> int:
    with database.transaction(write=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_version_is_the_frozen_course_with_its_lessons_in_order(database: Database) -> None:
    version = publish(database)
    assert (version.number, version.title, version.title_en) == (1, TEXT.title, TEXT.title_en)
    assert version.content_hash == content_hash(freeze(TEXT))
    rows = lessons(database, version)
    assert [(row.position, row.slug, row.kind) for row in rows] == [
        (1, "say-hello", "video"),
        (2, "read-hello", "reading"),
        (3, "quiz-hello", "quiz"),
    ]
    assert {row.module_slug for row in rows} == {"m1"}
    with database.transaction(write=False) as session:
        event = session.query(AuditEvent).one()
    assert (event.action, event.subject) == ("course.publish", str(version.id))


def test_lengths_are_the_servers_own(database: Database) -> None:
    video, reading, quiz = lessons(database, publish(database))
    text = TEXT.find_lesson("read-hello")
    assert text is not None
    assert video.duration_ms is None
    assert reading.duration_ms == reading_budget_ms(to_plain(text.body))
    assert quiz.duration_ms == 0


def test_the_same_content_is_the_same_version(database: Database) -> None:
    first = publish(database)
    with database.transaction() as session:
        again = courses.publish(session, small_course(), now=LATER)
        assert jobs.pending(session) == []
    assert (again.id, again.number, again.published_at) == (first.id, 1, NOON)
    assert (count(database, CourseVersion), count(database, Lesson), count(database, Course)) == (1, 3, 1)


def test_numbers_count_up_and_old_content_keeps_its_number(database: Database) -> None:
    second = changed(TEXT, title="换了题目")
    assert [publish(database, text).number for text in (TEXT, second, TEXT, second)] == [1, 2, 1, 2]
    other = replace(TEXT, slug="another-course")
    assert publish(database, other).number == 1


def test_videos_are_asked_for_once_over_all_versions(database: Database) -> None:
    with database.transaction() as session:
        courses.publish(session, TEXT, now=NOON)
        assert len(jobs.pending(session)) == 1
    with database.transaction() as session:
        courses.publish(session, changed(TEXT, minutes=4), now=NOON)
        assert jobs.pending(session) == []
    with database.transaction() as session:
        courses.publish(session, changed(TEXT, title="换了题目"), now=NOON)
        assert len(jobs.pending(session)) == 1
    assert count(database, Media) == 2


def test_a_video_that_is_there_gives_its_length_at_once(database: Database) -> None:
    first = lessons(database, publish(database))[0]
    assert first.media_id is not None
    with database.transaction() as session:
        media.settle(session, first.media_id, Made("media/x/1", 61_000, 1, True), now=NOON)
    version = publish(database, changed(TEXT, minutes=4))
    assert lessons(database, version)[0].duration_ms == 61_000


def test_the_text_of_a_version_is_the_course_that_was_published(database: Database) -> None:
    version = publish(database)
    with database.transaction(write=False) as session:
        found = courses.get_version(session, version.id)
        assert courses.text_of(found) == TEXT
        assert courses.text_of(found) is courses.text_of(found), "thawed once"
        row = found.lessons[2]
        text = courses.lesson_text(session, row.id)
    assert (text.slug, text.kind) == ("quiz-hello", LessonKind.QUIZ)
    assert text.quiz is not None


def test_texts_that_are_kept_do_not_pile_up(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courses, "MOST_TEXTS_KEPT", 2)
    for title in ("一", "二", "三", "四"):
        courses.text_of(publish(database, replace(TEXT, title=title)))
        assert len(courses._texts) <= 2


def test_what_was_never_published_is_not_found(database: Database) -> None:
    with database.transaction(write=False) as session:
        for ask in (
            lambda: courses.get_version(session, uuid.uuid4()),
            lambda: courses.lesson_text(session, uuid.uuid4()),
            lambda: courses.latest(session, "no-such-course"),
            lambda: courses.outline(session, uuid.uuid4()),
        ):
            with pytest.raises(NotFound):
                ask()
        assert courses.list_versions(session) == []
        assert courses.find_version_with(session, uuid.uuid4()) is None


def test_versions_are_listed_by_course_the_newest_first(database: Database) -> None:
    for text in (TEXT, changed(TEXT, minutes=4), replace(TEXT, slug="another-course")):
        publish(database, text)
    with database.transaction(write=False) as session:
        rows = courses.list_versions(session)
        assert [(row.slug, row.number, row.lessons) for row in rows] == [
            ("another-course", 1, 3),
            ("small-course", 2, 3),
            ("small-course", 1, 3),
        ]
        assert courses.list_versions(session, "small-course") == rows[1:]
        assert courses.latest(session, "small-course").number == 2


def test_an_outline_shows_text_length_and_video_of_each_lesson(database: Database) -> None:
    version = publish(database)
    with database.transaction(write=False) as session:
        shown = courses.outline(session, version.id)
        media_id = shown.modules[0].rows[0].video
        assert media_id is not None
        assert courses.find_version_with(session, media_id.media_id) == version.id
    assert (shown.version.slug, shown.version.number, shown.version.lessons) == ("small-course", 1, 3)
    assert [module.text.slug for module in shown.modules] == ["m1"]
    rows = shown.modules[0].rows
    assert [row.text.slug for row in rows] == ["say-hello", "read-hello", "quiz-hello"]
    assert [row.video.state if row.video else None for row in rows] == [media.QUEUED, None, None]
    assert shown.videos_missing == 1


def test_publishing_beside_a_course_that_is_studied_changes_nothing_there(database: Database, cast: Cast) -> None:
    before = [(row.id, row.duration_ms) for row in lessons(database, _version(database, cast.version))]
    assert publish(database, changed(TEXT, title="换了题目")).number == 2
    assert [(row.id, row.duration_ms) for row in lessons(database, _version(database, cast.version))] == before


def _version(database: Database, version_id: uuid.UUID) -> CourseVersion:
    with database.transaction(write=False) as session:
        return courses.get_version(session, version_id)
