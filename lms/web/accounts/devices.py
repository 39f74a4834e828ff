"""What kind of device somebody signs in with: kept as a short code, shown in words."""

from flask_babel import gettext as _

WECHAT = "wechat"
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


def words(code: str) -> str:
    """The code as people say it: 安卓手机（微信）."""
    kind, _space, wechat = code.partition(" ")
    if kind == WECHAT:
        return str(_("微信"))
    names = {"tablet": _("平板"), "iphone": _("苹果手机"), "android": _("安卓手机"), "computer": _("电脑")}
    name = names.get(kind, _("其他设备"))
    return str(_("%(device)s（微信）", device=name) if wechat else name)
