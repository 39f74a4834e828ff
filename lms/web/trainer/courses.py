"""A trainer's desk: published courses, their outlines, how far the videos are, and what learners see.

Courses are shared: in this first version every trainer of the platform sees every course.
"""

import uuid
from itertools import groupby
from typing import Any

from flask import redirect, render_template, url_for

from lms import clock, db
from lms.authoring.markdown import to_html
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.services import analytics, courses, media
from lms.web import access
from lms.web.trainer.navigation import page

bp = access.blueprint("trainer_courses", __name__, Role.TRAINER, url_prefix="/trainer")


@bp.get("/")
def index() -> str:
    """All courses with their versions, the newest first."""
    rows = courses.list_versions(db.current())
    shelves = [list(versions) for _slug, versions in groupby(rows, lambda row: row.slug)]
    return page("trainer/courses.html", "courses", shelves=shelves)


@bp.get("/versions/<uuid:version_id>")
def version(version_id: uuid.UUID) -> str:
    """One version: its lessons in order, and how far their videos are."""
    session = db.current()
    outline = courses.outline(session, version_id)
    studied = analytics.is_open(session, access.actor(), version_id)
    return page("trainer/version.html", "courses", outline=outline, studied=studied)


@bp.get("/versions/<uuid:version_id>/lessons/<slug>")
def lesson(version_id: uuid.UUID, slug: str) -> str:
    """The text of one lesson as learners get it, quizzes with every answer's feedback."""
    session = db.current()
    published = courses.get_version(session, version_id)
    course = courses.text_of(published)
    text = course.find_lesson(slug)
    if text is None:
        raise NotFound
    sources = [source for source in course.sources if source.id in text.sources]
    return page(
        "trainer/lesson.html",
        "courses",
        version=published,
        text=text,
        html=to_html(text.body),
        sources=sources,
        studied=analytics.is_open(session, access.actor(), version_id),
    )


@bp.get("/media/<uuid:media_id>/progress")
def progress(media_id: uuid.UUID) -> str:
    """How far one video is: a fragment that the version page asks for again and again."""
    return render_template("trainer/video.html", video=media.progress(db.current(), media_id))


@bp.post("/media/<uuid:media_id>/retries")
def create_retry(media_id: uuid.UUID) -> Any:
    """Asks once more for a video that was not made."""
    session = db.current()
    media.retry(session, media_id, account_id=access.actor().account_id, now=clock.now())
    version_id = courses.find_version_with(session, media_id)
    place = url_for(".version", version_id=version_id) if version_id else url_for(".index")
    return redirect(place, code=303)
