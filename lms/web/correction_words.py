"""Corrections in plain words. One table for all readers."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

KINDS: Mapping[str, Any] = {"void": _("减去几段学时"), "credit": _("补记学时")}

CLASSES: Mapping[str, Any] = {
    "attended": _("面授：当面上的课，有签到材料"),
    "imported": _("导入：从别的系统转来，有证明材料"),
}

DECISIONS: Mapping[str, tuple[Any, str]] = {"approved": (_("已通过"), "good"), "rejected": (_("没有通过"), "")}


def position(milliseconds: int) -> str:
    """A place in a lesson as players show it: 3:05."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{minutes}:{seconds:02}"


def state(decision: str | None) -> tuple[str, str]:
    """How far a correction is, and the kind of its badge."""
    if decision is None:
        return gettext("等第二个人核对"), "warn"
    words, kind = DECISIONS[decision]
    return str(words), kind
