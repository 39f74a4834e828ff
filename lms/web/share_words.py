"""What pages say of the links by which learners show their records."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from lms.domain.shares import Reader, State

READERS: Mapping[Reader, Any] = {
    Reader.EMPLOYER: _("给用人单位"),
    Reader.INSTITUTION: _("给培训机构"),
    Reader.OFFICE: _("给政府部门"),
    Reader.OTHER: _("给别的人"),
}

DAYS: Mapping[int, Any] = {
    1: _("一天"),
    7: _("一个星期"),
    30: _("一个月（30 天）"),
    90: _("三个月（90 天）"),
}

STATES: Mapping[State, tuple[Any, str]] = {
    State.OPEN: (_("能打开"), "good"),
    State.EXPIRED: (_("已到期"), ""),
    State.REVOKED: (_("已收回"), ""),
}

SENTENCES: Mapping[str, Any] = {
    "share_reader": _("请选一选，这个链接给谁看。"),
    "share_days": _("请选一选，链接几天以后失效。"),
    "share_nothing": _("请至少勾选一份记录。"),
    "share_record": _("勾选的记录里有一份不是您的，请刷新页面再选。"),
    "share_too_long": _("一个链接最多放 %(most)s 份记录。"),
    "share_restricted": _("您的信息现在只存档，记录不能再给别人看。"),
    "share_too_many": _("您已经有 %(most)s 个还能打开的链接。请先收回不用的。"),
}
