"""The forms about who a learner is: a change proposed, dates of a document, one number shown in full."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, Field, StringField
from wtforms.validators import Optional

from lms.domain.documents import DocumentType, check_number
from lms.domain.identity import check_name
from lms.domain.reveals import OF_LEARNER, Purpose, RevealField
from lms.domain.words import check_words
from lms.web import identity_words
from lms.web.institution.forms import DOCUMENTS, ask, choice

DAY = _("请选择日期")
WORDS = {"words_length": "reason", "words_personal": "reason"}
CHANGE_REFUSALS = {
    **WORDS,
    "identity_unchanged": "after",
    "document_birth_date": "after",
}


class ReasonForm(FlaskForm):
    """What every one of them says: why."""

    reason = StringField()

    def validate_reason(self, field: Field) -> None:
        """The rule for free words."""
        ask(check_words, field.data or "")


class NameForm(ReasonForm):
    """Another name for a learner."""

    after = StringField()

    def validate_after(self, field: Field) -> None:
        """The rule for names."""
        ask(check_name, field.data or "")


class NumberForm(ReasonForm):
    """The right number of a document, or one more document."""

    document_type = choice(_("请选择证件类型"), DocumentType, DOCUMENTS, default=DocumentType.RESIDENT_ID)
    after = StringField()

    def validate_after(self, field: Field) -> None:
        """The rule for numbers of the kind of document chosen."""
        kind = self.document_type.data or DocumentType.RESIDENT_ID
        ask(lambda text: check_number(kind, text), field.data or "")


class ValidityForm(FlaskForm):
    """From when and until when a document is valid."""

    valid_from = DateField(validators=[Optional()], invalid_value_message=DAY)
    valid_until = DateField(validators=[Optional()], invalid_value_message=DAY)


def _options(words: Any, kinds: Any) -> list[tuple[str, Any]]:
    return [(each.value, words[each.value]) for each in kinds]


class RevealForm(ReasonForm):
    """Which number, and what for."""

    field = choice(_("请选择要看什么"), RevealField, _options(identity_words.FIELDS, OF_LEARNER), default="number")
    purpose = choice(_("请选择用途"), Purpose, _options(identity_words.PURPOSES, Purpose))
