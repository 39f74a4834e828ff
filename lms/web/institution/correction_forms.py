"""The two forms of a proposal: segments that do not count, and time by hand that does."""

import re
import uuid
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DateField, Field, SelectField, SelectMultipleField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from lms.domain.corrections import BY_HAND
from lms.domain.errors import Refused
from lms.domain.study import EvidenceClass
from lms.domain.words import check_words
from lms.services.corrections import Claim
from lms.web.wording import sentence

PLACE = _("请写成“分:秒”，例如 3:05。")
DAY, STARTS, ENDS = _("请选择上课的日期"), _("请填写开始时间"), _("请填写结束时间")
CLASS = _("请选择是面授还是导入。")
REFUSALS = {
    "words_length": "reason",
    "words_personal": "reason",
    "correction_nothing_chosen": "segments",
    "correction_segments_changed": "segments",
    "correction_class": "evidence_class",
    "correction_range": "from_at",
    "correction_wall_short": "ends",
    "correction_future": "day",
    "correction_outside_cohort": "day",
    "correction_wall_used": "starts",
    "attachment_missing": "file",
    "attachment_kind": "file",
    "attachment_too_large": "file",
}


class ProposalForm(FlaskForm):
    """What every proposal says: why, and by which paper."""

    reason = StringField()
    file = FileField()

    def validate_reason(self, field: Field) -> None:
        """The rule for free words."""
        try:
            check_words(field.data or "")
        except Refused as refused:
            raise ValidationError(sentence(refused.code, refused.values)) from None


class VoidForm(ProposalForm):
    """Segments that shall no longer count."""

    segments = SelectMultipleField(validate_choice=False)

    def chosen(self) -> list[uuid.UUID]:
        """The segments ticked; what is no id is not among them."""
        return [uuid.UUID(each) for each in self.segments.data or [] if re.fullmatch(r"[0-9a-f-]{32,36}", each)]


def _place(_form: FlaskForm, field: Field) -> None:
    if milliseconds(field.data or "") is None:
        raise ValidationError(str(PLACE))


def milliseconds(text: str) -> int | None:
    """A place in a lesson, written as minutes and seconds; None for anything else."""
    found = re.fullmatch(r"\s*(\d{1,4})\s*[:：]\s*([0-5]?\d)\s*", text, re.ASCII)
    return (int(found[1]) * 60 + int(found[2])) * 1000 if found else None


class CreditForm(ProposalForm):
    """Time by hand: what was studied, and when."""

    evidence_class = SelectField(
        coerce=EvidenceClass,
        choices=[SelectChoice(each.value) for each in BY_HAND],
        default=EvidenceClass.ATTENDED,
        invalid_value_message=CLASS,
        invalid_choice_message=CLASS,
    )
    from_at = StringField(default="0:00", validators=[_place])
    to_at = StringField(validators=[_place])
    day = DateField(validators=[InputRequired(DAY)], invalid_value_message=DAY)
    starts = TimeField(validators=[InputRequired(STARTS)], invalid_value_message=STARTS)
    ends = TimeField(validators=[InputRequired(ENDS)], invalid_value_message=ENDS)

    def claim(self) -> Claim:
        """What the form says, once it is valid."""
        told: dict[str, Any] = {name: self[name].data for name in ("evidence_class", "day", "starts", "ends")}
        span = {"from_ms": milliseconds(self.from_at.data or ""), "to_ms": milliseconds(self.to_at.data or "")}
        return Claim(**told, **span)  # type: ignore[arg-type]  # both were validated
