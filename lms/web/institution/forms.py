"""The forms of an institution's staff: every field says at once what is wrong with it."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, Field, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, ValidationError

from lms.domain.errors import Refused
from lms.domain.identity import DocumentType, check_mobile, check_name, check_number
from lms.web import identity_words
from lms.web.policy_words import FAMILIES
from lms.web.wording import sentence

DOCUMENTS = tuple(identity_words.DOCUMENTS.items())
FILES = (
    ("xlsx", _("Excel 表格（XLSX）：用 Excel 或 WPS 打开")),
    ("csv", _("CSV 文件：用来导入别的系统")),
)
SIGNED_FILES = (*FILES, ("pdf", _("PDF：打印出来签字盖章")))
EVERY = (
    ("", _("不自动生成，只是方便再打开")),
    ("weekly", _("每周一生成上一周的")),
    ("monthly", _("每月 1 日生成上个月的")),
)
Options = Iterable[tuple[str, Any]]


def ask(check: Callable[[str], object], text: str) -> None:
    """What a rule says of a field's text, as the field's error."""
    try:
        check(text)
    except Refused as refused:
        raise ValidationError(sentence(refused.code, refused.values)) from None


def choice(missing: Any, coerce: Callable[[str], Any], options: Options = (), **more: Any) -> SelectField:
    """A field of which one option must be picked; `missing` says so."""
    needed = InputRequired(missing)
    return SelectField(
        coerce=coerce,
        choices=choices(options),
        validators=[needed],
        invalid_choice_message=missing,
        invalid_value_message=missing,
        **more,
    )


def _day(missing: Any) -> DateField:
    return DateField(validators=[InputRequired(missing)], invalid_value_message=missing)


def choices(options: Options) -> list[SelectChoice]:
    """(value, words) as WTForms wants them."""
    return [SelectChoice(value, words) for value, words in options]


class CohortForm(FlaskForm):
    """A new cohort."""

    organisation_id = choice(_("请选择机构"), uuid.UUID)
    course_version_id = choice(_("请选择课程"), uuid.UUID)
    name = StringField(validators=[InputRequired(_("请填写班期名称"))])
    family = choice(_("请选择学习形式"), str, FAMILIES.items(), default="base")
    filed = SelectField(choices=choices([("no", ""), ("yes", "")]), default="no")
    opens_on = _day(_("请选择开班日期"))
    closes_on = _day(_("请选择结课日期"))


class LearnerForm(FlaskForm):
    """A learner to be entered in a cohort."""

    name = StringField()
    document_type = choice(_("请选择证件类型"), DocumentType, DOCUMENTS, default=DocumentType.RESIDENT_ID)
    number = StringField()
    phone = StringField()

    def validate_name(self, field: Field) -> None:
        """The rule for names."""
        ask(check_name, field.data or "")

    def validate_number(self, field: Field) -> None:
        """The rule for numbers of the kind of document chosen."""
        kind = self.document_type.data or DocumentType.RESIDENT_ID
        ask(lambda text: check_number(kind, text), field.data or "")

    def validate_phone(self, field: Field) -> None:
        """The rule for mobile numbers."""
        ask(check_mobile, field.data or "")


class FullExportForm(FlaskForm):
    """A list with whole identity numbers: what for, and in which form."""

    purpose = StringField()
    file_format = choice(_("请选择文件"), str, SIGNED_FILES, default="xlsx")


class FullPapersForm(FullExportForm):
    """The same for books and papers of a filing: to be signed they are printed from their page."""

    file_format = choice(_("请选择文件"), str, FILES, default="xlsx")


class SavedViewForm(FlaskForm):
    """A report with its filters under a name, made as a file from time to time if so wished."""

    name = StringField()
    every = SelectField(choices=choices(EVERY), default="", invalid_choice_message=_("请选择多久生成一次"))
    file_format = choice(_("请选择文件"), str, FILES, default="xlsx")
