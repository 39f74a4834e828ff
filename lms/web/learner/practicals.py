"""The learner's own practicals: her yes or no to pictures, and the pictures themselves."""

import uuid
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.roles import Role
from lms.services import practice
from lms.web import access
from lms.web.practical_pictures import send
from lms.web.rights_words import spoken

bp = access.blueprint("learner_practicals", __name__, Role.LEARNER, url_prefix="/learn")


@bp.post("/courses/<uuid:enrollment_id>/lessons/<uuid:lesson_id>/consents")
def create_consent(enrollment_id: uuid.UUID, lesson_id: uuid.UUID) -> Any:
    """She agrees to pictures, or takes it back."""
    given = request.form.get("given") == "1"
    where = (enrollment_id, lesson_id)
    practice.say_own(db.current(), access.actor(), *where, given=given, language=spoken(), now=clock.now())
    told = _("已记下：您同意考核时拍照。") if given else _("已收回。以前的照片和录像正在删除。")
    flash(told, "success")
    return redirect(url_for("learner_lessons.show", enrollment_id=enrollment_id, lesson_id=lesson_id), 303)


@bp.get("/practicals/pictures/<uuid:picture_id>")
def picture(picture_id: uuid.UUID) -> Response:
    """A picture of herself."""
    return send(practice.open_picture(db.current(), access.actor(), Role.LEARNER, picture_id, now=clock.now()))
