"""Subsidy policies at the platform's desk: versions, differences, drafts that two people publish, trials."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from lms import clock, db
from lms.domain.roles import Role
from lms.domain.subsidies import SubsidyKind
from lms.domain.subsidy_policies.comparing import compare
from lms.services import policy_trials, subsidies
from lms.web import access, subsidy_policy_words
from lms.web.forms import errors_of, id_in, refusals
from lms.web.language import is_english
from lms.web.platform.navigation import page

bp = access.blueprint("platform_subsidies", __name__, Role.PLATFORM, url_prefix="/platform/subsidy-policies")

WORDS = _("请写明理由")
NOTE_REFUSALS = {"words_length": "note", "words_personal": "note", "subsidy_faults": "note"}


class TextForm(FlaskForm):
    """The text of a draft, and the edition it was read in."""

    text = StringField(validators=[InputRequired(_("请把政策文字贴进来"))])
    edition = IntegerField(validators=[InputRequired()])


class StepForm(FlaskForm):
    """The next step of a draft, in words."""

    note = StringField(validators=[InputRequired(WORDS)])
    edition = IntegerField(validators=[InputRequired()])


class TrialForm(FlaskForm):
    """Which kind of subsidy is tried."""

    kind = SelectField(
        coerce=SubsidyKind,
        choices=[SelectChoice(each.value) for each in SubsidyKind],
        validators=[InputRequired()],
    )


@bp.get("/")
def index() -> str:
    """All versions by place, and the drafts that are on their way."""
    found = subsidies.list_versions(db.current(), access.actor(), now=clock.now())
    drafts = subsidies.list_drafts(db.current(), access.actor())
    return _page("subsidy_policies.html", found=found, drafts=drafts)


@bp.get("/<uuid:policy_id>")
def show(policy_id: uuid.UUID) -> str:
    """One version, term by term."""
    found = subsidies.list_versions(db.current(), access.actor(), now=clock.now())
    one = subsidies.get_version(db.current(), access.actor(), policy_id, now=clock.now())
    return _page("subsidy_policy.html", found=one, others=[each for each in found if each.id != policy_id])


@bp.get("/<uuid:policy_id>/differences")
def differences(policy_id: uuid.UUID) -> str:
    """What changed from another version (`from`) to this one."""
    before_id = id_in(request.args, "from") or policy_id
    before, after, told = subsidies.compare(db.current(), access.actor(), before_id, policy_id, now=clock.now())
    facts = {"before": before.policy.code, "after": after.policy.code, "changes": told}
    return _page("subsidy_differences.html", back=url_for(".show", policy_id=policy_id), **facts)


@bp.post("/<uuid:policy_id>/drafts")
def draft(policy_id: uuid.UUID) -> Any:
    """A new draft that begins with this version."""
    made = subsidies.make(db.current(), access.actor(), policy_id, now=clock.now())
    flash(gettext("草稿建好了。请先改代码和生效日期，再改内容。"), "success")
    return redirect(url_for(".edit", policy_draft_id=made), 303)


@bp.route("/drafts/<uuid:policy_draft_id>", methods=["GET", "POST"])
def edit(policy_draft_id: uuid.UUID) -> Any:
    """The text of a draft, with what is wrong in it; POST keeps a changed one."""
    form = TextForm()
    if form.validate_on_submit():
        told = (form.text.data or "", form.edition.data or 0)
        with refusals(form, {"subsidy_text_long": "text", "subsidy_draft_changed": "text"}) as outcome:
            subsidies.change(db.current(), access.actor(), policy_draft_id, *told, now=clock.now())
        if not outcome.failed:
            flash(gettext("已存下。"), "success")
            return redirect(url_for(".edit", policy_draft_id=policy_draft_id), 303)
    return _draft_page(policy_draft_id, form), 422 if form.errors else 200


@bp.get("/drafts/<uuid:policy_draft_id>/differences")
def draft_differences(policy_draft_id: uuid.UUID) -> str:
    """What a draft changes in the version it began with."""
    found = subsidies.get_draft(db.current(), access.actor(), policy_draft_id)
    origin = subsidies.get_version(db.current(), access.actor(), found.origin_id, now=clock.now())
    told = compare(origin.policy, found.policy) if found.policy else ()
    facts = {"before": origin.policy.code, "after": gettext("草稿"), "changes": told, "broken": found.policy is None}
    return _page("subsidy_differences.html", back=url_for(".edit", policy_draft_id=policy_draft_id), **facts)


@bp.post("/drafts/<uuid:policy_draft_id>/requests")
def ask(policy_draft_id: uuid.UUID) -> Any:
    """Asks another person to publish it."""
    return _step(policy_draft_id, subsidies.ask, gettext("已提交。请另一位工作人员看过再发布。"))


@bp.post("/drafts/<uuid:policy_draft_id>/publications")
def publish(policy_draft_id: uuid.UUID) -> Any:
    """The second person publishes it."""
    return _step(policy_draft_id, subsidies.publish, gettext("已发布。以后不能再改，只能发布新的版本。"))


@bp.post("/drafts/<uuid:policy_draft_id>/returns")
def send_back(policy_draft_id: uuid.UUID) -> Any:
    """Back to those who write, in words."""

    def act(session: Any, actor: Any, one: uuid.UUID, note: str, *, edition: int, now: Any) -> None:  # noqa: ARG001
        subsidies.send_back(session, actor, one, note, now=now)

    return _step(policy_draft_id, act, gettext("已退回修改。"))


@bp.route("/drafts/<uuid:policy_draft_id>/withdrawals", methods=["GET", "POST"])
def withdraw(policy_draft_id: uuid.UUID) -> Any:
    """Ends a draft; GET asks first."""
    if request.method == "POST":
        subsidies.withdraw(db.current(), access.actor(), policy_draft_id, now=clock.now())
        flash(gettext("这份草稿不要了，经过仍然留着。"), "success")
        return redirect(url_for(".index"), 303)
    return _page("subsidy_withdrawal.html", found=subsidies.get_draft(db.current(), access.actor(), policy_draft_id))


@bp.route("/<uuid:policy_id>/trials", methods=["GET", "POST"])
def trial(policy_id: uuid.UUID) -> Any:
    """Runs a version against past classes."""
    found = subsidies.get_version(db.current(), access.actor(), policy_id, now=clock.now())
    back = url_for(".show", policy_id=policy_id)
    return _trial(policy_trials.of_version, policy_id, found.policy.code, back)


@bp.route("/drafts/<uuid:policy_draft_id>/trials", methods=["GET", "POST"])
def draft_trial(policy_draft_id: uuid.UUID) -> Any:
    """Runs a draft against past classes."""
    subsidies.get_draft(db.current(), access.actor(), policy_draft_id)
    return _trial(
        policy_trials.of_draft, policy_draft_id, gettext("草稿"), url_for(".edit", policy_draft_id=policy_draft_id)
    )


def _trial(run: Any, one: uuid.UUID, name: str, back: str) -> Any:
    form, found, now = TrialForm(), None, clock.now()
    if form.validate_on_submit():
        judge = policy_trials.judge_by(clock.civil_day(now))
        found = run(db.current(), access.actor(), one, form.kind.data, judge=judge, now=now)
    facts = {"form": form, "found": found, "name": name, "back": back, "kinds": list(SubsidyKind)}
    return _page("subsidy_trial.html", **facts), 422 if form.errors else 200


def _step(policy_draft_id: uuid.UUID, act: Any, done: str) -> Any:
    form = StepForm()
    if form.validate_on_submit():
        told = (policy_draft_id, form.note.data or "")
        with refusals(form, NOTE_REFUSALS) as outcome:
            act(db.current(), access.actor(), *told, edition=form.edition.data or 0, now=clock.now())
        if not outcome.failed:
            flash(done, "success")
            return redirect(url_for(".edit", policy_draft_id=policy_draft_id), 303)
    return _draft_page(policy_draft_id, form), 422


def _draft_page(policy_draft_id: uuid.UUID, form: FlaskForm) -> str:
    """What was typed stands again with the edition it was typed in, so that saving twice overwrites nobody."""
    found = subsidies.get_draft(db.current(), access.actor(), policy_draft_id)
    again = isinstance(form, TextForm) and bool(form.errors)
    text, edition = (form.text.data, form.edition.data) if again else (found.text, found.edition)
    fields = {name: getattr(form, name, None) for name in ("text", "note")}
    language = "en" if is_english() else "zh_Hans"
    facts = {"found": found, "typed": text, "edition": edition, "errors": errors_of(form), "language": language}
    return _page("subsidy_draft.html", **facts, **fields)


def _page(template: str, **facts: Any) -> str:
    return page(f"platform/{template}", "subsidies", told=subsidy_policy_words, **facts)
