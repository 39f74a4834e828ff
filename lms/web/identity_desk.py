"""The pages of changes of names and numbers that institution staff and the platform's staff share."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from lms import clock, db
from lms.domain.changes import ChangeDecision
from lms.domain.roles import Role
from lms.services import identity
from lms.web import access, identity_words
from lms.web.access import GatedBlueprint
from lms.web.forms import errors_of, refusals

Page = Callable[..., str]
CHOOSE, LIVING = _("请选一个结论。"), _("请选以后用哪一份登记。")
REFUSALS = {"words_length": "note", "words_personal": "note", "identity_choose_living": "living"}


class DecisionForm(FlaskForm):
    """What the second person says; `living` only where the number is another person's."""

    decision = SelectField(
        coerce=ChangeDecision,
        choices=[SelectChoice(each.value) for each in ChangeDecision],
        validators=[InputRequired(CHOOSE)],
        invalid_value_message=CHOOSE,
        invalid_choice_message=CHOOSE,
    )
    living = SelectField(coerce=uuid.UUID, validate_choice=False, validators=[Optional()], invalid_value_message=LIVING)
    note = StringField()
    sure = BooleanField(validators=[InputRequired(_("请先核对证件，再在这里打勾。"))])


def add_changes(bp: GatedBlueprint, desk: Role, page: Page) -> None:
    """The queue, one change, and the second person's decision, for one desk."""

    @bp.get("/")
    def index() -> str:
        found = identity.list_changes(db.current(), access.parts().keyring, access.actor(), desk)
        return page("identity/list.html", "identity", found=found, told=identity_words, desk=desk)

    @bp.get("/<uuid:change_id>")
    def show(change_id: uuid.UUID) -> str:
        return _change(page, desk, change_id, DecisionForm())

    @bp.post("/<uuid:change_id>/decision")
    def decide(change_id: uuid.UUID) -> Any:
        form = DecisionForm()
        if form.validate_on_submit():
            with refusals(form, REFUSALS) as outcome:
                wanted = (form.decision.data, form.note.data or "", form.living.data)
                keyring, actor, now = access.parts().keyring, access.actor(), clock.now()
                identity.decide(db.current(), keyring, actor, desk, change_id, *wanted, now=now)
            if not outcome.failed:
                flash(gettext("结论已记下。"), "success")
                return redirect(url_for(".show", change_id=change_id), 303)
        return _change(page, desk, change_id, form), 422


def _change(page: Page, desk: Role, change_id: uuid.UUID, form: DecisionForm) -> str:
    found = identity.get_change(db.current(), access.parts().keyring, access.actor(), desk, change_id)
    facts = {"found": found, "told": identity_words, "desk": desk, "form": form, "errors": errors_of(form)}
    return page("identity/change.html", "identity", **facts)
