"""A trainer's desk: released courses, their outlines, how far the videos are, and what learners see.

Shown are courses that ship with the platform, those of her organisations, and those that their cohorts study.
"""

import uuid
from itertools import groupby
from typing import Any

from flask import Response, redirect, render_template, url_for

from lms import clock, db
from lms.authoring.markdown import to_html
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.services import courses, media
from lms.web import access
from lms.web.course_assets import send
from lms.web.trainer.navigation import page

bp = access.blueprint("trainer_courses", __name__, Role.TRAINER, url_prefix="/trainer")


@bp.get("/")
def index() -> str:
    """All courses with their versions, the newest first."""
    rows = courses.list_visible(db.current(), access.actor())
    shelves = [list(versions) for _slug, versions in groupby(rows, lambda row: row.slug)]
    return page("trainer/courses.html", "courses", shelves=shelves)


@bp.get("/versions/<uuid:version_id>")
def version(version_id: uuid.UUID) -> str:
    """One version: its lessons in order, and how far their videos are."""
    session = db.current()
    found = courses.get_visible(session, access.actor(), version_id)
    return page("trainer/version.html", "courses", outline=courses.outline(session, found.id))


@bp.get("/versions/<uuid:version_id>/lessons/<slug>")
def lesson(version_id: uuid.UUID, slug: str) -> str:
    """The text of one lesson as learners get it, quizzes with every answer's feedback."""
    published = courses.get_visible(db.current(), access.actor(), version_id)
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
        html=to_html(text.body, lambda name: url_for(".asset", version_id=version_id, slug=slug, name=name)),
        sources=sources,
    )


@bp.get("/versions/<uuid:version_id>/lessons/<slug>/<path:name>")
def asset(version_id: uuid.UUID, slug: str, name: str) -> Response:
    """A picture or paper of a lesson."""
    text = courses.text_of(courses.get_visible(db.current(), access.actor(), version_id)).find_lesson(slug)
    found = text and text.find_asset(name)
    if not found:
        raise NotFound
    return send(found, access.parts().store)


@bp.get("/media/<uuid:media_id>/progress")
def progress(media_id: uuid.UUID) -> str:
    """How far one video is: a fragment that the version page asks for again and again."""
    media.check_visible(db.current(), access.actor(), media_id)
    return render_template("trainer/video.html", video=media.progress(db.current(), media_id))


@bp.post("/media/<uuid:media_id>/retries")
def create_retry(media_id: uuid.UUID) -> Any:
    """Asks once more for a video that was not made."""
    session = db.current()
    media.check_visible(session, access.actor(), media_id)
    media.retry(session, media_id, account_id=access.actor().account_id, now=clock.now())
    version_id = courses.find_version_with(session, media_id)
    place = url_for(".version", version_id=version_id) if version_id else url_for(".index")
    return redirect(place, code=303)
