"""Who a learner is on record as: documents and names, what is proposed of them, one number shown for a reason."""

import uuid
from typing import Any

from flask import Response, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.services import identity, reveals
from lms.web import access, identity_desk, identity_words, limits
from lms.web.forms import errors_of, refusals
from lms.web.institution.identity_forms import (
    CHANGE_REFUSALS,
    WORDS,
    NameForm,
    NumberForm,
    RevealForm,
    ValidityForm,
)
from lms.web.institution.navigation import page

bp = access.blueprint("institution_identity", __name__, Role.INSTITUTION, url_prefix="/institution/learners")
desk = access.blueprint("institution_identity_desk", __name__, Role.INSTITUTION, url_prefix="/institution/identity")
identity_desk.add_changes(desk, Role.INSTITUTION, page)

REVEALS = "60 per hour"
CHECKS = "300 per hour"


@bp.get("/<uuid:enrollment_id>/identity")
def show(enrollment_id: uuid.UUID) -> str:
    """Documents with their states, names, and what was proposed; numbers masked."""
    return _page(enrollment_id, ValidityForm())


def _page(enrollment_id: uuid.UUID, form: ValidityForm) -> str:
    session, parts, actor = db.current(), access.parts(), access.actor()
    found = identity.of_learner(session, parts.keyring, actor, enrollment_id, now=clock.now())
    proposed = identity.list_of_learner(session, parts.keyring, actor, enrollment_id)
    facts = {"found": found, "changes": proposed, "told": identity_words, "has_service": parts.identity is not None}
    facts |= {"seen": reveals.count_of_enrollment(session, enrollment_id), "errors": errors_of(form)}
    return page("institution/identity.html", "identity", **facts)


@bp.route("/<uuid:enrollment_id>/identity/reveals", methods=["GET", "POST"])
@limits.limiter.limit(REVEALS, methods=["POST"])
def reveal(enrollment_id: uuid.UUID) -> Any:
    """Asks what a whole number is needed for; then shows it, on this page and nowhere else."""
    session, keyring, actor, now = db.current(), access.parts().keyring, access.actor(), clock.now()
    learner = identity.of_learner(session, keyring, actor, enrollment_id, now=now)
    form, shown = RevealForm(), None
    if form.validate_on_submit():
        with refusals(form, {**WORDS, "reveal_withheld": "field"}) as outcome:
            wanted = (form.field.data, form.purpose.data, form.reason.data or "")
            shown = reveals.reveal(session, keyring, actor, enrollment_id, *wanted, now=now)
        shown = None if outcome.failed else shown
    facts = {"learner": learner, "form": form, "errors": errors_of(form), "shown": shown, "told": identity_words}
    answer: Response = make_response(page("institution/reveal.html", "identity", **facts), 422 if form.errors else 200)
    return answer


@bp.route("/<uuid:enrollment_id>/identity/changes", methods=["GET", "POST"])
def propose(enrollment_id: uuid.UUID) -> Any:
    """A form for another name, the right number of a document (`document`), or one more document."""
    kind, document_id = request.args.get("kind", "document"), _document()
    form = NameForm() if kind == "name" else NumberForm()
    learner = identity.of_learner(db.current(), access.parts().keyring, access.actor(), enrollment_id, now=clock.now())
    document = next((each for each in learner.documents if each.id == document_id), None)
    if document_id is not None and document is None:
        raise NotFound
    if form.validate_on_submit() and (made := _propose(form, enrollment_id, document_id)):
        flash(_("已提出。请另一位工作人员来核对；在那以前，登记不变。"), "success")
        return redirect(url_for("institution_identity_desk.show", change_id=made), 303)
    facts = {"learner": learner, "document": document, "form": form, "errors": errors_of(form), "told": identity_words}
    return page("institution/identity_form.html", "identity", **facts), 422 if form.errors else 200


def _document() -> uuid.UUID | None:
    text = request.args.get("document", "")
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def _propose(form: NameForm | NumberForm, enrollment_id: uuid.UUID, document_id: uuid.UUID | None) -> uuid.UUID | None:
    who = (db.current(), access.parts().keyring, access.actor(), enrollment_id)
    after, reason, now = form.after.data or "", form.reason.data or "", clock.now()
    with refusals(form, CHANGE_REFUSALS) as outcome:
        if isinstance(form, NameForm):
            made = identity.propose_name(*who, after, reason, now=now)
        else:
            made = identity.propose_number(*who, document_id, form.document_type.data, after, reason, now=now)
    return None if outcome.failed else made


@bp.post("/<uuid:enrollment_id>/identity/documents/<uuid:document_id>/checks")
@limits.limiter.limit(CHECKS)
def check(enrollment_id: uuid.UUID, document_id: uuid.UUID) -> Any:
    """Asks an authority's service about a document; the answer comes by itself, and studying goes on meanwhile."""
    service = access.parts().identity
    source = service.source if service else ""
    identity.ask(db.current(), access.actor(), enrollment_id, document_id, source, now=clock.now())
    flash(_("已提交核验，过一会儿刷新页面看结果。不影响学习。"), "success")
    return redirect(url_for(".show", enrollment_id=enrollment_id), 303)


@bp.post("/<uuid:enrollment_id>/identity/documents/<uuid:document_id>/prints")
def print_document(enrollment_id: uuid.UUID, document_id: uuid.UUID) -> Any:
    """Lets reports print this document."""
    keyring, actor, now = access.parts().keyring, access.actor(), clock.now()
    identity.print_document(db.current(), keyring, actor, enrollment_id, document_id, now=now)
    flash(_("以后报表上用这个证件。"), "success")
    return redirect(url_for(".show", enrollment_id=enrollment_id), 303)


@bp.post("/<uuid:enrollment_id>/identity/documents/<uuid:document_id>/validity")
def validity(enrollment_id: uuid.UUID, document_id: uuid.UUID) -> Any:
    """From when and until when a document is valid."""
    form = ValidityForm()
    if form.validate_on_submit():
        with refusals(form, {"identity_validity": "valid_until"}) as outcome:
            days = (form.valid_from.data, form.valid_until.data)
            identity.set_validity(db.current(), access.actor(), enrollment_id, document_id, *days, now=clock.now())
        if not outcome.failed:
            flash(_("有效期已记下。"), "success")
            return redirect(url_for(".show", enrollment_id=enrollment_id), 303)
    return _page(enrollment_id, form), 422


@desk.get("/reveals")
def seen() -> str:
    """Who of the institution saw whole numbers, when, and what for."""
    number = request.args.get("page", 1, type=int)
    found = reveals.list_of_institution(db.current(), access.actor(), page=number)
    return page("institution/reveals.html", "identity", found=found, told=identity_words)
