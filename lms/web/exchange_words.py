"""The exchange with other systems in plain words: refusals, scopes, events, what became of a delivery."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

SENTENCES: Mapping[str, Any] = {
    "service_name_length": _("请填写名称，不超过 %(longest)s 个字。"),
    "service_name_strange_sign": _("名称里有看不见的符号，请重新输入。"),
    "service_scopes_missing": _("请至少勾选一项权限。"),
    "service_scope_not_for_role": _("主管部门的服务账号只能读，不能写。"),
    "service_rate_range": _("每分钟次数请填 %(least)s 到 %(most)s。"),
    "service_role": _("请选择给谁用：一个机构，或者主管部门。"),
    "service_ended": _("这个服务账号已经停用。"),
    "service_lifetime": _("请选择令牌的有效期。"),
    "service_too_many_tokens": _("一个服务账号最多有 %(most)s 个有效的令牌，请先停用不用的。"),
    "scope_needed": _("这个令牌没有 %(scope)s 权限。"),
    "not_for_programs": _("服务账号的令牌不能用在这里。"),
    "program_too_many_requests": _(
        "请求太频繁：这个服务账号每分钟最多 %(most)s 次。请等 %(retry_after_seconds)s 秒再试。"
    ),
    "cursor_unknown": _("这个位置我们不认识，请从头读起。"),
    "webhook_address_shape": _("这个网址不完整，或者有不该有的符号。"),
    "webhook_address_scheme": _("网址要以 https:// 开头。"),
    "webhook_address_port": _("只能用 443 或 80 端口。"),
    "webhook_events_missing": _("请至少勾选一种消息。"),
    "webhook_too_many": _("一个机构最多有 %(most)s 个有效的推送地址。"),
    "webhook_ended": _("这个推送地址已经停用。"),
}

SCOPES: Mapping[str, Any] = {
    "read:cohorts": _("读班期"),
    "read:learners": _("读学员（姓名、证件号、手机号打码）"),
    "read:enrollments": _("读报名"),
    "read:completion": _("读结业结论和原因"),
    "read:study-time": _("读有效学习时长"),
    "read:certificates": _("读结业记录"),
    "read:attendance": _("读出勤"),
    "read:scores": _("读成绩"),
    "write:enrollments": _("添加、移出学员"),
}

EVENTS: Mapping[str, Any] = {
    "cohort.changed": _("班期新建或改动"),
    "enrollment.created": _("学员加入班期"),
    "enrollment.changed": _("报名改动"),
    "enrollment.removed": _("学员移出班期"),
    "attendance.changed": _("出勤有变化"),
    "score.changed": _("成绩有变化"),
    "certificate.issued": _("发出结业记录"),
    "certificate.changed": _("结业记录被撤销、更换或到期"),
    "test": _("测试消息"),
}

ROLES: Mapping[str, Any] = {"institution": _("机构"), "inspector": _("检查（只读）"), "officer": _("主管部门（只读）")}

STATES: Mapping[str, tuple[Any, str]] = {
    "waiting": (_("等待发送"), "info"),
    "delivered": (_("已送达"), "good"),
    "failed": (_("没送到，已停止"), "bad"),
}

PROBLEMS: Mapping[str, Any] = {
    "refused": _("对方没有接受"),
    "not_resolved": _("网址找不到"),
    "address_not_open": _("网址指向内部地址，不能发送"),
    "not_connected": _("连不上对方"),
    "no_certificate": _("对方的证书有问题"),
    "too_slow": _("对方太慢"),
    "no_answer": _("对方没有回答"),
}


def problem(code: str) -> Any:
    """Why a try failed, in words; a refusal of the address by the rules in its own."""
    return PROBLEMS.get(code) or SENTENCES.get(code, code)
