"""Signing in, by password or by a code sent to the phone, and signing out."""

import uuid
from datetime import datetime
from typing import Any, TypedDict

from flask import redirect, request, session, url_for
from flask_login import current_user

from lms import clock, db
from lms.domain.errors import Refused
from lms.services import accounts
from lms.web import access, limits
from lms.web.accounts import devices, mine
from lms.web.accounts.answers import page, refused
from lms.web.accounts.entry import enter, leave
from lms.web.accounts.forms import CodeForm, PasswordForm, PhoneForm
from lms.web.pages import home_url, local_path

bp = access.blueprint("accounts", __name__, access.PUBLIC, url_prefix="/accounts")
bp.register_blueprint(mine.bp)

LOGIN, ASK, ENTER = "accounts/login.html", "accounts/code_request.html", "accounts/code_entry.html"
REQUEST = "code_request"  # in the cookie: a code is good only in the browser that asked for it


@bp.route("/login", methods=["GET", "POST"])
@limits.limiter.limit(limits.SIGN_IN, methods=["POST"])
def login() -> Any:
    """Phone and password."""
    form = PasswordForm()
    if current_user.is_authenticated:
        return redirect(_next() or home_url(), 303)
    if not form.validate_on_submit():
        return page(LOGIN, form)
    outcome = accounts.sign_in_with_password(
        db.current(), access.parts().keyring, phone=form.phone.data, password=form.password.data, **_here()
    )
    if isinstance(outcome, Refused):
        return refused(LOGIN, form, form.password, outcome)
    return enter(outcome)


@bp.route("/login/code", methods=["GET", "POST"])
@limits.limiter.limit(limits.SIGN_IN, methods=["POST"])
def login_code() -> Any:
    """Where to send a code; the answer is the same whether or not the phone has an account."""
    form = PhoneForm()
    if not form.validate_on_submit():
        return page(ASK, form)
    outcome = accounts.request_code(db.current(), access.parts().keyring, phone=form.phone.data, now=clock.now())
    if isinstance(outcome, Refused):
        return refused(ASK, form, form.phone, outcome)
    return _wait_for(outcome)


@bp.route("/login/code/entry", methods=["GET", "POST"])
@limits.limiter.limit(limits.SIGN_IN, methods=["POST"])
def enter_code() -> Any:
    """The digits from the text message."""
    form, request_id = CodeForm(), _request_id()
    phone = accounts.masked_phone(db.current(), access.parts().keyring, request_id)
    if phone is None:
        return redirect(url_for("accounts.login_code", next=_next()), 303)
    if not form.validate_on_submit():
        return page(ENTER, form, phone=phone)
    outcome = accounts.sign_in_with_code(
        db.current(), access.parts().keyring, request_id, code=form.code.data, **_here()
    )
    if isinstance(outcome, Refused):
        return refused(ENTER, form, form.code, outcome, phone=phone)
    return enter(outcome)


@bp.post("/login/code/resends")
@limits.limiter.limit(limits.SIGN_IN)
def resend_code() -> Any:
    """Another code to the same phone."""
    keyring, request_id = access.parts().keyring, _request_id()
    outcome = accounts.request_again(db.current(), keyring, request_id, now=clock.now())
    if isinstance(outcome, uuid.UUID):
        return _wait_for(outcome)
    phone = accounts.masked_phone(db.current(), keyring, request_id)
    form = CodeForm(formdata=None)
    return refused(ENTER, form, form.code, outcome, phone=phone)


@bp.post("/logout")
def logout() -> Any:
    """Ends this device's login; for somebody who is not signed in, changes nothing."""
    return leave()


class Here(TypedDict):
    """When and on what kind of device somebody signs in, and the mark of its browser."""

    now: datetime
    device: str
    device_mark: str


def _here() -> Here:
    kind = devices.kind_of(request.user_agent.string)
    return Here(now=clock.now(), device=kind, device_mark=devices.mark())


def _next() -> str | None:
    return local_path(request.args.get("next"))


def _request_id() -> uuid.UUID:
    return uuid.UUID(session.get(REQUEST) or str(uuid.UUID(int=0)))


def _wait_for(request_id: uuid.UUID) -> Any:
    session[REQUEST] = str(request_id)
    return redirect(url_for("accounts.enter_code", next=_next()), 303)
