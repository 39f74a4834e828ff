"""我的信息: what is kept about her, by which rule and until when; her consents, her file, her wishes."""

import uuid
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.errors import NotFound
from lms.domain.notices import Purpose
from lms.domain.rights import Asked
from lms.domain.roles import Role
from lms.services import activation, rights
from lms.web import access, rights_words
from lms.web.downloads import attachment, pieces
from lms.web.forms import told
from lms.web.learner.navigation import page
from lms.web.learner.welcome import say

bp = access.blueprint("learner_mine", __name__, Role.LEARNER, url_prefix="/learn/mine")


@bp.get("/")
def index() -> str:
    """Everything at one glance."""
    session, actor, now = db.current(), access.actor(), clock.now()
    return page(
        "learner/mine.html",
        "me",
        who=activation.registered(session, access.parts().keyring, actor),
        mine=rights.get_mine(session, actor, now=now),
        exports=rights.exporting.list_own(session, actor, now=now)[:1],
        told=rights_words,
    )


@bp.get("/notices/<purpose>")
def notice(purpose: str) -> str:
    """A text to read again, with her word on it."""
    found = rights_words.purpose_named(purpose)
    mine = rights.get_mine(db.current(), access.actor(), now=clock.now())
    standing = next(each for each in mine.consents if each.purpose is found)
    return page("learner/notice.html", "me", notice=rights_words.notice_of(purpose), standing=standing)


@bp.post("/consents")
def create_consent() -> Any:
    """She changes her mind."""
    purpose = rights_words.purpose_named(request.form.get("purpose", ""))
    if purpose is Purpose.NOTICE:
        raise NotFound
    say(purpose, given=request.form.get("given") == "1")
    flash(_("已记下。"), "success")
    return redirect(url_for(".notice", purpose=purpose.value), 303)


@bp.post("/exports")
def create_export() -> Any:
    """Asks for the file with all her data."""
    export_id = rights.exporting.ask(db.current(), access.actor(), now=clock.now())
    return redirect(url_for(".export", export_id=export_id), 303)


@bp.get("/exports/<uuid:export_id>")
def export(export_id: uuid.UUID) -> str:
    """How far the file is, and where to fetch it."""
    return page("learner/export.html", "me", export=_export(export_id))


@bp.get("/exports/<uuid:export_id>/state")
def export_state(export_id: uuid.UUID) -> str:
    """The inside of that page, asked for until it is ready."""
    return page("learner/export_state.html", "me", export=_export(export_id))


@bp.get("/exports/<uuid:export_id>/file")
@access.writes
def export_file(export_id: uuid.UUID) -> Response:
    """The file itself."""
    body = rights.exporting.open_own(db.current(), access.parts().store, access.actor(), export_id, now=clock.now())
    answer = attachment(pieces(lambda: body), _("我的全部信息.zip"), "my-data.zip", "application/zip")
    answer.call_on_close(body.close)
    return answer


@bp.route("/requests/<any(correction,deletion,closing):kind>", methods=["GET", "POST"])
def ask(kind: str) -> Any:
    """What will happen, and her wish."""
    wrong: list[str] = []
    session, actor, now = db.current(), access.actor(), clock.now()
    if request.method == "POST":
        with told(wrong) as outcome:
            rights.ask(session, actor, Asked(kind), request.form.get("words", ""), now=now)
        if not outcome.failed and kind == Asked.CLOSING:
            flash(_("账号已关闭，所有设备都已退出。"), "success")
            return redirect(url_for("accounts.login"), 303)
        if not outcome.failed:
            flash(_("已收到。办到哪一步，在这一页看得到。"), "success")
            return redirect(url_for(".index"), 303)
    mine = rights.get_mine(session, actor, now=now)
    facts = {"kind": kind, "mine": mine, "told": rights_words, "wrong": wrong, "form": request.form}
    return page("learner/ask.html", "me", **facts), 422 if wrong else 200


@bp.post("/requests/<uuid:request_id>/withdrawal")
def withdraw(request_id: uuid.UUID) -> Any:
    """She has changed her mind."""
    rights.withdraw(db.current(), access.actor(), request_id, now=clock.now())
    flash(_("已撤回。您的信息照原来的样子使用。"), "success")
    return redirect(url_for(".index"), 303)


def _export(export_id: uuid.UUID) -> rights.exporting.ExportView:
    return rights.exporting.get_own(db.current(), access.actor(), export_id, now=clock.now())
