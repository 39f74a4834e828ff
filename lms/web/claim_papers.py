"""The forms of a claim as files at both desks: masked at once, with whole numbers for a purpose that is kept."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField

from lms import clock, db
from lms.domain.roles import Role
from lms.services.claims import forms
from lms.services.claims.forms import ClaimForms
from lms.web import access, claim_sheets
from lms.web.forms import errors_of, refusals

PURPOSE_REFUSALS = dict.fromkeys(
    ("export_purpose_missing", "export_purpose_too_long", "export_purpose_personal"), "purpose"
)
FILES = (
    ("xlsx", lazy_gettext("Excel 表格（XLSX）：用 Excel 或 WPS 打开")),
    ("pdf", lazy_gettext("PDF：打印出来签字盖章")),
    ("csv", lazy_gettext("CSV 文件：用来导入别的系统")),
)


class WholeForm(FlaskForm):
    """What whole numbers are needed for, and in which kind of file."""

    purpose = StringField()
    file_format = SelectField(
        choices=[SelectChoice(*each) for each in FILES],
        default="xlsx",
        invalid_choice_message=lazy_gettext("请选择文件"),
    )


@dataclass(frozen=True)
class Desk:
    """Whose page it is: the role she reads in, and how the page is drawn that asks what for."""

    role: Role
    page: Callable[..., str]


def export(desk: Desk, claim_id: uuid.UUID, paper: str, file_format: str) -> Response:
    """A form as a file, numbers masked; its audit row."""
    return _send(_read(desk, claim_id), claim_id, paper, file_format)


def full(desk: Desk, claim_id: uuid.UUID, paper: str) -> Any:
    """Asks what whole numbers are needed for; then the form as a file with whole numbers."""
    form, masked = WholeForm(), _read(desk, claim_id)
    if form.validate_on_submit():
        with refusals(form, PURPOSE_REFUSALS) as outcome:
            asked = {"purpose": form.purpose.data or ""}
            sent = _send(_read(desk, claim_id, unmasked=True), claim_id, paper, form.file_format.data, **asked)
        if not outcome.failed:
            return sent
    name = claim_sheets.title(paper)
    words = {"title": gettext("导出审核用%(paper)s", paper=name), "back": url_for(".show", claim_id=claim_id)}
    facts = {"form": form, "errors": errors_of(form), "claim": masked, "words": words}
    return desk.page(**facts), 422 if form.errors else 200


def _read(desk: Desk, claim_id: uuid.UUID, *, unmasked: bool = False) -> ClaimForms:
    return forms.read(db.current(), access.parts().keyring, access.actor(), claim_id, desk.role, unmasked=unmasked)


def _send(found: ClaimForms, claim_id: uuid.UUID, paper: str, file_format: str, *, purpose: str = "") -> Response:
    now = clock.now()
    told = {"paper": paper, "file_format": file_format, "purpose": purpose}
    forms.record_export(db.current(), access.actor(), claim_id, found, **told, now=now)
    return claim_sheets.file(found, paper, file_format, today=clock.civil_day(now))
