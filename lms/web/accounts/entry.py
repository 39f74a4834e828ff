"""Coming in and going out: a fresh cookie at every sign-in, and only local addresses to go on to."""

from typing import Any

from flask import redirect, request, session, url_for
from flask_login import current_user, login_user

from lms import clock, db
from lms.services import accounts, activation
from lms.web import access
from lms.web.pages import home_url, local_path

KEPT = ("language",)


def enter(token: str) -> Any:
    """Signs this browser in and goes to where she was going; what the cookie held before is dropped."""
    user = access.load_user(token)
    renew()
    login_user(user)
    is_staff = bool(access.actor().roles)
    session.permanent = not is_staff  # a learner's cookie outlives WeChat being closed
    session["staff"] = is_staff
    session["seen_at"] = int(clock.now().timestamp())
    after = local_path(request.args.get("next"))
    if not is_staff and activation.next_step(db.current(), access.actor()) is not None:
        return redirect(url_for("learner_welcome.index", next=after), 303)
    return redirect(after or home_url(), 303)


def leave() -> Any:
    """Ends this device's login on the server, and empties the cookie."""
    if current_user.is_authenticated:
        accounts.sign_out(db.current(), current_user.token, now=clock.now())
    renew()
    return redirect(url_for("accounts.login"), 303)


def renew() -> None:
    """Empties the cookie but for the choice of language, CSRF secret included."""
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update(kept)
