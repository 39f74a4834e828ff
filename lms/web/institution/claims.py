"""Claims of subsidies at an institution: made from a finished class, filed by a second person, corrected, withdrawn."""

import uuid
from functools import partial
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.domain.subsidies import Fund, SubsidyKind
from lms.services import claims
from lms.web import access, claim_papers, claim_words, claimwork, limits
from lms.web.forms import id_in, told
from lms.web.institution.navigation import page

bp = access.blueprint("institution_claims", __name__, Role.INSTITUTION, url_prefix="/institution/subsidies/claims")
ROLE = Role.INSTITUTION


@bp.get("/")
def index() -> str:
    """The claims there are, and the finished classes of which one can be made."""
    session, actor = db.current(), access.actor()
    rows = claims.list_claims(session, actor, ROLE)
    classes = claims.list_classes(session, actor, now=clock.now())
    return page("institution/claims.html", "claims", rows=rows, classes=classes, words=claim_words)


@bp.get("/new")
def new() -> str:
    """What a claim of a class would hold today, kind by kind."""
    return _try([])


def _try(wrong: list[str]) -> str:
    kind, cohort_id = _one_of(SubsidyKind, request.values.get("kind", "training")), id_in(request.values, "cohort")
    if kind is None or cohort_id is None:
        raise NotFound
    found = None
    with told(wrong):
        found = claims.dry_run(db.current(), access.actor(), cohort_id, kind, now=clock.now())
    facts: dict[str, Any] = {"run": found, "kind": kind.value, "cohort_id": cohort_id, "wrong": wrong}
    return page("institution/claim_new.html", "claims", words=claim_words, **facts)


@bp.post("/")
def create() -> Any:
    """Makes the draft."""
    kind, cohort_id = _one_of(SubsidyKind, request.form.get("kind", "")), id_in(request.form, "cohort")
    if kind is None or cohort_id is None:
        raise NotFound
    wrong: list[str] = []
    with told(wrong) as outcome:
        fund = _one_of(Fund, request.form.get("fund", ""))
        made = claims.make(db.current(), access.actor(), cohort_id, kind, fund=fund, now=clock.now())
    if outcome.failed:
        return _try(wrong), 422
    flash(_("已汇总。请核对每一行，再请另一位工作人员提交。"), "success")
    return redirect(url_for(".show", claim_id=made), 303)


def _one_of(kinds: Any, text: str) -> Any:
    return next((each for each in kinds if each.value == text), None)


@bp.get("/<uuid:claim_id>")
def show(claim_id: uuid.UUID) -> str:
    """The claim with its lines, who is not asked for and why, and all its steps."""
    return _again(claim_id, [])


def _again(claim_id: uuid.UUID, wrong: list[str]) -> str:
    found = claims.get(db.current(), access.parts().keyring, access.actor(), claim_id, ROLE)
    return page("institution/claim.html", "claims", claim=found, wrong=wrong, said=request.form, words=claim_words)


@bp.post("/<uuid:claim_id>/assemblies")
def refresh(claim_id: uuid.UUID) -> Any:
    """Assembles the lines anew."""
    return claimwork.answer(claim_id, _again, claims.refresh, _("已重新汇总。请另一位工作人员提交。"))


@bp.post("/<uuid:claim_id>/submissions")
def file(claim_id: uuid.UUID) -> Any:
    """Hands it in, with the commitment to its truth."""
    committed = request.form.get("committed") == "yes"
    return claimwork.answer(claim_id, _again, claims.file, _("已提交。审核结果在这里看。"), committed=committed)


@bp.post("/<uuid:claim_id>/withdrawals")
def withdraw(claim_id: uuid.UUID) -> Any:
    """Takes it back."""
    done = _("已撤回。需要时可以重新汇总一份。")
    return claimwork.answer(claim_id, _again, claims.withdraw, done, words=claimwork.words())


@bp.post("/<uuid:claim_id>/omissions")
def leave_out(claim_id: uuid.UUID) -> Any:
    """Does not ask for one learner, and says why."""
    line_id = id_in(request.form, "line")
    if line_id is None:
        raise NotFound
    more = {"line_id": line_id, "words": claimwork.words()}
    return claimwork.answer(claim_id, _again, claims.leave_out, _("已记下，这位学员不申请。"), **more)


@bp.post("/<uuid:claim_id>/readmissions")
def bring_back(claim_id: uuid.UUID) -> Any:
    """Asks again for one who was left out."""
    enrollment_id = id_in(request.form, "enrollment")
    if enrollment_id is None:
        raise NotFound
    done = _("已加回来，并按今天的记录重新汇总。请另一位工作人员提交。")
    return claimwork.answer(claim_id, _again, claims.bring_back, done, enrollment_id=enrollment_id)


DESK = claim_papers.Desk(ROLE, partial(page, "institution/claim_full.html", "claims"))


@bp.get("/<uuid:claim_id>/<any(application, people):paper>.<any(csv, xlsx, pdf):file_format>")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def export(claim_id: uuid.UUID, paper: str, file_format: str) -> Response:
    """A form of the claim as a file, numbers masked."""
    return claim_papers.export(DESK, claim_id, paper, file_format)


@bp.route("/<uuid:claim_id>/<any(application, people):paper>/full", methods=["GET", "POST"])
@limits.limiter.limit(limits.EXPORTS, methods=["POST"])
def full(claim_id: uuid.UUID, paper: str) -> Any:
    """Asks what whole numbers are needed for; then the form as a file with whole numbers."""
    return claim_papers.full(DESK, claim_id, paper)
