"""Samples at an inspector's desk: drawn at random, walked through one by one, told on one page to print."""

import secrets
import uuid
from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired

from lms import clock, db
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.domain.sampling import MOST_DRAWN, Finding, SampleKind
from lms.services import looks, samples
from lms.services.samples import ItemView, Place, SampleView
from lms.web import access, limits
from lms.web.authority.navigation import page
from lms.web.forms import errors_of, id_in, refusals

bp = access.blueprint("authority_samples", __name__, Role.INSPECTOR, url_prefix="/inspect/samples")

KINDS = {
    SampleKind.LEARNERS.value: _("学员"),
    SampleKind.INTERVALS.value: _("学习时段"),
}
FINDINGS = {
    Finding.OK.value: (_("没有问题"), "good"),
    Finding.QUESTION.value: (_("有疑问"), "warn"),
    Finding.PROBLEM.value: (_("有问题"), "bad"),
    "": (_("还没看"), ""),
}
DRAW_REFUSALS = {"sample_size": "wanted", "sample_nothing": "kind"}
NOTE_REFUSALS = {"sample_words": "words", "words_personal": "words"}


def _radio(missing: Any, options: Iterable[tuple[str, Any]], default: str | None = None) -> RadioField:
    needed = InputRequired(missing)
    return RadioField(
        choices=[SelectChoice(*each) for each in options],
        default=default,
        validators=[needed],
        invalid_choice_message=missing,
    )


class DrawForm(FlaskForm):
    """What is drawn, and how many."""

    kind = _radio(_("请选抽什么"), KINDS.items(), SampleKind.LEARNERS.value)
    wanted = IntegerField(
        validators=[InputRequired(_("请填写抽几个"))],
        invalid_value_message=_("请填写抽几个"),
        default=10,
    )


class FindingForm(FlaskForm):
    """What she found."""

    finding = _radio(_("请选一个结果"), ((key.value, FINDINGS[key][0]) for key in Finding))
    words = StringField()


@bp.get("/")
@access.writes
def index() -> str:
    """Her draws, the newest first."""
    session, actor = db.current(), access.actor()
    looks.record(session, actor, "samples", actor.account_id, organisation_id=None, now=clock.now())
    return page("authority/samples.html", found=samples.list_own(session, actor), kinds=KINDS)


@bp.route("/new", methods=["GET", "POST"])
@limits.limiter.limit(limits.EXPORTS, methods=["POST"])
@access.writes
def new() -> Any:
    """A form for one draw, and the draw."""
    form, place = DrawForm(), _place()
    if form.validate_on_submit() and (made := _draw(form, place)):
        return redirect(url_for(".show", sample_id=made), 303)
    query = {name: request.args[name] for name in ("institution", "cohort") if name in request.args}
    facts: dict[str, Any] = {
        "form": form,
        "errors": errors_of(form),
        "place": place,
        "kinds": KINDS,
        "query": query,
        "most": MOST_DRAWN,
    }
    return page("authority/sample_form.html", **facts), 422 if form.errors else 200


def _place() -> Place:
    asked = {"organisation_id": id_in(request.args, "institution"), "cohort_id": id_in(request.args, "cohort")}
    return samples.place_of(db.current(), access.actor(), **asked)


def _draw(form: DrawForm, place: Place) -> uuid.UUID | None:
    kind, wanted, seed = SampleKind(form.kind.data), form.wanted.data or 0, secrets.token_hex(16)
    with refusals(form, DRAW_REFUSALS) as outcome:
        made = samples.draw(db.current(), access.actor(), place, kind, wanted, seed=seed, now=clock.now())
    return None if outcome.failed else made


@bp.get("/<uuid:sample_id>")
@access.writes
def show(sample_id: uuid.UUID) -> str:
    """The whole draw with what was found, to be printed."""
    found = _read(sample_id)
    subject = found.place.cohort_id or found.place.organisation_id
    _look("sample", subject, found)
    return page("authority/sample.html", sample=found, kinds=KINDS, findings=FINDINGS, next_place=_next(found, 0))


@bp.route("/<uuid:sample_id>/items/<int:place>", methods=["GET", "POST"])
@access.writes
def item(sample_id: uuid.UUID, place: int) -> Any:
    """One thing drawn, the pages of its evidence, and what she found."""
    found = _read(sample_id)
    drawn = next((each for each in found.items if each.place == place), None)
    if drawn is None:
        raise NotFound
    form = FindingForm(finding=drawn.finding or None, words=drawn.words)
    if form.validate_on_submit() and _note(form, found, place):
        flash(gettext("已记下。"), "success")
        onward = _next(found, place)
        return redirect(url_for(".item", sample_id=sample_id, place=onward) if onward else _whole(sample_id), 303)
    _look("sample_item", drawn.enrollment_id, found)
    facts: dict[str, Any] = {
        "sample": found,
        "item": drawn,
        "form": form,
        "errors": errors_of(form),
        "findings": FINDINGS,
    }
    shown = page("authority/sample_item.html", evidence=_evidence(drawn), **facts)
    return shown, 422 if form.errors else 200


def _read(sample_id: uuid.UUID) -> SampleView:
    return samples.get(db.current(), access.parts().keyring, access.actor(), sample_id)


def _look(kind: str, subject: uuid.UUID, found: SampleView) -> None:
    organisation_id = found.place.organisation_id
    looks.record(db.current(), access.actor(), kind, subject, organisation_id=organisation_id, now=clock.now())


def _whole(sample_id: uuid.UUID) -> str:
    return url_for(".show", sample_id=sample_id)


def _next(found: SampleView, after: int) -> int | None:
    """The next one that nothing was said of, beginning behind `after`."""
    waiting = [each.place for each in found.items if not each.finding and each.place != after]
    return next((place for place in waiting if place > after), waiting[0] if waiting else None)


def _evidence(drawn: ItemView) -> str:
    """The page of what stands behind it; "" once the learner has left the cohort."""
    if not drawn.name:
        return ""
    if drawn.interval_id is None:
        return url_for("authority.show", enrollment_id=drawn.enrollment_id)
    narrowed: dict[str, Any] = {"day": drawn.day.isoformat() if drawn.day else "", "lesson": str(drawn.lesson_id)}
    return url_for("authority.intervals", enrollment_id=drawn.enrollment_id, **narrowed)


def _note(form: FindingForm, found: SampleView, place: int) -> bool:
    finding, words = Finding(form.finding.data), form.words.data or ""
    with refusals(form, NOTE_REFUSALS) as outcome:
        samples.note(db.current(), access.actor(), found.id, place, finding, words, now=clock.now())
    return not outcome.failed
