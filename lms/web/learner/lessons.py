"""A lesson on the phone: the player, or the text to read."""

import uuid
from dataclasses import replace
from typing import Any

from flask import Response, redirect, request, url_for

from lms import clock, db
from lms.authoring.markdown import to_html
from lms.domain.courses import LessonKind
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.domain.study import StudyVerdict
from lms.services import learning, practice
from lms.web import access
from lms.web.course_assets import send
from lms.web.learner.media import MediaUrls, media_urls
from lms.web.learner.navigation import page
from lms.web.learner.notebook import offer
from lms.web.wording import sentence

bp = access.blueprint("learner_lessons", __name__, Role.LEARNER, url_prefix="/learn/courses/<uuid:enrollment_id>")


@bp.get("/lessons/<uuid:lesson_id>")
def show(enrollment_id: uuid.UUID, lesson_id: uuid.UUID) -> Any:
    """A video or reading lesson; a quiz has its own page."""
    opened = learning.get_lesson(db.current(), access.actor(), enrollment_id, lesson_id, now=clock.now())
    if opened.row.kind is LessonKind.QUIZ:
        return redirect(url_for("learner_quizzes.show", enrollment_id=enrollment_id, lesson_id=lesson_id))
    return page(
        f"learner/{opened.row.kind}.html",
        "learn",
        opened=opened,
        html=to_html(opened.text.body, lambda name: _picture(opened, name)),
        urls=_urls(opened),
        next_href=_next_href(opened),
        waiting=offer(enrollment_id),
        login_href=url_for("accounts.login", next=request.path),
        checks_href=url_for("learner_checks.index"),
        verdicts=_verdict_words(),
        skill=_skill(opened),
    )


def _skill(opened: learning.LessonPage) -> practice.SkillPage | None:
    """A practical skill with what examiners and mentors signed."""
    if opened.row.kind is not LessonKind.PRACTICE:
        return None
    where = (opened.card.enrollment_id, opened.row.lesson_id)
    return practice.get_skill(db.current(), access.actor(), Role.LEARNER, *where)


@bp.get("/lessons/<uuid:lesson_id>/<path:name>")
def asset(enrollment_id: uuid.UUID, lesson_id: uuid.UUID, name: str) -> Response:
    """A picture or paper of a lesson."""
    found = learning.get_asset(db.current(), access.actor(), enrollment_id, lesson_id, name)
    return send(found, access.parts().store)


@bp.get("/lessons/<uuid:lesson_id>/captions.vtt")
def captions(enrollment_id: uuid.UUID, lesson_id: uuid.UUID) -> Response:
    """The captions that the version keeps for an uploaded video."""
    opened = learning.get_lesson(db.current(), access.actor(), enrollment_id, lesson_id, now=clock.now())
    if not opened.text.captions:
        raise NotFound
    return Response(opened.text.captions, content_type="text/vtt; charset=utf-8")


def _urls(opened: learning.LessonPage) -> MediaUrls | None:
    """Where the phone finds the video; a version's own captions go before those beside the video."""
    if opened.media is None or opened.media.prefix is None:
        return None
    urls = media_urls(opened.media)
    if not opened.text.captions:
        return urls
    here = url_for(".captions", enrollment_id=opened.card.enrollment_id, lesson_id=opened.row.lesson_id)
    return replace(urls, captions=here)


def _picture(opened: learning.LessonPage, name: str) -> str | None:
    if opened.text.find_asset(name) is None:
        return None
    return url_for(".asset", enrollment_id=opened.card.enrollment_id, lesson_id=opened.row.lesson_id, name=name)


def _next_href(opened: learning.LessonPage) -> str | None:
    row = opened.next_row
    if row is None:
        return url_for("learner_courses.outline", enrollment_id=opened.card.enrollment_id)
    return url_for(".show", enrollment_id=opened.card.enrollment_id, lesson_id=row.lesson_id)


def _verdict_words() -> dict[str, str]:
    """Sentences for the stretches that earned nothing or not all."""
    return {
        verdict.value: sentence(verdict.value)
        for verdict in StudyVerdict
        if verdict not in (StudyVerdict.CREDITED, StudyVerdict.NOTHING_PLAYED)
    }
