"""The own account: name and phone, language, password, and where one is signed in."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from lms import clock, db
from lms.services import accounts
from lms.web import access, limits
from lms.web.accounts import devices
from lms.web.accounts.answers import page, refused
from lms.web.accounts.forms import NewPasswordForm
from lms.web.pages import home_url
from lms.web.tabs import learner_tabs

bp = access.blueprint("mine", __name__, access.SIGNED_IN)

TEMPLATE = "accounts/password.html"
AT_CURRENT = ("current_password_wrong", "sign_in_cooling")


@bp.get("/me")
def index() -> str:
    """我的."""
    account_id, token = access.actor().account_id, current_user.token
    profile = accounts.profile(db.current(), access.parts().keyring, account_id, token, now=clock.now())
    return render_template(
        "accounts/me.html",
        profile=profile,
        words=devices.words,
        has_person=access.actor().person_id is not None,
        **_around(),
    )


@bp.route("/password", methods=["GET", "POST"])
@limits.limiter.limit(limits.SIGN_IN, methods=["POST"])
def password() -> Any:
    """Sets or changes the own password; every other login ends."""
    form, whose = NewPasswordForm(), _whose()
    facts = {"ask_current": accounts.needs_current(db.current(), **whose), **_around()}
    if not form.validate_on_submit():
        return page(TEMPLATE, form, **facts)
    outcome = accounts.change_password(
        db.current(), access.parts().keyring, current=form.current.data or "", new=form.new.data, **whose
    )
    if outcome is not None:
        field = form.current if outcome.code in AT_CURRENT else form.new
        return refused(TEMPLATE, form, field, outcome, **facts)
    flash(_("新密码已保存。其他手机和电脑已退出登录。"), "success")
    return redirect(url_for(".index"), 303)


@bp.post("/me/departures")
def leave_others() -> Any:
    """Ends the logins on all other devices."""
    accounts.sign_out_everywhere(db.current(), access.actor().account_id, keep=current_user.token, now=clock.now())
    flash(_("其他手机和电脑已退出登录。"), "success")
    return redirect(url_for(".index"), 303)


def _whose() -> dict[str, Any]:
    return {"account_id": access.actor().account_id, "token": current_user.token, "now": clock.now()}


def _around() -> dict[str, Any]:
    """The bar of the page: a learner's four places, or the way back to a desk."""
    is_staff = bool(access.actor().roles)
    desk = {"label": _("工作台"), "href": home_url(), "icon": "home", "current": False}
    tabs = learner_tabs("me")
    return {"nav": [desk, tabs[-1]] if is_staff else tabs, "is_staff": is_staff}
