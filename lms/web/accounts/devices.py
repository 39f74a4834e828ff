"""What kind of device somebody signs in with: kept as a short code, shown in words."""

import secrets
from http import HTTPStatus

from flask import Response, after_this_request, current_app, request
from flask_babel import gettext as _

from lms.crypto import digest

WECHAT = "wechat"
MARK = "device"
MARK_SECONDS = 365 * 86_400
KINDS = (
    ("iPad", "tablet"),
    ("iPhone", "iphone"),
    ("HarmonyOS", "android"),
    ("OpenHarmony", "android"),
    ("Android", "android"),
    ("Windows", "computer"),
    ("Macintosh", "computer"),
    ("X11", "computer"),
)


def kind_of(user_agent: str) -> str:
    """A short code such as `android wechat`; empty for what we do not know."""
    kind = next((code for sign, code in KINDS if sign in user_agent), "")
    return f"{kind} {WECHAT}".strip() if "MicroMessenger" in user_agent else kind


def mark() -> str:
    """Digest of the random word by which this browser is known again at the next login, whoever signs in with it
    (decision 0187). The word says nothing else and goes with the browser's data; "" is kept of no browser."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    name = f"__Host-{MARK}" if secure else MARK
    word = request.cookies.get(name, "")
    if not 20 <= len(word) <= 60:
        word = secrets.token_urlsafe(24)

    @after_this_request
    def keep(answer: Response) -> Response:
        if answer.status_code < HTTPStatus.BAD_REQUEST:  # who does not get in leaves nothing in the browser
            answer.set_cookie(name, word, max_age=MARK_SECONDS, httponly=True, samesite="Lax", secure=secure, path="/")
        return answer

    return digest(word)


def words(code: str) -> str:
    """The code as people say it: 安卓手机（微信）."""
    kind, _space, wechat = code.partition(" ")
    if kind == WECHAT:
        return str(_("微信"))
    names = {"tablet": _("平板"), "iphone": _("苹果手机"), "android": _("安卓手机"), "computer": _("电脑")}
    name = names.get(kind, _("其他设备"))
    return str(_("%(device)s（微信）", device=name) if wechat else name)
