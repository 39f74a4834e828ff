"""Strange patterns of classes: a list with the evidence, and an officer's words that settle each."""

import uuid
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired

from lms import clock, db
from lms.domain.crosschecks.patterns import Outcome
from lms.domain.roles import Role
from lms.services import crosschecks, looks
from lms.web import access, check_words, limits
from lms.web.authority.navigation import page
from lms.web.forms import errors_of, refusals
from lms.web.language import counted

bp = access.blueprint("authority_checks", __name__, Role.INSPECTOR, url_prefix="/inspect/checks")

REFUSALS = {"words_length": "words", "words_personal": "words", "pattern_settled": "outcome", "pattern_own": "outcome"}
CHOOSE = _("请选一个结论")
CHOICES = [(each.value, check_words.OUTCOMES[each][0]) for each in Outcome]


class WordForm(FlaskForm):
    """What somebody who looked says."""

    outcome = RadioField(
        choices=[SelectChoice(*each) for each in CHOICES],
        validators=[InputRequired(CHOOSE)],
        invalid_choice_message=CHOOSE,
    )
    words = StringField()


@bp.get("/")
@access.writes
def index() -> str:
    """All flags below her, those that wait first."""
    session, actor = db.current(), access.actor()
    looks.record(session, actor, "checks", actor.account_id, organisation_id=None, now=clock.now())
    return page("authority/checks.html", "checks", found=crosschecks.list_flags(session, actor), told=check_words)


@bp.route("/<uuid:flag_id>", methods=["GET", "POST"])
@access.writes
def show(flag_id: uuid.UUID) -> Any:
    """One flag with its evidence and its people; an officer settles it."""
    session, actor, form = db.current(), access.actor(), WordForm()
    found = crosschecks.get_flag(session, actor, flag_id)
    if form.validate_on_submit() and _settle(flag_id, form):
        flash(gettext("已记下。"), "success")
        return redirect(url_for(".show", flag_id=flag_id), 303)
    looks.record(session, actor, "check", found.cohort_id, organisation_id=found.organisation_id, now=clock.now())
    facts = {"flag": found, "form": form, "errors": errors_of(form), "told": check_words, "choices_of": CHOICES}
    return page("authority/check.html", "checks", **facts), 422 if form.errors else 200


def _settle(flag_id: uuid.UUID, form: WordForm) -> bool:
    outcome, words = Outcome(form.outcome.data), form.words.data or ""
    with refusals(form, REFUSALS) as refused:
        crosschecks.settle_flag(db.current(), access.actor(), flag_id, outcome, words, now=clock.now())
    return not refused.failed


@bp.post("/classes/<uuid:cohort_id>")
@limits.limiter.limit(limits.EXPORTS)
def look(cohort_id: uuid.UUID) -> Any:
    """An officer has one class looked at now."""
    raised = crosschecks.look_at(db.current(), access.actor(), cohort_id, now=clock.now())
    flash(counted("看过了，新发现 %(n)s 条。", n=raised), "success")
    return redirect(url_for(".index"), 303)
