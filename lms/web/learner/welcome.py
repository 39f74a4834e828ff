"""The first minutes on her own phone: what is kept and why, her yes or no, and whether name and number are hers."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.notices import Purpose
from lms.domain.roles import Role
from lms.services import activation, consents, practice
from lms.web import access
from lms.web.forms import told
from lms.web.learner.navigation import page
from lms.web.pages import local_path
from lms.web.rights_words import WRONG, notice_of, purpose_named, spoken

bp = access.blueprint("learner_welcome", __name__, Role.LEARNER, url_prefix="/learn/welcome")


@bp.get("/")
def index() -> Any:
    """The next thing to read or to say; home, or where she was going, when there is nothing left."""
    step = activation.next_step(db.current(), access.actor())
    if step is None:
        return redirect(_after() or url_for("learner_courses.home"), 303)
    if isinstance(step, Purpose):
        return page("learner/welcome.html", "me", notice=notice_of(step.value), purpose=step.value, after=_after())
    return _confirm()


@bp.post("/consents")
def create_consent() -> Any:
    """Her word on one text: read it, or yes, or no."""
    purpose = purpose_named(request.form.get("purpose", ""))
    given = purpose is Purpose.NOTICE or request.form.get("given") == "1"
    say(purpose, given=given)
    return redirect(url_for(".index", next=_after()), 303)


@bp.post("/activations")
def create_activation() -> Any:
    """These are my name and my number."""
    activation.confirm(db.current(), access.actor(), now=clock.now())
    flash(_("谢谢，账号已激活。"), "success")
    return redirect(url_for(".index", next=_after()), 303)


@bp.route("/disputes", methods=["GET", "POST"])
def dispute() -> Any:
    """The name is wrong, or it is not me."""
    wrong: list[str] = []
    if request.method == "POST":
        said = request.form.get("what", ""), request.form.get("words", "")
        with told(wrong) as outcome:
            activation.dispute(db.current(), access.actor(), *said, now=clock.now())
        if not outcome.failed:
            flash(_("已告诉您的培训机构，他们会来核实。课可以先学。"), "success")
            return redirect(url_for(".index", next=_after()), 303)
    facts = {"who": _registered(), "wrong": wrong, "whats": WRONG, "form": request.form, "after": _after()}
    return page("learner/not_me.html", "me", **facts), 422 if wrong else 200


def say(purpose: Purpose, *, given: bool) -> None:
    """Takes her word down; a no to pictures deletes those there are."""
    session, actor, now = db.current(), access.actor(), clock.now()
    person_id = activation.own_person(actor)
    if purpose is Purpose.PICTURES:
        practice.say(session, actor, person_id, given=given, language=spoken(), now=now)
    else:
        consents.record(session, actor, person_id, purpose, given=given, language=spoken(), now=now)


def _confirm() -> str:
    return page("learner/confirm.html", "me", who=_registered(), after=_after())


def _registered() -> activation.Registered:
    return activation.registered(db.current(), access.parts().keyring, access.actor())


def _after() -> str | None:
    return local_path(request.args.get("next"))
