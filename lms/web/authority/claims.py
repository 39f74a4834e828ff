"""Claims of subsidies at the office: by stage, line by line, calls back, double claims; each look is on record."""

import secrets
import uuid
from functools import partial
from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.claims.states import Act, ClaimState
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.services import claims, looks
from lms.web import access, claim_papers, claim_words, claimwork, doubt_words, limits
from lms.web.authority.navigation import page
from lms.web.forms import id_in, options_of

bp = access.blueprint("authority_claims", __name__, Role.OFFICER, url_prefix="/inspect/subsidies/claims")
ROLE = Role.OFFICER
STAGES = tuple(each for each in ClaimState if each is not ClaimState.DRAFT)


@bp.get("/")
@access.writes
def index() -> str:
    """What waits at each stage, and double claims."""
    session, actor = db.current(), access.actor()
    stage = next((each for each in STAGES if each.value == request.args.get("stage")), ClaimState.FILED)
    facts: dict[str, Any] = {"rows": claims.list_claims(session, actor, ROLE, [stage]), "stage": stage.value}
    facts |= {"counts": claims.count_stages(session, actor, ROLE), "rivals": claims.list_rivals(session, actor)}
    facts["due"] = claims.list_due(session, actor, ROLE, today=clock.civil_day(clock.now()))
    looks.record(session, actor, "claims", actor.account_id, organisation_id=None, now=clock.now())
    return page("authority/claims.html", "claims", stages=STAGES, words=claim_words, **facts)


@bp.get("/<uuid:claim_id>")
@access.writes
def show(claim_id: uuid.UUID) -> str:
    """One claim with its lines, their evidence, calls, and its chain."""
    return _again(claim_id, [])


def _again(claim_id: uuid.UUID, wrong: list[str]) -> str:
    session, actor = db.current(), access.actor()
    found = claims.get(session, access.parts().keyring, actor, claim_id, ROLE)
    place = found.organisation_id
    looks.record(session, actor, "claim", found.row.cohort_id, organisation_id=place, now=clock.now())
    facts: dict[str, Any] = {"claim": found, "wrong": wrong, "said": request.form, "words": claim_words}
    facts["is_due"] = claims.is_due(session, found, today=clock.civil_day(clock.now()))
    facts["doubt"] = doubt_words.told
    return page("authority/claim.html", "claims", **facts)


@bp.post("/<uuid:claim_id>/decisions")
def decide_line(claim_id: uuid.UUID) -> Any:
    """A word on one line: refused, returned for correction, or let in again."""
    form, line_id = request.form, id_in(request.form, "line")
    act = next((each for each in Act if each.value == form.get("act")), None)
    if line_id is None or act is None:
        raise NotFound
    more = {"line_id": line_id, "act": act, "reason": form.get("reason", ""), "words": claimwork.words()}
    return claimwork.answer(claim_id, _again, claims.decide_line, _("已记下对这一行的决定。"), **more)


@bp.post("/<uuid:claim_id>/returns")
def send_back(claim_id: uuid.UUID) -> Any:
    """Returns the whole claim for correction."""
    return claimwork.answer(claim_id, _again, claims.send_back, _("已退回，机构看得到原因。"), words=claimwork.words())


@bp.post("/<uuid:claim_id>/first-reviews")
def pass_first(claim_id: uuid.UUID) -> Any:
    """Ends the first review."""
    done = _("初审完成。请另一位审核人复审。")
    return claimwork.answer(claim_id, _again, claims.pass_first, done, words=claimwork.words())


@bp.post("/<uuid:claim_id>/second-reviews")
def pass_second(claim_id: uuid.UUID) -> Any:
    """Ends the second review."""
    return claimwork.answer(claim_id, _again, claims.pass_second, _("复审完成，转入公示。"), words=claimwork.words())


@bp.post("/<uuid:claim_id>/refusals")
def refuse(claim_id: uuid.UUID) -> Any:
    """Refuses the whole claim."""
    more = {"reason": request.form.get("reason", ""), "words": claimwork.words()}
    return claimwork.answer(claim_id, _again, claims.refuse, _("整份申请不予补贴，机构看得到原因。"), **more)


@bp.post("/<uuid:claim_id>/debts")
def owe(claim_id: uuid.UUID) -> Any:
    """The notice is over: what was approved is owed."""
    return claimwork.answer(claim_id, _again, claims.owe, _("已转入待拨付。"))


@bp.post("/<uuid:claim_id>/samples")
def draw(claim_id: uuid.UUID) -> Any:
    """Draws who is called back."""
    text = request.form.get("wanted", "")
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    more = {"wanted": wanted, "seed": secrets.token_hex(16)}
    return claimwork.answer(claim_id, _again, claims.draw, _("已抽出回访名单。"), **more)


@bp.post("/<uuid:claim_id>/calls")
def call(claim_id: uuid.UUID) -> Any:
    """What came of one call."""
    form, line_id, sample_id = request.form, id_in(request.form, "line"), id_in(request.form, "sample")
    if line_id is None or sample_id is None:
        raise NotFound
    more: dict[str, Any] = {"sample_id": sample_id, "line_id": line_id}
    more |= {"result": form.get("result", ""), "words": claimwork.words()}
    return claimwork.answer(claim_id, _again, claims.note, _("已记下这次回访。"), **more)


DESK = claim_papers.Desk(ROLE, partial(page, "authority/claim_full.html", "claims", acts=True, options=options_of))


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
