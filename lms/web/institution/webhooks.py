"""Webhooks of an institution: where its programs are told of events, and what became of each message."""

import uuid
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from lms import clock, db
from lms.domain.roles import Role
from lms.domain.webhooks import CHOSEN
from lms.services.exchange import deliveries, webhooks
from lms.services.exchange import places as standing
from lms.web import access, exchange_words
from lms.web.forms import refusals
from lms.web.institution.navigation import page

bp = access.blueprint("institution_webhooks", __name__, Role.INSTITUTION, url_prefix="/institution/webhooks")

CHOOSE = lazy_gettext("请选择机构")
REFUSALS = {
    "webhook_address_shape": "address",
    "webhook_address_scheme": "address",
    "webhook_address_port": "address",
    "webhook_too_many": "address",
    "webhook_events_missing": "events",
}


class WebhookForm(FlaskForm):
    """Where to send, and what."""

    organisation_id = SelectField(
        coerce=uuid.UUID,
        validators=[InputRequired(CHOOSE)],
        invalid_value_message=CHOOSE,
        invalid_choice_message=CHOOSE,
    )
    address = StringField()
    events = SelectMultipleField(
        choices=[SelectChoice(each.value) for each in CHOSEN],
        invalid_choice_message=lazy_gettext("请至少勾选一种消息。"),
    )


@bp.route("/", methods=["GET", "POST"])
def index() -> Any:
    """The subscriptions, and a form for a new one, whose secret is shown in the answer and never again."""
    form, session, actor, secret = WebhookForm(), db.current(), access.actor(), None
    mine = standing.list_organisations(session, actor, Role.INSTITUTION)
    form.organisation_id.choices = [SelectChoice(str(each), name) for each, name in mine]
    if form.validate_on_submit():
        secret = _subscribe(form)
        form = WebhookForm(formdata=None) if secret else form
    facts = {"found": webhooks.list_all(session, actor, now=clock.now()), "secret": secret, "told": exchange_words}
    places = mine if len(mine) == 1 else [("", _("请选择")), *mine]
    shown = page("exchange/webhooks.html", "services", form=form, places=places, events=_events(), **facts)
    return shown, 422 if form.errors else 200


def _events() -> list[dict[str, object]]:
    return [{"value": each.value, "words": exchange_words.EVENTS[each.value], "note": each.value} for each in CHOSEN]


def _subscribe(form: WebhookForm) -> str | None:
    with refusals(form, REFUSALS) as outcome:
        _made, secret = webhooks.subscribe(
            db.current(),
            access.parts().keyring,
            access.actor(),
            organisation_id=form.organisation_id.data,
            address=form.address.data or "",
            events=form.events.data or [],
            demo=access.parts().config.is_demo,
            now=clock.now(),
        )
    return None if outcome.failed else secret


@bp.get("/<uuid:subscription_id>")
def show(subscription_id: uuid.UUID) -> str:
    """One subscription with its newest deliveries."""
    return _shown(subscription_id)


def _shown(subscription_id: uuid.UUID, secret: str | None = None) -> str:
    session, actor = db.current(), access.actor()
    found = webhooks.get(session, actor, subscription_id, now=clock.now())
    sent = deliveries.list_recent(session, actor, subscription_id)
    return page("exchange/webhook.html", "services", webhook=found, sent=sent, secret=secret, told=exchange_words)


@bp.post("/<uuid:subscription_id>/secrets")
def rotate(subscription_id: uuid.UUID) -> str:
    """A new secret, shown in the answer and never again; the old one signs beside it for a day."""
    secret = webhooks.rotate(db.current(), access.parts().keyring, access.actor(), subscription_id, now=clock.now())
    db.current().flush()
    return _shown(subscription_id, secret)


@bp.post("/<uuid:subscription_id>/tests")
def send_test(subscription_id: uuid.UUID) -> Any:
    """Sends a test message."""
    webhooks.send_test(db.current(), access.actor(), subscription_id, now=clock.now())
    flash(_("测试消息正在发送，过几秒刷新页面看结果。"), "success")
    return redirect(url_for(".show", subscription_id=subscription_id), 303)


@bp.post("/<uuid:subscription_id>/deliveries/<uuid:delivery_id>/replays")
def replay(subscription_id: uuid.UUID, delivery_id: uuid.UUID) -> Any:
    """Sends a message again as it was."""
    deliveries.replay(db.current(), access.actor(), subscription_id, delivery_id, now=clock.now())
    flash(_("正在再发一次，过几秒刷新页面看结果。"), "success")
    return redirect(url_for(".show", subscription_id=subscription_id), 303)


@bp.post("/<uuid:subscription_id>/end")
def end(subscription_id: uuid.UUID) -> Any:
    """Ends a subscription."""
    webhooks.end(db.current(), access.actor(), subscription_id, now=clock.now())
    flash(_("推送地址已停用。"), "success")
    return redirect(url_for(".index"), 303)
