"""The forms of the platform's staff."""

import uuid
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TelField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from lms.domain.errors import Refused
from lms.domain.identity import check_mobile, check_name
from lms.domain.organisations import BODIES
from lms.domain.roles import Role
from lms.web.treework import NodeForm
from lms.web.wording import sentence

CHOOSE = _("请选择做什么工作。")
CHOOSE_PLACE = _("请选择可以看哪个机构。")
CHOOSE_DAY = _("请选择最后一天。")


class StaffForm(FlaskForm):
    """Somebody who shall work for an institution."""

    name = StringField()
    phone = TelField()
    role = SelectField(coerce=Role, choices=[], invalid_value_message=CHOOSE, invalid_choice_message=CHOOSE)

    def offer(self, roles: Iterable[Role]) -> None:
        """The roles that can be given there."""
        self.role.choices = [SelectChoice(role.value) for role in roles]

    def validate_name(self, field: Any) -> None:
        """The rule for names."""
        _ask(check_name, field)

    def validate_phone(self, field: Any) -> None:
        """The rule for mobile numbers."""
        _ask(check_mobile, field)


class InstitutionForm(NodeForm):
    """A new organisation and its first staff account, which only bodies that run classes must have."""

    name = StringField(validators=[InputRequired(_("请填写机构名称"))])
    staff_name = StringField()
    phone = TelField()

    def validate_staff_name(self, field: Any) -> None:
        """The rule for names."""
        if self._needs_staff():
            _ask(check_name, field)

    def validate_phone(self, field: Any) -> None:
        """The rule for mobile numbers."""
        if self._needs_staff():
            _ask(check_mobile, field)

    def _needs_staff(self) -> bool:
        return self.kind.data in BODIES or bool(self.staff_name.data or self.phone.data)


class InspectorForm(FlaskForm):
    """Somebody who shall look: into which institution, and until when."""

    ALL = "all"

    name = StringField()
    phone = TelField()
    organisation_id = SelectField(
        validators=[InputRequired(CHOOSE_PLACE)], invalid_choice_message=CHOOSE_PLACE, choices=[]
    )
    last_day = DateField(validators=[InputRequired(CHOOSE_DAY)], invalid_value_message=CHOOSE_DAY)

    def offer(self, institutions: Iterable[tuple[str, str]]) -> None:
        """The institutions that can be chosen, beside all of them."""
        self.organisation_id.choices = [SelectChoice(self.ALL), *(SelectChoice(*each) for each in institutions)]

    @property
    def place(self) -> uuid.UUID | None:
        """The institution chosen; None for all."""
        chosen = self.organisation_id.data
        return None if chosen == self.ALL else uuid.UUID(chosen)

    def validate_name(self, field: Any) -> None:
        """The rule for names."""
        _ask(check_name, field)

    def validate_phone(self, field: Any) -> None:
        """The rule for mobile numbers."""
        _ask(check_mobile, field)


def _ask(check: Any, field: Any) -> None:
    try:
        check(field.data or "")
    except Refused as refused:
        raise ValidationError(sentence(refused.code, refused.values)) from None
