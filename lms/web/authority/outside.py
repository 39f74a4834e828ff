"""Lists from outside at the authority's desk: an officer brings them, and settles what they matched."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from lms import clock, db
from lms.adapters.tables import MOST_FILE_BYTES
from lms.domain.crosschecks.lists import SETTLING, ListKind
from lms.domain.crosschecks.lists import Outcome as Word
from lms.domain.errors import Refused
from lms.domain.roles import Role
from lms.services import crosschecks, looks
from lms.services.crosschecks import ListTold
from lms.web import access, check_words, limits
from lms.web.authority.navigation import page
from lms.web.forms import errors_of, id_of, options_of, refusals
from lms.web.wording import sentence

bp = access.blueprint("authority_outside", __name__, Role.INSPECTOR, url_prefix="/inspect/outside")

ROOM_FOR_FORM = 100_000
DAY = _("请填写日期")
AT_FIELD = {
    "outside_source": "source",
    "outside_basis": "basis",
    "outside_as_of": "as_of_on",
    "outside_kept_until": "kept_until",
}
SETTLING_AT = {
    "words_length": "words",
    "words_personal": "words",
    "outside_over_on": "over_on",
    "outside_settled": "outcome",
    "outside_own": "outcome",
}
CHOOSE = _("请选一个结论")
CHOICES = [(each.value, check_words.WORDS[each][0]) for each in Word if each in SETTLING]


class ListForm(FlaskForm):
    """What somebody says of a list; the file stands beside it."""

    organisation = SelectField(validators=[InputRequired()])
    kind = SelectField(choices=[SelectChoice(each.value, words) for each, words in check_words.KINDS.items()])
    source = StringField()
    as_of_on = DateField(validators=[InputRequired(DAY)], invalid_value_message=DAY)
    basis = StringField()
    kept_until = DateField(validators=[InputRequired(DAY)], invalid_value_message=DAY)

    def told(self) -> ListTold:
        """The same as the service takes it."""
        kind = ListKind(self.kind.data)
        return ListTold(kind, self.source.data or "", self.as_of_on.data, self.basis.data or "", self.kept_until.data)


class WordForm(FlaskForm):
    """What somebody who looked says."""

    outcome = RadioField(
        choices=[SelectChoice(*each) for each in CHOICES],
        validators=[InputRequired(CHOOSE)],
        invalid_choice_message=CHOOSE,
    )
    over_on = DateField(validators=[Optional()], invalid_value_message=DAY)
    words = StringField()


def _look(kind: str, subject: uuid.UUID) -> None:
    looks.record(db.current(), access.actor(), kind, subject, organisation_id=None, now=clock.now())


@bp.get("/")
@access.writes
def index() -> str:
    """The lists, the newest first."""
    _look("outside", access.actor().account_id)
    found = crosschecks.list_lists(db.current(), access.actor())
    return page("authority/outside_lists.html", "checks", found=found, told=check_words)


@bp.route("/new", methods=["GET", "POST"])
@access.takes(MOST_FILE_BYTES + ROOM_FOR_FORM, in_memory=True)
@limits.limiter.limit(limits.EXPORTS, methods=["POST"])
def new() -> Any:
    """A form for one list with its file."""
    form, wrong = ListForm(), list[tuple[str, str]]()
    own = crosschecks.list_authorities(db.current(), access.actor())
    form.organisation.choices = [SelectChoice(str(key), name) for key, name in own]
    if form.validate_on_submit() and (made := _bring(form, wrong)):
        flash(gettext("名单已收下并比对过。原文件没有保存。"), "success")
        return redirect(url_for(".show", outside_id=made), 303)
    errors = [*errors_of(form), *wrong]
    facts = {"form": form, "errors": errors, "told": check_words, "options_of": options_of, "wrong": dict(wrong)}
    return page("authority/outside_form.html", "checks", **facts), 422 if errors else 200


def _bring(form: ListForm, wrong: list[tuple[str, str]]) -> uuid.UUID | None:
    file, made = request.files.get("file"), None
    with refusals(form, AT_FIELD):
        try:
            if not file or not file.filename:
                raise Refused("file_missing")
            who = (db.current(), access.parts().keyring, access.actor(), id_of(form.organisation.data))
            made = crosschecks.bring(*who, form.told(), file.read(), now=clock.now())
        except Refused as refused:
            if type(refused) is not Refused or refused.code in AT_FIELD:
                raise
            wrong.append(("file", sentence(refused.code, refused.values)))
    return made


@bp.get("/<uuid:outside_id>")
@access.writes
def show(outside_id: uuid.UUID) -> str:
    """One list: what is known of it, the rows left out, and whom it matched."""
    session, keyring, actor = db.current(), access.parts().keyring, access.actor()
    found = crosschecks.get_list(session, actor, outside_id)
    _look("outside", outside_id)
    matches = crosschecks.list_matches(session, keyring, actor, outside_id)
    wrong = [(each.row, _column(each.column), sentence(each.code, {})) for each in found.problems]
    return page("authority/outside_list.html", "checks", it=found, matches=matches, wrong=wrong, told=check_words)


def _column(name: str) -> str:
    """The title of a column; of a number that came before, the row it first stood in."""
    return str(check_words.COLUMNS.get(name, gettext("第 %(n)s 行", n=name) if name else ""))


@bp.route("/<uuid:outside_id>/removal", methods=["GET", "POST"])
def remove(outside_id: uuid.UUID) -> Any:
    """Asks once more, then lets the numbers of a list go."""
    found = crosschecks.get_list(db.current(), access.actor(), outside_id)
    if request.method == "POST":
        crosschecks.remove(db.current(), access.actor(), outside_id, now=clock.now())
        flash(gettext("名单已删除。比对结果还在。"), "success")
        return redirect(url_for(".show", outside_id=outside_id), 303)
    return page("authority/outside_removal.html", "checks", it=found)


@bp.route("/matches/<uuid:match_id>", methods=["GET", "POST"])
@access.writes
def match(match_id: uuid.UUID) -> Any:
    """One match with all that was said of it; an officer settles it."""
    form = WordForm()
    found = crosschecks.get_match(db.current(), access.parts().keyring, access.actor(), match_id)
    if form.validate_on_submit() and _settle(match_id, form):
        flash(gettext("已记下。"), "success")
        return redirect(url_for(".match", match_id=match_id), 303)
    _look("outside_match", match_id)
    facts = {"it": found, "form": form, "errors": errors_of(form), "told": check_words, "choices_of": CHOICES}
    return page("authority/outside_match.html", "checks", **facts), 422 if form.errors else 200


def _settle(match_id: uuid.UUID, form: WordForm) -> bool:
    outcome, words, over_on = Word(form.outcome.data), form.words.data or "", form.over_on.data
    with refusals(form, SETTLING_AT) as refused:
        crosschecks.settle(db.current(), access.actor(), match_id, outcome, words, over_on=over_on, now=clock.now())
    return not refused.failed
