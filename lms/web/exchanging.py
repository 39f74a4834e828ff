"""The pages of service accounts, which the platform's staff and an institution's share."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from lms import clock, db
from lms.domain import exchange
from lms.domain.exchange import LIFETIME_DAYS, USUAL_PER_MINUTE, Scope
from lms.domain.roles import Role
from lms.services.exchange import accounts
from lms.services.exchange import places as standing
from lms.services.exchange.accounts import ServiceView, Wanted
from lms.web import access, exchange_words
from lms.web.access import GatedBlueprint
from lms.web.forms import refusals

Page = Callable[..., str]
AUTHORITY, OFFICER = "authority", "officer"
CHOOSE = _("请选择给谁用：一个机构，或者主管部门。")
RATE = _("请填一个整数。")
REFUSALS = {
    "service_name_length": "name",
    "service_name_strange_sign": "name",
    "service_rate_range": "per_minute",
    "service_role": "place",
}
TOKEN_REFUSALS = {
    "service_scopes_missing": "scopes",
    "service_scope_not_for_role": "scopes",
    "service_lifetime": "days",
    "service_too_many_tokens": "scopes",
    "service_ended": "scopes",
}


class ServiceForm(FlaskForm):
    """A program that shall read or write: what it is called, for whom it asks, how often it may.

    `place` is an institution's id; `officer:` and the id of the city or district whose office it is; for an inspection
    `authority`, or `authority:` and the one institution it may see.
    """

    name = StringField()
    place = SelectField(validators=[InputRequired(CHOOSE)], invalid_choice_message=CHOOSE, choices=[])
    per_minute = IntegerField(default=USUAL_PER_MINUTE, validators=[InputRequired(RATE)], invalid_value_message=RATE)

    def wanted(self) -> Wanted:
        """What was asked for."""
        kind, _sign, place = (self.place.data or "").rpartition(":")
        role = Role.OFFICER if kind == OFFICER else Role.INSPECTOR if AUTHORITY in (kind, place) else Role.INSTITUTION
        organisation_id = None if place == AUTHORITY else uuid.UUID(place)
        return Wanted(self.name.data or "", organisation_id, role, self.per_minute.data or 0)


class TokenForm(FlaskForm):
    """What a new token may do, and for how long."""

    scopes = SelectMultipleField(
        choices=[SelectChoice(each.value) for each in Scope], invalid_choice_message=_("请至少勾选一项权限。")
    )
    days = SelectField(
        coerce=int,
        choices=[SelectChoice(each) for each in LIFETIME_DAYS],
        default=LIFETIME_DAYS[-1],
        invalid_value_message=_("请选择令牌的有效期。"),
        invalid_choice_message=_("请选择令牌的有效期。"),
    )


def add_services(bp: GatedBlueprint, desk: Role, page: Page) -> None:
    """The list, one service account with its tokens, and what ends them, for one desk."""

    @bp.route("/", methods=["GET", "POST"])
    def index() -> Any:
        return _index(desk, page)

    @bp.route("/<uuid:service_id>", methods=["GET", "POST"])
    def show(service_id: uuid.UUID) -> Any:
        return _show(desk, page, service_id)

    @bp.post("/<uuid:service_id>/tokens/<uuid:token_id>/end")
    def end_token(service_id: uuid.UUID, token_id: uuid.UUID) -> Any:
        accounts.end_token(db.current(), access.actor(), desk, service_id, token_id, now=clock.now())
        flash(gettext("令牌已停用，马上不能再用。"), "success")
        return redirect(url_for(".show", service_id=service_id), 303)

    @bp.post("/<uuid:service_id>/end")
    def end(service_id: uuid.UUID) -> Any:
        accounts.end(db.current(), access.actor(), desk, service_id, now=clock.now())
        flash(gettext("服务账号和它的令牌都已停用。"), "success")
        return redirect(url_for(".index"), 303)


def _index(desk: Role, page: Page) -> Any:
    form, session, actor = ServiceForm(), db.current(), access.actor()
    places = _places(desk)
    form.place.choices = [SelectChoice(value, words) for value, words in places]
    if form.validate_on_submit():
        with refusals(form, REFUSALS) as outcome:
            made = accounts.create(session, actor, desk, form.wanted(), now=clock.now())
        if not outcome.failed:
            flash(gettext("服务账号已建立。接下来发一个令牌。"), "success")
            return redirect(url_for(".show", service_id=made), 303)
    found = accounts.list_all(session, actor, desk, now=clock.now())
    if len(places) != 1:
        places = [("", gettext("请选择")), *places]
    shown = page("exchange/services.html", "services", found=found, form=form, places=places, told=exchange_words)
    return shown, 422 if form.errors else 200


def _places(desk: Role) -> list[tuple[str, str]]:
    """(value, words) of whom a service account can be for."""
    mine = standing.list_places(db.current(), access.actor(), desk)
    places = [(str(each), name) for role, each, name in mine if role is Role.INSTITUTION]
    if desk is not Role.PLATFORM:
        return places
    offices = [
        (f"{OFFICER}:{each}", gettext("主管部门（只读）：%(name)s和下面的机构", name=name))
        for role, each, name in mine
        if role is Role.OFFICER
    ]
    single = [
        (f"{AUTHORITY}:{each}", gettext("检查（只读）：只看%(name)s", name=name))
        for role, each, name in mine
        if role is Role.INSPECTOR
    ]
    return [*places, *offices, (AUTHORITY, gettext("检查（只读）：看全部机构")), *single]


def _show(desk: Role, page: Page, service_id: uuid.UUID) -> Any:
    """One service account; a new token is shown in the answer to the form, and never again."""
    form, session, actor, secret = TokenForm(), db.current(), access.actor(), None
    if form.validate_on_submit():
        asked = form.scopes.data or []
        with refusals(form, TOKEN_REFUSALS) as outcome:
            secret = accounts.issue(session, actor, desk, service_id, asked, form.days.data, now=clock.now())
        secret = None if outcome.failed else secret
        form = TokenForm(formdata=None) if secret else form
    found = accounts.get(session, actor, desk, service_id, now=clock.now())
    facts = {"service": found, "form": form, "secret": secret, "scopes": _scopes(found), "told": exchange_words}
    return page("exchange/service.html", "services", **facts), 422 if form.errors else 200


def _scopes(found: ServiceView) -> list[dict[str, object]]:
    """The boxes to tick: what a token of this account may do at most."""
    allowed = [each for each in Scope if each in exchange.ROLES[found.role]]
    return [{"value": each.value, "words": exchange_words.SCOPES[each.value], "note": each.value} for each in allowed]
