"""Completion records in plain words: states, reasons, proposals. One table for all readers."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lms.domain.frozen import hour_hundredths as hours  # noqa: F401  # templates call it
from lms.domain.frozen import title
from lms.web.language import is_english

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
    "lapsed": _("有效期满"),
}

KINDS: Mapping[str, Any] = {
    "revoke": _("撤销：这份记录不再有效"),
    "reissue": _("重新生成：按现在的学时和成绩，生成一份新的"),
}

DECISIONS: Mapping[str, tuple[Any, str]] = {"approved": (_("已通过"), "good"), "rejected": (_("没有通过"), "")}

SENTENCES: Mapping[str, Any] = {
    "record_own": _("不能处理自己的结业记录。"),
    "record_second_person": _("提出的人不能自己核对，请让另一位工作人员来。"),
    "record_decided": _("这件事已经有结论了。"),
    "record_proposal_waits": _("这份记录已经有人提出，正等第二个人核对。"),
    "record_state_closed": _("这份记录已经撤销或被代替，不能再改。"),
    "record_replaced": _("这门课已经有更新的记录，请打开新的那一份。"),
    "record_not_earned": _("按现在的学时和成绩，还不能结业，不能重新生成。"),
    "record_reason": _("请选一个原因。"),
    "record_backdated": _("时间比上一次变更还早，请过一会儿再试。"),
}
"""Joined into `wording` with all others."""


def course(facts: Mapping[str, Any]) -> str:
    """The title of the course as it was frozen, in the reader's language."""
    return title(facts, english=is_english())


def results(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Exam, practicals and classes in person, where the course has them and the record's format tells of them."""
    found = []
    if exam := facts.get("exam"):
        found.append((gettext("理论考试最好成绩"), gettext("%(n)s 分", n=exam["percent"])))
    if skills := facts.get("skills"):
        passed = sum(each["outcome"] == "passed" for each in skills)
        found.append((gettext("实操考核"), gettext("%(all)s 项，合格 %(n)s 项", n=passed, all=len(skills))))
    attendance = facts.get("attendance") or {}
    if held := attendance.get("held"):
        found.append((gettext("线下课"), gettext("%(all)s 次，到了 %(n)s 次", n=attendance["attended"], all=held)))
    return found


def state(code: str) -> tuple[str, str]:
    """What a record is now, and the kind of its badge."""
    words, kind = STATES[code]
    return str(words), kind


def decision(code: str | None) -> tuple[str, str]:
    """How far a proposal is, and the kind of its badge."""
    if code is None:
        return gettext("等第二个人核对"), "warn"
    words, kind = DECISIONS[code]
    return str(words), kind
