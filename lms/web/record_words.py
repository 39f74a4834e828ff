"""Completion records in plain words: states and reasons. One table for all readers."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

STATES: Mapping[str, tuple[Any, str]] = {
    "valid": (_("记录有效"), "good"),
    "superseded": (_("已被新的记录代替"), "warn"),
    "revoked": (_("记录已撤销"), "bad"),
    "expired": (_("记录已过有效期"), "warn"),
}

REASONS: Mapping[str, Any] = {
    "issued": _("学习完成，系统生成"),
    "mistake": _("记录的内容有错"),
    "identity": _("不是本人学的，或者身份不符"),
    "fraud": _("学习或考试作假"),
    "annulled": _("培训或考试被取消"),
    "corrected": _("内容更正以后重新生成"),
    "renewed": _("同一门课有了更新的记录"),
    "lapsed": _("有效期满"),
}


def state(code: str) -> tuple[str, str]:
    """What a record is now, and the kind of its badge."""
    words, kind = STATES[code]
    return str(words), kind
