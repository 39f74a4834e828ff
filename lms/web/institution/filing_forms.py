"""The forms of a filing, a step each: an unfinished step is kept as it is, so fields may stay empty."""

import uuid
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from lms.domain.attendance import ClassContent
from lms.domain.filing_checks import Mode
from lms.services.filings.writing import Described, Line
from lms.web import filing_words
from lms.web.class_words import CONTENTS
from lms.web.institution.forms import LearnerForm, choices

CHOOSE = _("请选择")
DAY = _("请选择日期")
WHOLE = _("请写一个整数")


def _days(missing: Any) -> DateField:
    return DateField(validators=[InputRequired(missing)], invalid_value_message=missing)


def _pick(words: Any) -> SelectField:
    return SelectField(choices=choices([("", CHOOSE), *words]), default="", invalid_choice_message=CHOOSE)


class BasicsForm(FlaskForm):
    """Name, days, size, place, and who is in charge."""

    name = StringField(validators=[InputRequired(_("请填写班期名称"))])
    opens_on = _days(DAY)
    closes_on = _days(DAY)
    size = IntegerField(validators=[Optional()])
    place = StringField()
    manager = StringField()
    phone = StringField()

    def described(self) -> Described:
        """What is kept of the filing itself; an empty phone keeps the one that is known."""
        named: dict[str, Any] = {"place": self.place.data or "", "manager": self.manager.data or ""}
        return Described(size=self.size.data, phone=self.phone.data or None, **named)


class TrainingForm(FlaskForm):
    """What is trained: programme and kind, occupation, level, certificate."""

    kind = SelectField(default="", invalid_choice_message=CHOOSE, choices=[])
    occupation = StringField()
    level = _pick(filing_words.LEVELS.items())
    certificate = _pick(filing_words.CERTIFICATES.items())

    def offer(self) -> None:
        """The kinds of the programmes, in the reader's language."""
        self.kind.choices = choices([("", CHOOSE), *filing_words.kinds()])

    def described(self) -> Described:
        """What is kept."""
        programme, _colon, kind = (self.kind.data or "").partition(":")
        named: dict[str, Any] = {"occupation": self.occupation.data or "", "level": self.level.data or ""}
        return Described(programme=programme, training_kind=kind, certificate=self.certificate.data or "", **named)


class MeansForm(FlaskForm):
    """Teaching material, rooms and equipment, and how it is examined."""

    materials = TextAreaField()
    resources = TextAreaField()
    exam_plan = TextAreaField()

    def described(self) -> Described:
        """What is kept."""
        said: dict[str, Any] = {name: self[name].data or "" for name in ("materials", "resources", "exam_plan")}
        return Described(**said)


class PlanForm(FlaskForm):
    """One line of the plan."""

    subject = StringField(validators=[InputRequired(_("请写课的名称"))])
    content = SelectField(coerce=ClassContent, choices=choices(CONTENTS.items()), default=ClassContent.THEORY)
    mode = SelectField(coerce=Mode, choices=choices(filing_words.MODES.items()), default=Mode.ONLINE)
    hours = IntegerField(validators=[InputRequired(WHOLE)])
    teacher_id = SelectField(coerce=lambda text: uuid.UUID(text) if text else None)
    place = StringField()
    held_on = DateField(validators=[Optional()])

    def line(self) -> Line:
        """What the form says, once it is valid."""
        names = ("content", "mode", "hours", "teacher_id", "held_on")
        told = {name: self[name].data for name in names}
        return Line(subject=self.subject.data or "", place=self.place.data or "", **told)


class AdditionForm(LearnerForm):
    """Somebody to be added to a frozen roster, and why."""

    reason = StringField()
