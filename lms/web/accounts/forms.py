"""The forms of signing in: they check shape, and turn what people type into what was meant."""

import re
import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, TelField
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from lms.domain.errors import Refused
from lms.domain.identity import check_mobile
from lms.web.wording import sentence

LONGEST_PASSWORD = 128


def mobile(_form: FlaskForm, field: Any) -> None:
    """A validator: the number in normal form, or the sentence that says what is wrong with it."""
    try:
        field.data = check_mobile(field.data or "")
    except Refused as refused:
        raise ValidationError(sentence(refused.code, refused.values)) from None


def digits(text: str | None) -> str:
    """Half-width and without spaces: "１２３ 456" was meant as 123456."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text or ""))


NEEDED = InputRequired(_("请填写这一项。"))
SIX_DIGITS = Regexp(r"^[0-9]{6}$", message=_("请填写短信里的 6 位数字。"))
NOT_TOO_LONG = Length(max=LONGEST_PASSWORD, message=_("密码最多 %(max)d 个字。"))


class PasswordForm(FlaskForm):
    """Phone and password."""

    phone = TelField(validators=[mobile])
    password = PasswordField(validators=[NEEDED, NOT_TOO_LONG])


class PhoneForm(FlaskForm):
    """Where the code shall go."""

    phone = TelField(validators=[mobile])


class CodeForm(FlaskForm):
    """The six digits from the text message."""

    code = StringField(filters=[digits], validators=[SIX_DIGITS])


class NewPasswordForm(FlaskForm):
    """A new password, after the present one where that is asked for."""

    current = PasswordField(validators=[NOT_TOO_LONG])
    new = PasswordField(validators=[NEEDED])
