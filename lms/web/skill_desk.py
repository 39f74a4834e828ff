"""The pages of certificates from elsewhere that institution staff and the platform's staff share."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from lms import clock, db
from lms.domain.qualifications import State, Way
from lms.domain.roles import Role
from lms.services import skills
from lms.web import access, skill_words
from lms.web.access import GatedBlueprint
from lms.web.forms import errors_of, refusals

Page = Callable[..., str]
CHOOSE, HOW = _("请选一个结论。"), _("请选是怎么核对的。")
REFUSALS = {"words_length": "note", "words_personal": "note", "qualification_way": "way"}


class WordForm(FlaskForm):
    """What a desk says of a certificate."""

    word = SelectField(
        coerce=State,
        choices=[SelectChoice(each.value) for each in State],
        validators=[InputRequired(CHOOSE)],
        invalid_value_message=CHOOSE,
        invalid_choice_message=CHOOSE,
    )
    way = SelectField(
        coerce=Way,
        choices=[SelectChoice(each.value) for each in Way],
        validators=[InputRequired(HOW)],
        invalid_value_message=HOW,
        invalid_choice_message=HOW,
    )
    note = StringField()


def add_certificates(bp: GatedBlueprint, desk: Role, page: Page) -> None:
    """The queue, one certificate, and the word on it, for one desk."""

    @bp.get("/")
    def index() -> str:
        found = skills.list_at_desk(db.current(), access.parts().keyring, access.actor(), desk)
        return page("skills/list.html", "skills", found=found, told=skill_words, desk=desk)

    @bp.get("/<uuid:qualification_id>")
    def show(qualification_id: uuid.UUID) -> str:
        return certificate(page, desk, qualification_id, WordForm())

    @bp.post("/<uuid:qualification_id>/words")
    def say(qualification_id: uuid.UUID) -> Any:
        form = WordForm()
        if form.validate_on_submit():
            with refusals(form, REFUSALS) as outcome:
                wanted = (form.word.data, form.way.data, form.note.data or "")
                skills.say(db.current(), access.actor(), desk, qualification_id, *wanted, now=clock.now())
            if not outcome.failed:
                flash(gettext("结论已记下。"), "success")
                return redirect(url_for(".show", qualification_id=qualification_id), 303)
        return certificate(page, desk, qualification_id, form), 422


def certificate(page: Page, desk: Role, qualification_id: uuid.UUID, form: FlaskForm, **more: Any) -> str:
    """One certificate; `more` is for what one desk alone shows."""
    found = skills.get_at_desk(db.current(), access.parts().keyring, access.actor(), desk, qualification_id)
    facts = {"found": found, "told": skill_words, "desk": desk, "form": form, "errors": errors_of(form), **more}
    return page("skills/certificate.html", "skills", **facts)
