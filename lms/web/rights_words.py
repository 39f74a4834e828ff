"""Rights over own data in plain words: kinds and states of wishes, rules of retention, refusals, cases she opens."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from lms.domain.errors import NotFound
from lms.domain.notices import Notice, Purpose
from lms.services import consents
from lms.web.language import is_english

SENTENCES: Mapping[str, Any] = {
    "activation_needed": _("这个班要先确认姓名和证件号码才能学。请打开“我的信息”，花一分钟确认一下。"),
    "activation_what": _("请选一项：哪里不对。"),
    "person_restricted": _("您已要求删除信息，现在不能学习。想接着学，请到“我的信息”撤回这个要求。"),
    "request_running": _("您已经提过这件事，正在处理。"),
    "request_closed": _("这件事已经办完了。"),
    "request_own": _("不能处理自己提出的事。"),
    "closing_staff": _("您的账号也用来工作，请先请管理员取消您的工作职务。"),
    "erasure_too_early": _("按规定还要保存，现在不能删除。"),
    "erasure_second_person": _("同意删除要两个人，请另一位平台工作人员来。"),
    "statement_disputed": _("这一行您已经提过，正在核实。"),
    "retention_rule": _("没有这一条保存规定。"),
    "retention_months": _("保存期限要在 %(least)s 到 %(most)s 个月之间，不能比法律规定的短。"),
    "retention_source": _("请写明出处：哪个文件、第几条，4 到 200 个字。"),
}

ASKED: Mapping[str, Any] = {
    "correction": _("更正信息"),
    "deletion": _("删除信息"),
    "closing": _("关闭账号，删除信息"),
}

STATES: Mapping[str, tuple[Any, str]] = {
    "open": (_("等待处理"), "warn"),
    "restricted": (_("只存档，不再使用"), "info"),
    "proposed": (_("一人已同意，等第二人"), "warn"),
    "erased": (_("已删除"), "good"),
    "answered": (_("已更正"), "good"),
    "refused": (_("没有更正"), "bad"),
    "withdrawn": (_("本人已撤回"), ""),
}

RULES: Mapping[str, Any] = {
    "training_records": _("培训档案：姓名、证件号码、学时、考试、考勤、结业"),
    "network_logs": _("登录记录：什么时候、用哪类设备登录"),
    "completion_records": _("结业记录旁边的姓名和证件号码（记录本身一直可以查验）"),
    "outside_certificates": _("别处的证书：编号、发证单位和自己填写的职业"),
    "share_links": _("分享的链接"),
    "sharing_records": _("提供记录：主管部门什么时候看过"),
}

PURPOSES: Mapping[str, Any] = {
    "notice": _("告知书"),
    "identity_number": _("使用证件号码"),
    "practice_picture": _("考核时拍照"),
    "financial_account": _("用银行账户收补贴"),
}

KNOWN: Mapping[str, tuple[Any, str]] = {
    "not_yet": (_("未激活"), "warn"),
    "confirmed": (_("已激活"), "good"),
    "disputed": (_("学员说信息不对"), "bad"),
}

WRONG: Mapping[str, Any] = {
    "name": _("姓名不对"),
    "number": _("证件号码不对"),
    "person": _("这不是我"),
}


def notice_of(purpose: str) -> Notice:
    """The text in force, in the reader's language."""
    return consents.text(Purpose(purpose), spoken())


def purpose_named(text: str) -> Purpose:
    """A purpose by its name in an address or a form. NotFound."""
    if text not in PURPOSES:
        raise NotFound
    return Purpose(text)


def spoken() -> str:
    """The reader's language, by the name that notices go by."""
    return "en" if is_english() else "zh"
