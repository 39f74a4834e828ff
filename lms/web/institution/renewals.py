"""复训: whose completions run out, what she completed before, and the class in which she takes the course again."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.renewals import RETAKEN, Phase
from lms.domain.roles import Role
from lms.services import renewals
from lms.services.renewals import Asked
from lms.web import access, renewal_rules, renewal_words, turning
from lms.web.forms import id_in, id_of, told
from lms.web.institution.navigation import page

bp = access.blueprint("institution_renewals", __name__, Role.INSTITUTION, url_prefix="/institution/renewals")
renewal_rules.add_rules(bp, Role.INSTITUTION, page)
ASKED = (Phase.OPEN, Phase.DUE, Phase.EXPIRED, Phase.VALID)


@bp.get("/")
def index() -> str:
    """Who is to take a course again, the earliest last day first."""
    return _list(id_in(request.args, "course"))


def _list(course_id: uuid.UUID | None, wrong: Sequence[str] = (), chosen: Collection[uuid.UUID] = ()) -> str:
    session, actor, now = db.current(), access.actor(), clock.now()
    phase = next((each for each in ASKED if each == request.args.get("phase")), None)
    counts = renewals.count(session, actor, Role.INSTITUTION, course_id, now=now)
    pages = turning.page_count(sum(counts[each] for each in ([phase] if phase else RETAKEN)), renewals.PAGE_SIZE)
    number = min(turning.page_number(), pages)
    asked = Asked(phase, course_id)
    return page(
        "renewals/list.html",
        "renewals",
        rows=renewals.list_rows(session, actor, Role.INSTITUTION, asked, number, now=now),
        counts=counts,
        asked=asked,
        phases=ASKED,
        courses=renewals.list_courses(session, actor, Role.INSTITUTION, now=now),
        classes=renewals.list_classes(session, actor, course_id, now=now) if course_id else [],
        told=renewal_words,
        wrong=wrong,
        chosen=list(chosen),
        number=number,
        pages=pages,
        turned=lambda page: url_for(".index", course=course_id, phase=phase and phase.value, page=page),
    )


@bp.get("/<uuid:enrollment_id>")
def show(enrollment_id: uuid.UUID) -> str:
    """One learner in one course: what she completed, when, and what she was told."""
    rows = renewals.get_history(db.current(), access.actor(), Role.INSTITUTION, enrollment_id, now=clock.now())
    return page("renewals/history.html", "renewals", rows=rows, told=renewal_words)


@bp.post("/enrollments")
def create_enrollments() -> Any:
    """Enters the learners ticked into a class of the course; all of them or nobody."""
    wrong: list[str] = []
    course_id, cohort_id = id_in(request.form, "course"), id_of(request.form.get("cohort", ""))
    chosen = {id_of(each) for each in request.form.getlist("enrollment")}
    with told(wrong) as outcome:
        joined = renewals.retake(db.current(), access.actor(), cohort_id, chosen, now=clock.now())
    if outcome.failed:
        return _list(course_id, wrong, chosen), 422
    flash(_("已加入 %(n)s 人。她们打开手机就能看到新的课程，以前的记录都还在。", n=joined), "success")
    return redirect(url_for("institution_cohorts.show", cohort_id=cohort_id), 303)
