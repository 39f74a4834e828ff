"""How a course is studied: where learners stop, go back and miss checks, which questions mislead, time against plan."""

import uuid
from collections.abc import Iterable, Sequence

from flask import Response
from flask_babel import gettext as _

from lms import clock, db
from lms.adapters.sheets import Cell, write_csv
from lms.domain.roles import Role
from lms.services import analytics
from lms.web import access
from lms.web.downloads import attachment
from lms.web.trainer import analytics_words
from lms.web.trainer.navigation import page

bp = access.blueprint(
    "trainer_analytics", __name__, Role.TRAINER, url_prefix="/trainer/versions/<uuid:version_id>/analytics"
)


@bp.get("")
def course(version_id: uuid.UUID) -> str:
    """A version, lesson by lesson."""
    found = analytics.course(db.current(), access.actor(), version_id)
    return page("trainer/analytics/course.html", "courses", found=found, words=analytics_words)


@bp.get("/numbers.csv")
def course_numbers(version_id: uuid.UUID) -> Response:
    """The same as a file."""
    found = analytics.course(db.current(), access.actor(), version_id)
    return _file(analytics_words.course_titles(), map(analytics_words.course_cells, found.lessons), found.text.slug)


@bp.get("/lessons/<slug>")
def lesson(version_id: uuid.UUID, slug: str) -> str:
    """One lesson, ten seconds by ten seconds, or question by question."""
    found = analytics.lesson(db.current(), access.actor(), version_id, slug)
    return page("trainer/analytics/lesson.html", "courses", found=found, words=analytics_words)


@bp.get("/lessons/<slug>/numbers.csv")
def lesson_numbers(version_id: uuid.UUID, slug: str) -> Response:
    """The same as a file: nothing but titles where nothing may be shown."""
    found = analytics.lesson(db.current(), access.actor(), version_id, slug)
    if found.text.quiz:
        cells = (cells for item in found.items or () for cells in analytics_words.item_cells(item))
        return _file(analytics_words.item_titles(), cells, slug)
    buckets = found.strip.buckets if found.strip else ()
    return _file(analytics_words.bucket_titles(), map(analytics_words.bucket_cells, buckets), slug)


def _file(titles: Sequence[str], rows: Iterable[Sequence[Cell]], name: str) -> Response:
    today = clock.civil_day(clock.now()).isoformat()
    readable = "_".join([_("学习情况"), name, today]) + ".csv"
    return attachment(write_csv(titles, rows), readable, f"{name}-{today}.csv", "text/csv; charset=utf-8")
