"""Who may inspect, until when: granted and taken back by the platform's staff."""

import uuid
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.roles import Role
from lms.services import inspectors, platform
from lms.web import access
from lms.web.forms import refusals
from lms.web.platform.forms import InspectorForm
from lms.web.platform.navigation import page

bp = access.blueprint("platform_inspectors", __name__, Role.PLATFORM, url_prefix="/platform/inspectors")

REFUSALS = {"inspector_day_past": "last_day", "inspector_day_too_far": "last_day", "inspector_works_there": "phone"}


@bp.route("/", methods=["GET", "POST"])
def index() -> Any:
    """Everybody who inspects or did, and a form to let somebody in."""
    form, session, actor = InspectorForm(), db.current(), access.actor()
    institutions = [(str(each.id), each.name) for each in platform.list_institutions(session, actor)]
    form.offer(institutions)
    if form.validate_on_submit() and _grant(form):
        flash(_("已授权。请对方用手机号和短信验证码登录。"), "success")
        return redirect(url_for(".index"), 303)
    grants = inspectors.list_all(session, access.parts().keyring, actor, now=clock.now())
    options = [("", _("请选择")), (InspectorForm.ALL, _("全部机构")), *institutions]
    shown = page("platform/inspectors.html", "inspectors", grants=grants, form=form, options=options)
    return shown, 422 if form.errors else 200


def _grant(form: InspectorForm) -> bool:
    with refusals(form, REFUSALS) as outcome:
        inspectors.grant(
            db.current(),
            access.parts().keyring,
            access.actor(),
            name=form.name.data,
            phone=form.phone.data,
            organisation_id=form.place,
            last_day=form.last_day.data,
            now=clock.now(),
        )
    return not outcome.failed


@bp.post("/<uuid:grant_id>/revocation")
def revoke(grant_id: uuid.UUID) -> Any:
    """Takes an inspector's leave back at once."""
    inspectors.revoke(db.current(), access.actor(), grant_id, now=clock.now())
    flash(_("已收回，对方所有设备都已退出登录。"), "success")
    return redirect(url_for(".index"), 303)
