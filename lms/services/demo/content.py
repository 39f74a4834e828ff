"""The courses of a demo: those in `courses/`, published again whenever a file of theirs changed."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import resources
from lms.authoring.package import read_package
from lms.domain.courses import Course as CourseText
from lms.models.courses import CourseVersion, Lesson
from lms.services import courses, jobs, media

FIRST_COURSE, MAIN_COURSE = "getting-started", "dementia-care"
QUESTIONS = Path(__file__).with_name("questions.txt")
# Five courses have two thousand minutes of video: made at once they would keep somebody's machine busy for an hour.
VIDEOS_AT_ONCE, PAUSE_BETWEEN_VIDEOS = 20, timedelta(seconds=90)


def publish(session: Session, now: datetime) -> list[CourseVersion]:
    """The newest version of each course, and its videos asked for."""
    versions = [courses.publish(session, text, now=now) for text in shipped_courses()]
    jobs.spread(session, media.MAKE_MEDIA, first=VIDEOS_AT_ONCE, every=PAUSE_BETWEEN_VIDEOS, now=now)
    return versions


def count_videos(session: Session) -> int:
    """How many videos belong to the newest versions."""
    newest = [courses.latest(session, slug).id for slug in _slugs()]
    videos = select(func.count()).select_from(Lesson).where(Lesson.course_version_id.in_(newest))
    return session.scalar(videos.where(Lesson.media_id.is_not(None))) or 0


def digest() -> str:
    """One hash over all files in `courses/` and the questions: reading them as courses at each start takes seconds."""
    whole = hashlib.sha256()
    for path in _files():
        whole.update(f"{path}\0".encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _files() -> Iterator[Path]:
    yield QUESTIONS
    yield from (path for path in sorted(resources.find("courses").rglob("*")) if path.is_file())


def _slugs() -> list[str]:
    return [path.parent.name for path in resources.find("courses").glob("*/course.yaml")]


@cache
def shipped_courses() -> list[CourseText]:
    """The courses in `courses/`, the short one first, then the one with cohorts: their videos are made first."""
    folders = sorted(path for path in resources.find("courses").iterdir() if (path / "course.yaml").exists())
    found = [read_package(folder)[0] for folder in folders]
    return sorted((course for course in found if course), key=lambda course: _rank(course.slug))


def _rank(slug: str) -> int:
    return (FIRST_COURSE, MAIN_COURSE).index(slug) if slug in (FIRST_COURSE, MAIN_COURSE) else 2
