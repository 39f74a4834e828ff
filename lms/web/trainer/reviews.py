"""Release: one trainer asks, another reads, says what is wrong, and decides."""

import uuid
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from lms import clock, db
from lms.domain.roles import Role
from lms.services import drafts
from lms.web import access
from lms.web.forms import errors_of, refusals
from lms.web.trainer.navigation import page

bp = access.blueprint("trainer_reviews", __name__, Role.TRAINER, url_prefix="/trainer/drafts/<uuid:draft_id>")
WORDS = {"words_length": "words", "words_personal": "words"}
CHOOSE = _("请选一个结论。")
CHOICES = (("approve", _("可以发布")), ("return", _("退回再改")))


class AskForm(FlaskForm):
    """What the reviewer should look at."""

    words = TextAreaField()


class DecisionForm(FlaskForm):
    """What the second person says."""

    decision = SelectField(
        choices=[SelectChoice(value, words) for value, words in CHOICES],
        validators=[InputRequired(CHOOSE)],
        invalid_choice_message=CHOOSE,
    )
    words = TextAreaField()


class CommentForm(FlaskForm):
    """What somebody says about one file."""

    path = StringField()
    words = TextAreaField()


@bp.route("/reviews/new", methods=["GET", "POST"])
def ask(draft_id: uuid.UUID) -> Any:
    """Asks that another trainer read the course."""
    session, actor, form = db.current(), access.actor(), AskForm()
    draft = drafts.get_draft(session, actor, draft_id)
    if form.validate_on_submit():
        with refusals(form, WORDS) as outcome:
            drafts.ask_review(session, access.parts().store, actor, draft_id, form.words.data or "", now=clock.now())
        if not outcome.failed:
            flash(gettext("已送审。请另一位老师来看；在那以前，内容先不动。"), "success")
            return _back(draft_id)
    facts = {"draft": draft, "form": form, "errors": errors_of(form)}
    return page("trainer/studio/ask_review.html", "drafts", **facts), 422 if form.errors else 200


@bp.post("/reviews/withdrawals")
def create_withdrawal(draft_id: uuid.UUID) -> Any:
    """Takes the question back."""
    drafts.withdraw(db.current(), access.actor(), draft_id, now=clock.now())
    flash(gettext("已撤回，可以接着改。"), "success")
    return _back(draft_id)


@bp.route("/reviews/decision", methods=["GET", "POST"])
def decide(draft_id: uuid.UUID) -> Any:
    """The second person's decision: release, or back to writing."""
    session, actor, form = db.current(), access.actor(), DecisionForm()
    draft = drafts.get_draft(session, actor, draft_id)
    if form.validate_on_submit():
        approve = form.decision.data == "approve"
        with refusals(form, WORDS) as outcome:
            store = access.parts().store
            made = drafts.decide(
                session, store, actor, draft_id, approve=approve, words=form.words.data or "", now=clock.now()
            )
        if not outcome.failed:
            flash(gettext("已发布新版本。") if approve else gettext("已退回，写课的老师会看到您的意见。"), "success")
            if made.version_id:
                return redirect(url_for("trainer_courses.version", version_id=made.version_id), 303)
            return _back(draft_id)
    review, _comments = drafts.get_review(session, draft)
    facts = {"draft": draft, "form": form, "errors": errors_of(form), "review": review, "choices": CHOICES}
    return page("trainer/studio/decide.html", "drafts", **facts), 422 if form.errors else 200


@bp.post("/comments")
def create_comment(draft_id: uuid.UUID) -> Any:
    """Says something about one file."""
    form = CommentForm()
    path = form.path.data or ""
    drafts.comment(db.current(), access.actor(), draft_id, path, form.words.data or "", now=clock.now())
    flash(gettext("意见已记下。"), "success")
    return redirect(url_for("trainer_files.edit", draft_id=draft_id, path=path, _anchor="comments"), 303)


@bp.post("/comments/<uuid:comment_id>/settlements")
def create_settlement(draft_id: uuid.UUID, comment_id: uuid.UUID) -> Any:
    """Marks a comment as answered or mended."""
    drafts.settle_comment(db.current(), access.actor(), draft_id, comment_id, now=clock.now())
    return _back(draft_id, "comments")


def _back(draft_id: uuid.UUID, anchor: str | None = None) -> Any:
    return redirect(url_for("trainer_drafts.show", draft_id=draft_id, _anchor=anchor), 303)
