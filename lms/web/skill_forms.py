"""The form of a certificate from elsewhere, for its holder and for institutions."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from lms.domain.levels import Level
from lms.domain.qualifications import Kind
from lms.services.skills import Entered
from lms.web import skill_words

KIND, LEVEL, DAY = _("请选择证书种类"), _("请选择等级"), _("请选择日期")
REFUSALS = {
    "qualification_level": "level",
    "qualification_day": "issued_on",
    "qualification_validity": "valid_until",
    "qualification_number": "number",
    "qualification_twice": "number",
    "qualification_occupation": "occupation",
    "qualification_issuer": "issuer",
    "credit_code_shape": "issuer_code",
    "credit_code_check": "issuer_code",
}


def picked(missing: Any, options: list[tuple[str, Any]], coerce: Callable[[str], Any], **more: Any) -> SelectField:
    """A field of which one option must be picked; `missing` says so."""
    told: dict[str, Any] = {"invalid_choice_message": missing, "invalid_value_message": missing} | more
    return SelectField(coerce=coerce, choices=[SelectChoice(value, words) for value, words in options], **told)


def _level(text: str) -> Level | None:
    return Level(int(text)) if text else None


class CertificateForm(FlaskForm):
    """What stands on the paper."""

    kind = picked(KIND, skill_words.kind_options(), Kind, validators=[InputRequired(KIND)], default=Kind.SKILL_LEVEL)
    occupation = StringField(validators=[InputRequired(_("请填写职业（工种）"))])
    level = picked(LEVEL, skill_words.level_options(), _level, validators=[Optional()], validate_choice=False)
    issuer = StringField(validators=[InputRequired(_("请填写发证单位"))])
    issuer_code = StringField()
    number = StringField(validators=[InputRequired(_("请填写证书编号"))])
    issued_on = DateField(validators=[InputRequired(DAY)], invalid_value_message=DAY)
    valid_until = DateField(validators=[Optional()], invalid_value_message=DAY)

    def entered(self) -> Entered:
        """What was typed; a contract of apprenticeship has its level by itself."""
        is_apprentice = self.kind.data is Kind.APPRENTICESHIP
        return Entered(
            kind=self.kind.data,
            occupation=self.occupation.data or "",
            level=Level.APPRENTICE if is_apprentice else self.level.data,
            issuer=self.issuer.data or "",
            issuer_code=self.issuer_code.data or "",
            number=self.number.data or "",
            issued_on=self.issued_on.data,
            valid_until=self.valid_until.data,
        )
