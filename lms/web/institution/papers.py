"""Certificates on paper at an institution's desk: how they look, and all of a class as one file."""

import uuid
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField

from lms import clock, db
from lms.domain.papers import Template, Tone
from lms.domain.roles import Role
from lms.services import cohorts, papers
from lms.services.papers.templates import TemplateView
from lms.web import access, limits
from lms.web.downloads import attachment, pieces
from lms.web.forms import errors_of, refusals
from lms.web.institution.forms import choice
from lms.web.institution.navigation import page
from lms.web.language import day
from lms.web.paper_words import TONES

bp = access.blueprint("institution_papers", __name__, Role.INSTITUTION, url_prefix="/institution")

REFUSALS = {
    "paper_title_length": "title",
    **{f"paper_{name}_reserved": name for name in ("title", "words", "signer", "note")},
    "paper_words_length": "words",
    "paper_signer_length": "signer",
    "paper_note_length": "note",
    "paper_personal": "words",
    "paper_sign_missing": "words",
}


class TemplateForm(FlaskForm):
    """What an institution may choose of its certificates."""

    title = StringField()
    words = TextAreaField()
    tone = choice(_("请选择颜色"), str, ((tone.value, words) for tone, words in TONES.items()))
    signer = StringField()
    note = StringField()
    hours = BooleanField()

    def template(self) -> Template:
        """What is asked for, as it was typed."""
        texts = {name: self[name].data or "" for name in ("title", "words", "signer", "note")}
        return Template(tone=Tone(self.tone.data), hours=self.hours.data, **texts)


@bp.get("/papers/")
def templates() -> str:
    """The institutions she works for, each with how its certificates look."""
    found = papers.templates.list_own(db.current(), access.actor())
    return page("institution/paper_templates.html", "papers", found=found, tones=TONES)


@bp.route("/papers/<uuid:organisation_id>", methods=["GET", "POST"])
def template(organisation_id: uuid.UUID) -> Any:
    """How certificates look from now on; those that have a number keep what they had."""
    session, actor = db.current(), access.actor()
    view = papers.templates.get(session, actor, organisation_id)
    form = TemplateForm(data=view.template.facts())
    if form.validate_on_submit():
        with refusals(form, REFUSALS) as outcome:
            papers.templates.save(session, actor, organisation_id, form.template(), now=clock.now())
        if not outcome.failed:
            flash(gettext("已保存。以后发的证书用这个样式，已经编号的不变。"), "success")
            return redirect(url_for(".template", organisation_id=organisation_id), 303)
    return _template_page(view, form)


@bp.post("/papers/<uuid:organisation_id>/preview")
@limits.limiter.limit(limits.EXPORTS)
@access.gates_itself
def preview(organisation_id: uuid.UUID) -> Any:
    """A sample with what stands in the form, before it is saved; drawn while nobody waits for us."""
    with access.parts().database.transaction(write=False):
        refused = access.check_gate()
        if refused is not None:
            return refused
        sheet, page_of_form = _sample(organisation_id)
    if sheet is None:
        return page_of_form
    return Response(papers.draw_sample(sheet), content_type="application/pdf")


def _sample(organisation_id: uuid.UUID) -> tuple[Any, Any]:
    """The sheet to be drawn; or none, and the page that tells what is wrong."""
    session, actor = db.current(), access.actor()
    view, form = papers.templates.get(session, actor, organisation_id), TemplateForm()
    if form.validate_on_submit():
        today, address = clock.civil_day(clock.now()), access.parts().record_address
        with refusals(form, REFUSALS):
            asked = form.template()
            return papers.sample_sheet(session, actor, organisation_id, asked, address=address, today=today), None
    return None, _template_page(view, form)


def _template_page(view: TemplateView, form: TemplateForm) -> Any:
    facts = {"view": view, "form": form, "errors": errors_of(form)}
    return page("institution/paper_template.html", "papers", **facts), 422 if form.errors else 200


@bp.route("/cohorts/<uuid:cohort_id>/papers", methods=["GET", "POST"])
@limits.limiter.limit(limits.EXPORTS, methods=["POST"])
def index(cohort_id: uuid.UUID) -> Any:
    """The certificates of a class: how many there are, and the files made of them; one more is a post."""
    session, actor, form = db.current(), access.actor(), FlaskForm()
    cohort = cohorts.get(session, actor, cohort_id)
    if form.validate_on_submit():
        papers.ask(session, actor, cohort_id, now=clock.now())
        flash(gettext("已开始做证书。可以先做别的，做好了就在这里下载。"), "success")
        return redirect(url_for(".index", cohort_id=cohort_id), 303)
    facts = {"cohort": cohort, "records": papers.count(session, actor, cohort_id, now=clock.now())}
    facts |= {
        "kept_days": papers.KEPT.days,
        "found": papers.list_of(session, actor, cohort_id),
        "signs": access.parts().pdf_signer is not None,
    }
    return page("institution/papers.html", "cohorts", **facts)


@bp.get("/papers/bundles/<uuid:bundle_id>/state")
def state(bundle_id: uuid.UUID) -> str:
    """How far one file is, for the list to fetch again."""
    found = papers.get(db.current(), access.actor(), bundle_id)
    return render_template("institution/paper_bundle.html", each=found)


@bp.get("/papers/bundles/<uuid:bundle_id>/file")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def file(bundle_id: uuid.UUID) -> Response:
    """The archive; taking it is on record."""
    ready = papers.open_file(db.current(), access.actor(), bundle_id, now=clock.now())
    asked_on, store = clock.civil_day(ready.asked_at), access.parts().store
    name = "_".join([gettext("全班的证书"), ready.cohort, day(asked_on)]) + ".zip"
    plain_name = f"certificates-{asked_on.isoformat()}.zip"
    answer = attachment(pieces(lambda: store.open(ready.key)), name, plain_name, "application/zip")
    answer.content_length = ready.size
    return answer
