"""Corrections of the institution's learners: proposed here by one, decided by another."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.corrections import LONGEST_FILE, CorrectionKind
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.services import corrections
from lms.services.corrections import LearnerPage
from lms.web import access, casework, correction_words, limits
from lms.web.forms import errors_of, id_in, id_of, paper_of, refusals
from lms.web.institution.correction_forms import REFUSALS, CreditForm, VoidForm
from lms.web.institution.navigation import page

bp = access.blueprint("institution_corrections", __name__, Role.INSTITUTION, url_prefix="/institution/corrections")
casework.add_corrections(bp, Role.INSTITUTION, page)

LARGEST = LONGEST_FILE + 256 * 1024  # the file and the rest of the form; what is over is told by the rule


@bp.route("/new", methods=["GET", "POST"])
@limits.limiter.limit(limits.UPLOADS, methods=["POST"])
@access.takes(LARGEST)
def new() -> Any:
    """Whose lesson, then which of its segments do not count, or which time by hand does."""
    enrollment_id, lesson_id = id_of(request.args.get("enrollment", "")), id_in(request.args, "lesson")
    found = corrections.learner_page(db.current(), access.actor(), enrollment_id, lesson_id)
    if found.lesson is None:
        return page("corrections/lessons.html", "corrections", found=found, told=correction_words)
    kind = CorrectionKind.CREDIT if request.args.get("kind") == "credit" else CorrectionKind.VOID
    form = CreditForm() if kind is CorrectionKind.CREDIT else VoidForm()
    if form.validate_on_submit() and (made := _propose(form, found)):
        flash(_("已提出。请另一位工作人员来核对；在那以前，学时不变。"), "success")
        return redirect(url_for(".show", correction_id=made), 303)
    facts = {"found": found, "form": form, "kind": kind, "errors": errors_of(form), "told": correction_words}
    return page("corrections/form.html", "corrections", **facts), 422 if form.errors else 200


def _propose(form: CreditForm | VoidForm, found: LearnerPage) -> uuid.UUID | None:
    session, store, actor = db.current(), access.parts().store, access.actor()
    enrollment_id, lesson_id = found.enrollment_id, found.lesson.id if found.lesson else _missing()
    reason, file, now = form.reason.data or "", paper_of(form.file.data), clock.now()
    with refusals(form, REFUSALS) as outcome:
        if isinstance(form, CreditForm):
            made = corrections.propose_credit(
                session, store, actor, enrollment_id, lesson_id, form.claim(), reason, file, now=now
            )
        else:
            made = corrections.propose_void(
                session, store, actor, enrollment_id, lesson_id, form.chosen(), reason, file, now=now
            )
    return None if outcome.failed else made


def _missing() -> Any:
    raise NotFound
